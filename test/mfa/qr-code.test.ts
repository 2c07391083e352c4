import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { qrCodePng } from "../../src/mfa/qr-code.ts";
import { readQrCode } from "../harness/qr-code.ts";

test.each([
  "otpauth://totp/phone@111122223333?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  `otpauth://totp/${"n".repeat(213)}@111122223333?secret=${"A2".repeat(32)}`,
])("is read back by another's decoder: %s", (text) => {
  const png = qrCodePng(text);
  expect(readQrCode(png)).toBe(text);
  const { width, height, depth, color } = PNG.sync.read(Buffer.from(png)) as PNG & { depth: number; color: boolean };
  expect({ height, depth, color }).toEqual({ height: width, depth: 1, color: false });
});
