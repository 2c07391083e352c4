import { describe, expect, it } from "vitest";

import { ChunkedVerifier } from "../../src/sigv4/chunked.ts";
import type { CredentialScope } from "../../src/sigv4/request.ts";
import { deriveSigningKey } from "../../src/sigv4/signing-key.ts";
import { readCases } from "./case-files.ts";

interface ChunkedCase {
  readonly name: string;
  readonly trailer: boolean;
  readonly seed: string;
  readonly chunks: readonly (readonly [number, string])[];
  readonly trailers: readonly (readonly [string, string])[];
}

const file = readCases<{
  secretAccessKey: string;
  timestamp: string;
  scope: CredentialScope;
  decodedLength: number;
  cases: ChunkedCase[];
}>("chunked");
const key = deriveSigningKey(file.secretAccessKey, file.scope);

function verifier(chunked: ChunkedCase, decodedLength = file.decodedLength, longestChunk?: number): ChunkedVerifier {
  const seed = { key, timestamp: file.timestamp, scope: "20130524/us-east-1/s3/aws4_request", signature: chunked.seed };
  const bound = longestChunk === undefined ? {} : { longestChunk };
  return new ChunkedVerifier(seed, { trailer: chunked.trailer, decodedLength, ...bound });
}

function body(chunked: ChunkedCase): Buffer {
  let text = "";
  for (const [size, signature] of chunked.chunks) {
    text += `${size.toString(16)};chunk-signature=${signature}\r\n${"a".repeat(size)}`;
    if (size > 0 || !chunked.trailer) text += "\r\n";
  }
  for (const [name, value] of chunked.trailers) text += `${name}:${value}\r\n`;
  return Buffer.from(chunked.trailer ? `${text}\r\n` : text, "latin1");
}

function decode(by: ChunkedVerifier, bytes: Uint8Array, step: number) {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(...by.push(bytes.subarray(at, at + step)));
  return { data: Buffer.concat(out), trailers: by.end() };
}

describe.each(file.cases)("the published example: $name", (chunked) => {
  it.each([1, 7, 100, 8192, 1_000_000])("decodes in steps of %i bytes", (step) => {
    const { data, trailers } = decode(verifier(chunked), body(chunked), step);
    expect(data.equals(Buffer.alloc(file.decodedLength, "a"))).toBe(true);
    expect(trailers).toEqual(chunked.trailers.slice(0, -1));
  });

  it("hands on nothing of a chunk that is not verified", () => {
    const bytes = body(chunked);
    bytes[5000] = 0x62;
    const by = verifier(chunked);
    expect(by.push(bytes.subarray(0, 60_000))).toEqual([]);
    expect(() => by.push(bytes.subarray(60_000))).toThrow(expect.objectContaining({ code: "SignatureDoesNotMatch" }));
  });

  it("refuses every change and every cut", () => {
    const bytes = body(chunked);
    for (let at = 0; at < bytes.length; at += at < 100 || at > bytes.length - 300 ? 1 : 997) {
      // Hex sizes and trailer names are read in either case: changing that is changing nothing.
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ 1;
      expect(() => decode(verifier(chunked), changed, 1 << 20), `byte ${at}`).toThrow();
      expect(() => decode(verifier(chunked), bytes.subarray(0, at), 1 << 20), `cut at ${at}`).toThrow();
    }
  });

  it("refuses what is more, less or larger than was said", () => {
    const bytes = body(chunked);
    expect(() => decode(verifier(chunked), Buffer.concat([bytes, Buffer.from("x")]), 1 << 20)).toThrow(
      "number of bytes",
    );
    expect(() => decode(verifier(chunked, file.decodedLength - 1), bytes, 1 << 20)).toThrow("number of bytes");
    expect(() => decode(verifier(chunked, file.decodedLength + 1), bytes, 1 << 20)).toThrow("number of bytes");
    expect(() => decode(verifier(chunked, file.decodedLength, 65_535), bytes, 1 << 20)).toThrow("framed");
  });
});

describe("hostile frames", () => {
  it.each([
    ["no size", ";chunk-signature=x\r\n"],
    ["a negative size", `-1;chunk-signature=${"0".repeat(64)}\r\n`],
    ["a size beyond all", `fffffffff;chunk-signature=${"0".repeat(64)}\r\n`],
    ["no signature", "10\r\n"],
    ["an endless header", "0".repeat(5000)],
  ])("%s", (_, text) => {
    expect(() => verifier(file.cases[0]!).push(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: "InvalidChunkSizeError" }),
    );
  });

  it("an endless trailer", () => {
    const chunked = file.cases[1]!;
    const by = verifier(chunked);
    by.push(body(chunked).subarray(0, -200));
    expect(() => {
      for (let index = 0; index < 100; index++) by.push(Buffer.from(`x-${index}:${"y".repeat(1000)}\r\n`));
    }).toThrow("framed");
  });
});
