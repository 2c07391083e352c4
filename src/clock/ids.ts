import { accessKeyId, idRandomBytes, uniqueId } from "../arn/unique-id.ts";
import type { AccessKeyPrefix, UniqueIdPrefix } from "../arn/unique-id.ts";
import type { Random } from "./random.ts";

/** Makes every identifier that rolecall hands out, from one source of randomness. */
export interface Ids {
  uniqueId(prefix: UniqueIdPrefix, account: string): string;
  accessKeyId(prefix: AccessKeyPrefix, account: string): string;
  /** 40 characters of base64 alphabet, as AWS's secret access keys have. */
  secretAccessKey(): string;
  /** A version 4 UUID: request ids and event ids. */
  uuid(): string;
  /** 16 hex characters: session ids. */
  sessionId(): string;
}

export function createIds(random: Random): Ids {
  return {
    uniqueId: (prefix, account) => uniqueId(prefix, account, random.bytes(idRandomBytes)),
    accessKeyId: (prefix, account) => accessKeyId(prefix, account, random.bytes(idRandomBytes)),
    secretAccessKey: () => Buffer.from(random.bytes(30)).toString("base64"),
    uuid: () => uuid(random.bytes(16)),
    sessionId: () => Buffer.from(random.bytes(8)).toString("hex"),
  };
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** RFC 9562, version 4. */
function uuid(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
    const byte = bytes[index]!;
    text += hex[index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte];
  }
  return text;
}
