import type { Kind } from "./kind.ts";

/** A setting, declared once: its name in the file gives those of its flag and of its environment variable. */
export interface Declaration<T> {
  /** The key in the configuration file, e.g. `port`, `tls.cert`. */
  readonly key: string;
  readonly kind: Kind<T>;
  readonly fallback: T | null;
  readonly describe: string;
  /** A value that would do, as a flag has it. */
  readonly example: string;
  /** Its value is never shown. */
  readonly secret: boolean;
  /** Where it may be given. A secret that opens stored data has no place on a command line or in a shared file. */
  readonly sources: { readonly flag: boolean; readonly environment: boolean; readonly file: boolean };
}

type Facts<T> = Pick<Declaration<T>, "describe" | "example"> & Partial<Pick<Declaration<T>, "secret" | "sources">>;

const everywhere = { flag: true, environment: true, file: true };

/** A setting that always has a value. */
export function setting<T>(key: string, kind: Kind<T>, fallback: T, facts: Facts<T>): Declaration<T> & { fallback: T } {
  return { key, kind, fallback, secret: false, sources: everywhere, ...facts };
}

/** A setting that may be absent. */
export function optionalSetting<T>(key: string, kind: Kind<T>, facts: Facts<T>): Declaration<T> & { fallback: null } {
  return { key, kind, fallback: null, secret: false, sources: everywhere, ...facts };
}

/** `tls.cert` → `tls-cert`, `quotas.usersPerAccount` → `quotas-users-per-account` */
export function flagName(key: string): string {
  return key.replaceAll(".", "-").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `dataDir` → `ROLECALL_DATA_DIR` */
export function environmentName(key: string): string {
  return `ROLECALL_${flagName(key).replaceAll("-", "_").toUpperCase()}`;
}
