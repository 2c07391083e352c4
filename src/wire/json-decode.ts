import { isUtf8 } from "node:buffer";
import { Fault } from "../contracts/fault.ts";
import type { Shape, StructureShape } from "../contracts/types.ts";
import { parseBlob, parseTimestamp } from "./scalar.ts";

/**
 * The json-1.1 protocol's input, bound to a shape. `null` is the same as absent and unknown members are ignored, as in
 * AWS; a value of another type than the shape's is a SerializationException.
 */

/** No contract nests deeper; only a `document` could, and its depth is somebody's recursion. */
const MAX_DEPTH = 64;

function unreadable(message: string, cause?: unknown): Fault {
  return new Fault("SerializationException", 400, message, cause === undefined ? undefined : { cause });
}

/** `path` names the value for messages; the empty path is the whole input. */
type Decode = (value: unknown, path: string) => unknown;

function refuse(path: string, wanted: string): never {
  throw unreadable(`${path === "" ? "The request body" : path} must be ${wanted}.`);
}

/** Lone surrogates can be written in JSON escapes but in no encoding of text: what would be stored is something else. */
function wellFormed(value: string, path: string): string {
  if (!value.isWellFormed()) throw unreadable(`${path} has a surrogate that stands alone.`);
  return value;
}

function decodeString(value: unknown, path: string): string {
  return typeof value === "string" ? wellFormed(value, path) : refuse(path, "a string");
}

function decodeInteger(value: unknown, path: string): number {
  return Number.isSafeInteger(value) ? (value as number) : refuse(path, "an integer");
}

function decodeDouble(value: unknown, path: string): number {
  return typeof value === "number" ? value : refuse(path, "a number");
}

function decodeBoolean(value: unknown, path: string): boolean {
  return typeof value === "boolean" ? value : refuse(path, "a boolean");
}

/** Seconds since 1970, with a fraction if one likes (the protocol's own form), or ISO 8601. */
function decodeTimestamp(value: unknown, path: string): Date {
  const wanted = "a timestamp: seconds since 1970, or ISO 8601";
  if (typeof value === "number") {
    const instant = new Date(value * 1000);
    return Number.isNaN(instant.getTime()) ? refuse(path, wanted) : instant;
  }
  return orRefuse(parseTimestamp, value, path, wanted);
}

function decodeBlob(value: unknown, path: string): Uint8Array {
  return orRefuse(parseBlob, value, path, "base64 text");
}

function orRefuse<T>(parse: (text: string) => T, value: unknown, path: string, wanted: string): T {
  if (typeof value !== "string") return refuse(path, wanted);
  try {
    return parse(value);
  } catch {
    return refuse(path, wanted);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeStructure(shape: StructureShape): Decode {
  const members = Object.entries(shape.members).map(([name, member]) => ({ name, decode: decoder(member.shape) }));
  return (value, path) => {
    if (!isRecord(value)) return refuse(path, "an object");
    const structure: Record<string, unknown> = {};
    for (const { name, decode } of members) {
      const item = Object.hasOwn(value, name) ? value[name] : undefined;
      if (item !== undefined && item !== null) structure[name] = decode(item, path === "" ? name : `${path}.${name}`);
    }
    return structure;
  };
}

function decoder(shape: Shape): Decode {
  switch (shape.type) {
    case "string":
      return decodeString;
    case "integer":
    case "long":
      return decodeInteger;
    case "double":
      return decodeDouble;
    case "boolean":
      return decodeBoolean;
    case "timestamp":
      return decodeTimestamp;
    case "blob":
      return decodeBlob;
    case "document":
      return (value) => value;
    case "structure":
      return decodeStructure(shape);
    case "list": {
      const decode = decoder(shape.member);
      return (value, path) => {
        if (!Array.isArray(value)) return refuse(path, "a list");
        return value.map((item, i) => decode(item, `${path}[${i}]`));
      };
    }
    case "map": {
      const decode = decoder(shape.value);
      return (value, path) => {
        if (!isRecord(value)) return refuse(path, "an object");
        const map = Object.create(null) as Record<string, unknown>;
        for (const [key, item] of Object.entries(value)) map[wellFormed(key, path)] = decode(item, `${path}.${key}`);
        return map;
      };
    }
  }
}

/** Whether brackets outside strings nest deeper than allowed. Linear, and before anything is built. */
function nestsTooDeep(text: string): boolean {
  return opens(text, "{") + opens(text, "[") > MAX_DEPTH && nests(text);
}

/** How often the bracket stands in the text, strings included; looked at no further than it takes to nest too deep. */
function opens(text: string, bracket: string): number {
  let count = 0;
  for (let at = text.indexOf(bracket); at >= 0 && count <= MAX_DEPTH; at = text.indexOf(bracket, at + 1)) count++;
  return count;
}

function nests(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === 0x5c) i++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (unit === 0x7d || unit === 0x5d) depth--;
  }
  return false;
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw unreadable("The request body is not UTF-8.");
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  if (nestsTooDeep(text)) throw unreadable(`The request body nests deeper than ${MAX_DEPTH} levels.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable("The request body is not JSON.", cause);
  }
}

/** Makes the decoder of an operation's input from a body's bytes; an empty body is an empty input. */
export function compileJsonInput(input: StructureShape): (body: Uint8Array) => Record<string, unknown> {
  const decode = decodeStructure(input);
  return (body) => decode(parse(body), "") as Record<string, unknown>;
}
