/**
 * A refusal in the service's own words: what the client sees and nothing else. A private cause, for the log, goes in
 * `cause`.
 */
export class Fault extends Error {
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Only a few dispatch faults have no message element at all. */
  readonly hasMessage: boolean;
  constructor(code: string, status: number, message?: string, options?: { cause?: unknown }) {
    super(message ?? "", options);
    this.name = "Fault";
    this.code = code;
    this.status = status;
    this.hasMessage = message !== undefined;
  }
}
