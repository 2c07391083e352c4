import { deflateRawSync, inflateRawSync } from "node:zlib";

import { jsonText } from "../wire/json-text.ts";
import { SchemaError } from "./token-schema.ts";

/**
 * The content of a token: version (1 byte), flags (1), length of the head (2), of the context (2) and of the policies
 * (4), then head, context and policies as JSON; the last two are each deflated where that makes them shorter. What
 * follows is padding for a caller who wants a longer token (MinimumSessionTokenSize).
 *
 * The head is never compressed: it holds the secret key, and the length of what is compressed together with chosen text
 * tells about it.
 */
export interface Sections {
  readonly head: unknown;
  readonly context: unknown;
  readonly policies: unknown;
}

const frameBytes = 10;
const contextDeflated = 1;
const policiesDeflated = 2;

/** Below this, deflating costs more time than the bytes are worth. */
const deflateFrom = 512;

/**
 * Bytes of the longest section before compression: fifty tags of 128 + 256 characters in one byte each, and a session
 * policy of 2,048. What deflates well must not hide how much memory it takes once it is opened: fifty tags of one emoji
 * over and over are 77 KB in a token of 962 characters. Inflating stops here too.
 */
const longestSection = 24 * 1024;

/**
 * @param leastBytes pads with zeros up to this length
 * @throws RangeError for a section that is longer than any session has
 */
export function packSections(version: number, sections: Sections, leastBytes = 0): Uint8Array {
  const head = json(sections.head);
  const context = compress(json(sections.context));
  const policies = compress(json(sections.policies));
  if (head.length > 0xffff || context.bytes.length > 0xffff) throw new RangeError("section too long");
  const used = frameBytes + head.length + context.bytes.length + policies.bytes.length;
  const bytes = Buffer.allocUnsafe(Math.max(used, leastBytes)).fill(0, used);
  bytes[0] = version;
  bytes[1] = (context.deflated ? contextDeflated : 0) | (policies.deflated ? policiesDeflated : 0);
  bytes.writeUInt16BE(head.length, 2);
  bytes.writeUInt16BE(context.bytes.length, 4);
  bytes.writeUInt32BE(policies.bytes.length, 6);
  bytes.set(head, frameBytes);
  bytes.set(context.bytes, frameBytes + head.length);
  bytes.set(policies.bytes, frameBytes + head.length + context.bytes.length);
  return bytes;
}

/** @throws SchemaError, SyntaxError (JSON), or zlib's own for damaged content */
export function unpackSections(version: number, bytes: Uint8Array): Sections {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < frameBytes || buffer[0] !== version || buffer[1]! > 3) throw new SchemaError();
  const headEnd = frameBytes + buffer.readUInt16BE(2);
  const contextEnd = headEnd + buffer.readUInt16BE(4);
  const policiesEnd = contextEnd + buffer.readUInt32BE(6);
  if (policiesEnd > buffer.length) throw new SchemaError();
  const flags = buffer[1]!;
  return {
    head: JSON.parse(buffer.toString("utf8", frameBytes, headEnd)),
    context: expand(buffer.subarray(headEnd, contextEnd), (flags & contextDeflated) !== 0),
    policies: expand(buffer.subarray(contextEnd, policiesEnd), (flags & policiesDeflated) !== 0),
  };
}

/** @throws RangeError */
function compress(plain: Buffer): { bytes: Uint8Array; deflated: boolean } {
  if (plain.length > longestSection) throw new RangeError("section too long");
  if (plain.length < deflateFrom) return { bytes: plain, deflated: false };
  const deflated = deflateRawSync(plain, { level: 9 });
  return deflated.length < plain.length ? { bytes: deflated, deflated: true } : { bytes: plain, deflated: false };
}

function expand(bytes: Buffer, deflated: boolean): unknown {
  if (bytes.length === 0) return null;
  const plain = deflated ? inflateRawSync(bytes, { maxOutputLength: longestSection }) : bytes;
  return JSON.parse(plain.toString("utf8"));
}

const nothing = Buffer.alloc(0);

/** Nothing becomes nothing. */
function json(value: unknown): Buffer {
  return value === null ? nothing : Buffer.from(jsonText(value), "utf8");
}
