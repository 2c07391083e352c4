import { createHash, generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";

import { base32 } from "../../src/text/base32.ts";
import { certificateOf, isSelfIssued, pathLengthOf } from "../../src/x509/certificate.ts";
import { issue } from "../harness/certificate.ts";

const made = issue({ authority: true, pathLength: 3 });
const { cert } = made;
const lines = cert.trim().split("\n");
const content = lines.slice(1, -1).join("");
const framed = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

it("reads a certificate, whatever its lines are", () => {
  for (const pem of [cert, cert.trim(), `\n ${cert}\n\n`, cert.replaceAll("\n", "\r\n"), framed(content)]) {
    expect(certificateOf(pem)?.x509.raw.toString("base64")).toBe(content);
  }
  const { notBefore, notAfter } = certificateOf(cert)!;
  expect(notAfter - notBefore).toBe(2 * 86_400_000);
});

const changed = Buffer.from(content, "base64");
changed[1] = 0x80;

it.each([
  ["nothing", ""],
  ["words", "invalid-certificate-body"],
  ["two certificates", cert + cert],
  ["text before it", `subject=CN = x\n${cert}`],
  ["text behind it", `${cert}x`],
  ["another label", cert.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE")],
  ["no end", cert.slice(0, -30)],
  ["half of it", framed(content.slice(0, 200))],
  [
    "something behind it",
    framed(Buffer.concat([Buffer.from(content, "base64"), Buffer.from([5, 0])]).toString("base64")),
  ],
  ["a length that DER does not have", framed(changed.toString("base64"))],
  ["a character that Base64 does not have", cert.replace("M", "!")],
  ["a key", made.key.replaceAll("PRIVATE KEY", "CERTIFICATE")],
  ["an Ed25519 key in it", issue({ issuer: made, keys: generateKeyPairSync("ed25519") }).cert],
  ["an end before its beginning", issue({ from: 2, until: 1 }).cert],
])("is none: %s", (_, pem) => {
  expect(certificateOf(pem)).toBeNull();
});

it("knows how long a path below it may be", () => {
  expect(pathLengthOf(certificateOf(cert)!)).toBe(3);
  expect(pathLengthOf(certificateOf(issue({ authority: true }).cert)!)).toBeNull();
  expect(pathLengthOf(certificateOf(issue().cert)!)).toBeNull();
});

it("knows whether it bears its issuer's name", () => {
  expect(isSelfIssued(certificateOf(cert)!)).toBe(true);
  expect(isSelfIssued(certificateOf(issue({ name: "other", issuer: made }).cert)!)).toBe(false);
});

it("writes Base32 as RFC 4648 has it", () => {
  const vectors = ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"];
  for (const [length, text] of vectors.entries()) expect(base32(Buffer.from("foobar".slice(0, length)))).toBe(text);
  expect(base32(createHash("sha1").update("").digest())).toBe("3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
});
