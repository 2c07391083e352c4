import { createHmac, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { SigningKey } from "../../src/sigv4/signing-key.ts";

it("signs as HMAC-SHA256 does, whatever the lengths of key and text", () => {
  for (const keyLength of [0, 1, 31, 32, 63, 64]) {
    const bytes = randomBytes(keyLength);
    const key = new SigningKey(bytes);
    // The second last fits the shared buffer exactly, the last does not fit any more.
    for (const length of [0, 1, 55, 56, 64, 137, 4096, 4097]) {
      const text = randomBytes(length).toString("latin1");
      expect(key.sign(text)).toEqual(createHmac("sha256", bytes).update(text, "latin1").digest());
    }
  }
});

it("refuses a key that HMAC would hash first", () => {
  expect(() => new SigningKey(new Uint8Array(65))).toThrow(RangeError);
});
