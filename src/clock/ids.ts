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

function uuid(bytes: Uint8Array): string {
  const raw = Buffer.from(bytes);
  raw[6] = (raw[6]! & 0x0f) | 0x40;
  raw[8] = (raw[8]! & 0x3f) | 0x80;
  const hex = raw.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
