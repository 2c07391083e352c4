import { randomFillSync } from "node:crypto";

/** Bytes of an AES-GCM initialization vector (NIST SP 800-38D §8.2.2: 96 random bits). */
export const ivBytes = 12;

const pool = new Uint8Array(ivBytes * 1024);
let used = pool.length;

/**
 * Writes a fresh random IV. Drawn in pools because one system call for each would cost more than the encryption. Straight
 * from the system, never from clock/'s Random: a seeded source would repeat IVs, and two texts under one IV are lost.
 */
export function writeRandomIv(target: Uint8Array, offset: number): void {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  target.set(pool.subarray(used, used + ivBytes), offset);
  used += ivBytes;
}
