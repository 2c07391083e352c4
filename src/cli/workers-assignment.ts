import { createSecretKey } from "node:crypto";
import type { Settings } from "../config/index.ts";
import type { MasterKey } from "../seal/master-key.ts";

/**
 * What a worker is started with, over the pipe to it: all workers serve by the same settings and master key, also the
 * one that takes the place of another long after the files they came from have changed.
 */
export interface Assignment {
  /** From 1. */
  readonly number: number;
  readonly settings: Settings;
  readonly masterKey: { readonly wrapping: string; readonly fingerprint: string; readonly source: string };
}

/** @param port that the settings' 0 has become */
export function assignment(number: number, settings: Settings, port: number, key: MasterKey): Assignment {
  const { wrapping, fingerprint, source } = key;
  return {
    number,
    settings: { ...settings, port, masterKey: null, masterKeyFile: null },
    masterKey: { wrapping: wrapping.export().toString("base64"), fingerprint, source },
  };
}

export function masterKeyIn({ masterKey: { wrapping, fingerprint, source } }: Assignment): MasterKey {
  return { wrapping: createSecretKey(Buffer.from(wrapping, "base64")), fingerprint, source };
}
