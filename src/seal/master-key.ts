import { createHmac, createSecretKey, hkdfSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { MasterKeyError, UnsealError, WrongMasterKeyError } from "./errors.ts";
import { decrypt, encrypt } from "./gcm.ts";
import type { RingKey } from "./ring-state.ts";
import type { RingPurpose } from "./ring-purpose.ts";

/** The key above the rings: it wraps their keys and nothing else. */
export interface MasterKey {
  /** Derived from the master key for wrapping alone. */
  readonly wrapping: KeyObject;
  /** Tells two master keys apart and reveals nothing of either; stored beside what is wrapped. 16 hex digits. */
  readonly fingerprint: string;
  /** Where it came from, for messages. */
  readonly source: string;
}

export const masterKeyBytes = 32;

/** @param material 32 bytes */
export function masterKey(material: Uint8Array, source: string): MasterKey {
  if (material.length !== masterKeyBytes) {
    throw new MasterKeyError(`the master key from ${source} has ${material.length} bytes; it must have 32`);
  }
  // Two uses, two keys (NIST SP 800-57 §5.2): the fingerprint is stored in the clear.
  const wrapping = createSecretKey(
    Buffer.from(hkdfSync("sha256", material, "", "rolecall master key: wrapping", masterKeyBytes)),
  );
  const check = createHmac("sha256", material).update("rolecall master key: fingerprint").digest("hex");
  return { wrapping, fingerprint: check.slice(0, 16), source };
}

/**
 * Holds the master key against the fingerprint stored with the wrapped keys, so that a wrong one is told plainly and not
 * as damaged data.
 * @param holder who has the right one, for the message
 * @throws WrongMasterKeyError
 */
export function checkMasterKey(master: MasterKey, storedFingerprint: string, holder = ""): void {
  if (master.fingerprint === storedFingerprint) return;
  throw new WrongMasterKeyError(
    `the master key from ${master.source} is not the one that this data was sealed with ` +
      `(its fingerprint is ${master.fingerprint}, the data's is ${storedFingerprint})${holder}; start with the original master key`,
  );
}

const wrapVersion = Uint8Array.of(1);

/** Seals a ring key's material for storage; bound to ring and key id. */
export function wrapKey(master: MasterKey, purpose: RingPurpose, key: Pick<RingKey, "id" | "material">): Uint8Array {
  if (key.material === null) throw new MasterKeyError(`key ${key.id} of ${purpose} is retired and has no material`);
  return encrypt(master.wrapping, wrapVersion, key.material.export(), wrapLabel(purpose, key.id));
}

/** @throws UnsealError where the wrapped key is damaged or was wrapped for another ring or id */
export function unwrapKey(master: MasterKey, purpose: RingPurpose, id: string, wrapped: Uint8Array): KeyObject {
  if (wrapped[0] !== wrapVersion[0]) throw new UnsealError();
  const material = decrypt(master.wrapping, wrapped, 1, wrapLabel(purpose, id));
  if (material.length !== 32) throw new UnsealError();
  return createSecretKey(material);
}

function wrapLabel(purpose: RingPurpose, id: string): string {
  return `rolecall:wrapped-key:1:${purpose}:${id}`;
}
