import type { KeyRing } from "../../seal/key-ring.ts";

/** What is given out to be brought back, and nobody else can read or make. */
export interface SealedTexts<T> {
  write(content: T): string;
  /** Null for anything that this did not write, or that was sealed with a key that is gone. */
  read(text: string): T | null;
}

/** @param purpose what it is good for, and whose: sealed for one, it opens for no other. No access key id has its form. */
export function sealedTexts<T>(ring: KeyRing, purpose: string): SealedTexts<T> {
  return {
    write: (content) => Buffer.from(ring.seal(Buffer.from(JSON.stringify(content)), purpose)).toString("base64url"),
    read(text) {
      try {
        return JSON.parse(Buffer.from(ring.open(Buffer.from(text, "base64url"), purpose)).toString()) as T;
      } catch {
        return null;
      }
    },
  };
}
