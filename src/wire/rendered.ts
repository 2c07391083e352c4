/** A response ready to be sent; the listener adds its length. */
export interface Rendered {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
