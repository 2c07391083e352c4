import { createSecretKey } from "node:crypto";
import type { Settings } from "../../config/index.ts";
import type { Certificate } from "../../http/certificate.ts";
import type { MasterKey } from "../../seal/master-key.ts";
import type { FromFiles } from "../runtime.ts";

/**
 * What a worker is started with, over the pipe to it: all workers serve by the same settings and master key, also the
 * one that takes the place of another long after the files they came from have changed.
 */
export interface Assignment {
  /** From 1. */
  readonly number: number;
  readonly settings: Settings;
  /** As the owner has read it, and renews it. */
  readonly tls: Certificate | null;
  /** That certificates of issuers may be under; null for those that Node trusts by itself. */
  readonly authorities: readonly string[] | null;
  readonly masterKey: { readonly wrapping: string; readonly fingerprint: string; readonly source: string };
}

/** @param settings with the port that their 0 has become */
export function assignment(number: number, settings: Settings, { tls, key, authorities }: FromFiles): Assignment {
  const { wrapping, fingerprint, source } = key;
  return {
    number,
    settings: { ...settings, masterKey: null, masterKeyFile: null },
    tls,
    authorities,
    masterKey: { wrapping: wrapping.export().toString("base64"), fingerprint, source },
  };
}

export function masterKeyIn({ masterKey: { wrapping, fingerprint, source } }: Assignment): MasterKey {
  return { wrapping: createSecretKey(Buffer.from(wrapping, "base64")), fingerprint, source };
}
