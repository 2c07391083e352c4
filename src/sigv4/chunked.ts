import { timingSafeEqual } from "node:crypto";

import { Fault } from "../contracts/fault.ts";
import { canonicalValue } from "./canonical-headers.ts";
import { signatureDoesNotMatch } from "./faults.ts";
import { emptyHash, sha256BytesHex, sha256Hex } from "./hash.ts";
import type { SigningKey } from "./signing-key.ts";

/**
 * Bodies signed chunk by chunk (Amazon S3 "Signature Calculations for the Authorization Header: Transferring Payload in
 * Multiple Chunks", and the same "Including trailing headers"):
 *
 *     hex-size;chunk-signature=64 hex digits CR LF  data CR LF  …  0;chunk-signature=… CR LF  [trailers]  CR LF
 *
 * Each chunk's signature covers its data and the signature before it, the first one the request's own ("seed").
 */
export interface ChunkSeed {
  readonly key: SigningKey;
  /** Of the request, ISO 8601 basic. */
  readonly timestamp: string;
  /** date/region/service/aws4_request */
  readonly scope: string;
  /** The signature of the request, once verified. */
  readonly signature: string;
}

export interface ChunkedOptions {
  /** Whether trailing headers and their signature follow the last chunk (…-PAYLOAD-TRAILER). */
  readonly trailer: boolean;
  /** x-amz-decoded-content-length: what all chunks must come to. */
  readonly decodedLength: number;
  /** Data is held back until its signature is known: the most that is held, in bytes. */
  readonly longestChunk?: number;
}

/** The longest chunk header and the longest list of trailers: enough for checksums, small enough to hold. */
const longestLine = 1024;
const longestTrailer = 16 * 1024;

type Step = "header" | "data" | "trailer" | "done";

/** Decodes and verifies such a body as it arrives; nothing is handed on that is not verified. */
export class ChunkedVerifier {
  readonly #seed: ChunkSeed;
  readonly #options: Required<ChunkedOptions>;
  #previous: string;
  #step: Step = "header";
  #pending: Buffer = Buffer.alloc(0);
  #parts: Uint8Array[] = [];
  #pendingLength = 0;
  #need = 0;
  #size = 0;
  #signature = "";
  #decoded = 0;
  #trailers: readonly (readonly [string, string])[] = [];

  constructor(seed: ChunkSeed, options: ChunkedOptions) {
    this.#seed = seed;
    this.#previous = seed.signature;
    this.#options = { longestChunk: 16 * 1024 * 1024, ...options };
  }

  /**
   * @param bytes what arrived; not kept beyond what a chunk needs
   * @returns the data of the chunks that are now complete and verified
   * @throws Fault SignatureDoesNotMatch for a wrong signature, InvalidChunkSizeError or IncompleteBody for a wrong frame
   */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#parts.push(bytes);
    this.#pendingLength += bytes.length;
    // Joining only when something can be read keeps a chunk that arrives in many packets linear.
    if (this.#pendingLength < this.#need) return [];
    this.#pending = this.#parts.length === 1 ? Buffer.from(bytes) : Buffer.concat(this.#parts);
    const out: Uint8Array[] = [];
    while (this.#advance(out));
    this.#parts = [this.#pending];
    this.#pendingLength = this.#pending.length;
    return out;
  }

  /**
   * To be called when the body has ended.
   * @returns the trailing headers, names in lower case
   * @throws Fault IncompleteBody
   */
  end(): readonly (readonly [string, string])[] {
    if (this.#step !== "done" || this.#pendingLength > 0 || this.#decoded !== this.#options.decodedLength) {
      throw incompleteBody();
    }
    return this.#trailers;
  }

  #advance(out: Uint8Array[]): boolean {
    if (this.#step === "header") return this.#readHeader();
    if (this.#step === "data") return this.#readData(out);
    if (this.#step === "trailer") return this.#readTrailer();
    if (this.#pending.length > 0) throw incompleteBody();
    return false;
  }

  #readHeader(): boolean {
    this.#need = 0;
    const end = this.#pending.indexOf("\r\n");
    if (end < 0) {
      if (this.#pending.length > longestLine) throw invalidChunk();
      return false;
    }
    const match = /^([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64})$/.exec(this.#pending.toString("latin1", 0, end));
    if (match === null || end > longestLine) throw invalidChunk();
    this.#size = Number.parseInt(match[1]!, 16);
    this.#signature = match[2]!;
    if (this.#size > this.#options.longestChunk) throw invalidChunk();
    if (this.#decoded + this.#size > this.#options.decodedLength) throw incompleteBody();
    this.#pending = this.#pending.subarray(end + 2);
    this.#step = "data";
    return true;
  }

  #readData(out: Uint8Array[]): boolean {
    const last = this.#size === 0;
    // With trailers the last chunk has no line end of its own: the trailers follow at once.
    const frame = last && this.#options.trailer ? 0 : this.#size + 2;
    if (this.#pending.length < frame) {
      this.#need = frame;
      return false;
    }
    this.#need = 0;
    if (frame > 0 && (this.#pending[frame - 2] !== 13 || this.#pending[frame - 1] !== 10)) throw invalidChunk();
    const data = this.#pending.subarray(0, this.#size);
    this.#verify("AWS4-HMAC-SHA256-PAYLOAD", `${emptyHash}\n${sha256BytesHex(data)}`, this.#signature);
    this.#pending = this.#pending.subarray(frame);
    this.#decoded += this.#size;
    if (!last) out.push(data);
    this.#step = last ? (this.#options.trailer ? "trailer" : "done") : "header";
    return true;
  }

  #readTrailer(): boolean {
    const end = this.#pending.indexOf("\r\n\r\n");
    if (end < 0) {
      if (this.#pending.length > longestTrailer) throw invalidChunk();
      return false;
    }
    const lines = this.#pending.toString("latin1", 0, end).split("\r\n").map(readTrailerLine);
    const signature = lines.pop();
    if (signature === undefined || signature[0] !== "x-amz-trailer-signature") throw signatureDoesNotMatch();
    if (new Set(lines.map(([name]) => name)).size !== lines.length) throw invalidChunk();
    const canonical = [...lines]
      .sort(byName)
      .map(([name, value]) => `${name}:${value}\n`)
      .join("");
    this.#verify("AWS4-HMAC-SHA256-TRAILER", sha256Hex(canonical), signature[1]);
    this.#trailers = lines;
    this.#pending = this.#pending.subarray(end + 4);
    this.#step = "done";
    return true;
  }

  #verify(algorithm: string, hashes: string, signature: string): void {
    if (!/^[0-9a-f]{64}$/.test(signature)) throw signatureDoesNotMatch();
    const { key, timestamp, scope } = this.#seed;
    const expected = key.sign(`${algorithm}\n${timestamp}\n${scope}\n${this.#previous}\n${hashes}`);
    if (!timingSafeEqual(expected, Buffer.from(signature, "hex"))) throw signatureDoesNotMatch();
    this.#previous = signature;
  }
}

function readTrailerLine(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  if (colon < 1) throw invalidChunk();
  return [line.slice(0, colon).toLowerCase(), canonicalValue(line.slice(colon + 1))];
}

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : 1;
}

function invalidChunk(): Fault {
  return new Fault("InvalidChunkSizeError", 403, "The chunk of a signed payload is not framed as it must be.");
}

function incompleteBody(): Fault {
  return new Fault(
    "IncompleteBody",
    400,
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
  );
}
