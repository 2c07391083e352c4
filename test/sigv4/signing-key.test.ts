import { createHmac, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { SigningKey } from "../../src/sigv4/signing-key.ts";

it("signs as HMAC-SHA256 does, whatever the lengths of key and text", () => {
  for (const keyLength of [0, 1, 31, 32, 63, 64, 65]) {
    const bytes = randomBytes(keyLength);
    const key = new SigningKey(bytes);
    for (const length of [0, 1, 55, 56, 64, 137, 4096, 4097]) {
      const text = randomBytes(length).toString("latin1");
      expect(key.sign(text)).toEqual(createHmac("sha256", bytes).update(text, "latin1").digest());
    }
  }
});
