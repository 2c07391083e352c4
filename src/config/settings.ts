import type { Quotas } from "../operation/quotas.ts";
import type { declarations } from "./declarations.ts";
import type { Declaration } from "./declaration.ts";
import type { NamedAccount } from "./kind.ts";

type Declarations = typeof declarations;
type ValueOf<D> = D extends Declaration<infer T> & { fallback: infer F } ? (F extends null ? T | null : T) : never;

/** All settings, with their values. */
export type Settings = {
  readonly [K in Exclude<keyof Declarations, "tlsCert" | "tlsKey">]: ValueOf<Declarations[K]>;
} & {
  readonly quotas: Quotas;
  /** Paths of PEM files. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** The configuration file that was read, as it was named. */
  readonly file: string | null;
};

export type { NamedAccount };

/** Whether an address is reached from this machine alone (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
