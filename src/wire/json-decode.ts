import { isAscii, isUtf8 } from "node:buffer";
import { Fault } from "../contracts/fault.ts";
import type { Shape, StructureShape } from "../contracts/model.ts";
import { parseBlob, parseTimestamp } from "./scalar.ts";

/**
 * The json-1.1 protocol's input, bound to a shape. `null` is the same as absent and unknown members are ignored, as in
 * AWS; a value of another type than the shape's is a SerializationException.
 */

/** No contract nests deeper; only a `document` could, and its depth is somebody's recursion. */
const MAX_DEPTH = 64;

/**
 * Bytes of a body: three times the most that an operation takes, in a text of any script. Of ten megabytes a parser makes
 * millions of objects, which takes seconds.
 */
const MAX_BYTES = 1_048_576;

function unreadable(message: string, cause?: unknown): Fault {
  return new Fault("SerializationException", 400, message, cause === undefined ? undefined : { cause });
}

/**
 * Where the value stands, for messages: names of members and keys, indexes of lists; empty for the whole input. One list
 * for all of an input, grown and shrunk on the way: most inputs are good, and a text for each value would be for nothing.
 */
type Path = (string | number)[];
type Decode = (value: unknown, path: Path) => unknown;

/** `Request.Headers[1].Name` */
function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

function refuse(path: Path, wanted: string): never {
  throw unreadable(`${path.length === 0 ? "The request body" : pathText(path)} must be ${wanted}.`);
}

/** Lone surrogates can be written in JSON escapes but in no encoding of text: what would be stored is something else. */
function wellFormed(value: string, path: Path): string {
  if (!value.isWellFormed()) throw unreadable(`${pathText(path)} has a surrogate that stands alone.`);
  return value;
}

function decodeString(value: unknown, path: Path): string {
  return typeof value === "string" ? wellFormed(value, path) : refuse(path, "a string");
}

function decodeInteger(value: unknown, path: Path): number {
  return Number.isSafeInteger(value) ? (value as number) : refuse(path, "an integer");
}

function decodeDouble(value: unknown, path: Path): number {
  return typeof value === "number" ? value : refuse(path, "a number");
}

function decodeBoolean(value: unknown, path: Path): boolean {
  return typeof value === "boolean" ? value : refuse(path, "a boolean");
}

/** Seconds since 1970, with a fraction if one likes (the protocol's own form), or ISO 8601. */
function decodeTimestamp(value: unknown, path: Path): Date {
  const wanted = "a timestamp: seconds since 1970, or ISO 8601";
  if (typeof value === "number") {
    const instant = new Date(value * 1000);
    return Number.isNaN(instant.getTime()) ? refuse(path, wanted) : instant;
  }
  return orRefuse(parseTimestamp, value, path, wanted);
}

function decodeBlob(value: unknown, path: Path): Uint8Array {
  return orRefuse(parseBlob, value, path, "base64 text");
}

function orRefuse<T>(parse: (text: string) => T, value: unknown, path: Path, wanted: string): T {
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
      if (item === undefined || item === null) continue;
      path.push(name);
      structure[name] = decode(item, path);
      path.pop();
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
        return value.map((item, index) => {
          path.push(index);
          const decoded = decode(item, path);
          path.pop();
          return decoded;
        });
      };
    }
    case "map": {
      const decode = decoder(shape.value);
      return (value, path) => {
        if (!isRecord(value)) return refuse(path, "an object");
        const map = Object.create(null) as Record<string, unknown>;
        for (const [key, item] of Object.entries(value)) {
          wellFormed(key, path);
          path.push(key);
          map[key] = decode(item, path);
          path.pop();
        }
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

function textOf(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Nearly all bodies are, and their bytes need no decoding.
  if (isAscii(bytes)) return bytes.toString("latin1");
  if (!isUtf8(bytes)) throw unreadable("The request body is not UTF-8.");
  return bytes.toString("utf8");
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  if (body.length > MAX_BYTES) throw unreadable(`The request body is larger than ${MAX_BYTES} bytes.`);
  const text = textOf(body);
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
  return (body) => decode(parse(body), []) as Record<string, unknown>;
}
