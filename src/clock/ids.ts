import { accessKeyId, idRandomBytes, samlId, uniqueId } from "../arn/unique-id.ts";
import type { AccessKeyPrefix, UniqueIdPrefix } from "../arn/unique-id.ts";
import type { Random } from "./random.ts";

/** Makes every identifier that rolecall hands out, from one source of randomness. */
export interface Ids {
  uniqueId(prefix: UniqueIdPrefix, account: string): string;
  accessKeyId(prefix: AccessKeyPrefix, account: string): string;
  /** Of a SAML provider, or of a private key of one. */
  samlId(prefix: "SAMLSP" | "SAMLPK"): string;
  /** 40 characters of base64 alphabet, as AWS's secret access keys have. */
  secretAccessKey(): string;
  /** 40 bytes, 64 characters in Base32: what a virtual MFA device makes its codes from. */
  mfaSeed(): Uint8Array;
  /** 60 characters of base64 alphabet, as the passwords of service-specific credentials have at AWS. */
  servicePassword(): string;
  /** A version 4 UUID: request ids and event ids. */
  uuid(): string;
  /** 16 hex characters: session ids. */
  sessionId(): string;
}

export function createIds(random: Random): Ids {
  return {
    uniqueId: (prefix, account) => uniqueId(prefix, account, random.bytes(idRandomBytes)),
    accessKeyId: (prefix, account) => accessKeyId(prefix, account, random.bytes(idRandomBytes)),
    samlId: (prefix) => samlId(prefix, random.bytes(16)),
    secretAccessKey: () => Buffer.from(random.bytes(30)).toString("base64"),
    mfaSeed: () => random.bytes(40),
    servicePassword: () => Buffer.from(random.bytes(45)).toString("base64"),
    uuid: () => uuid(random.bytes(16)),
    sessionId: () => Buffer.from(random.bytes(8)).toString("hex"),
  };
}

const digits = Buffer.from("0123456789abcdef");
/** Where a UUID is written before it becomes one flat text: twenty pieces put together would be copied many times. */
const written = Buffer.from("00000000-0000-0000-0000-000000000000");
/** Where in it each byte's two digits stand. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** RFC 9562, version 4. */
function uuid(bytes: Uint8Array): string {
  for (let index = 0; index < 16; index++) {
    const random = bytes[index]!;
    const byte = index === 6 ? (random & 0x0f) | 0x40 : index === 8 ? (random & 0x3f) | 0x80 : random;
    const place = places[index]!;
    written[place] = digits[byte >> 4]!;
    written[place + 1] = digits[byte & 15]!;
  }
  return written.toString("latin1");
}
