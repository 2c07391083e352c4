import { createHash, createHmac } from "node:crypto";

import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import { describe, expect, it } from "vitest";
import { fc } from "../harness/property.ts";

import { parseAuthorization } from "../../src/sigv4/parse.ts";
import { signingRules } from "../../src/sigv4/rules.ts";
import { sign } from "../../src/sigv4/sign.ts";
import { presign } from "../harness/presign.ts";
import { SigningKeys } from "../../src/sigv4/signing-key.ts";
import { verifySignature } from "../../src/sigv4/verify.ts";
import { request } from "./case-files.ts";

/** What AWS's own signer (smithy) and aws4 sign must verify here, and ours must equal theirs. */

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const time = Date.UTC(2026, 2, 4, 5, 6, 7);

class Sha256 {
  readonly #hash: { update(data: Uint8Array | string): unknown; digest(): Buffer };
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Uint8Array);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as Uint8Array);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error("not used");
  }
}

// What HTTP allows: names are tokens, values printable with inner white space.
const headerValue = fc.string({ unit: fc.constantFrom(..." \tabcXYZ0189-_=,;:/\"'()*&%+~") });
const headers = fc.dictionary(
  fc.stringMatching(/^x-[a-z0-9-]{1,10}$/).filter((name) => !name.startsWith("x-amz")),
  headerValue,
  {
    maxKeys: 4,
  },
);
const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter(isWellFormed);
// Both oracles keep parameters in plain objects, where __proto__ is lost.
const queryName = word.filter((name) => name !== "__proto__" && !name.toLowerCase().startsWith("x-amz"));
const query = fc.dictionary(queryName, fc.oneof(word, fc.constant("")), { maxKeys: 4 });
const path = fc.array(fc.string({ unit: fc.constantFrom(..."abc019.-_~ %!'()*+&=@é"), minLength: 0, maxLength: 6 }), {
  maxLength: 4,
});
const body = fc.string({ unit: "grapheme", maxLength: 60 }).filter(isWellFormed);
const service = fc.constantFrom("iam", "sts", "rolecall", "execute-api");

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function rawPath(segments: readonly string[]): string {
  return `/${segments.map((segment) => encodeURIComponent(segment)).join("/")}`;
}

function rawQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
}

function verify(input: ReturnType<typeof request>): string {
  const parsed = parseAuthorization(input);
  const rules = signingRules(parsed.scope.service);
  return verifySignature(parsed, input, rules, new SigningKeys(), () => credentials.secretAccessKey);
}

const inputs = fc.record({
  headers,
  query,
  path,
  body,
  service,
  token: fc.option(fc.base64String({ minLength: 4 })),
  post: fc.boolean(),
});

describe("AWS's signer for JavaScript", () => {
  it("is verified and equalled, header and query form", async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (given) => {
        const sessionToken = given.token ?? undefined;
        const by = { ...credentials, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const target = { region: "eu-west-3", service: given.service };
        const signer = new SignatureV4({ ...target, credentials: by, sha256: Sha256, applyChecksum: false });
        const message = {
          method: given.post ? "POST" : "GET",
          protocol: "https:",
          hostname: "iam.local",
          path: rawPath(given.path),
          query: given.query,
          headers: { host: "iam.local:7653", ...given.headers },
          body: given.body,
        };
        const base = {
          method: message.method,
          path: message.path,
          query: rawQuery(given.query),
          body: Buffer.from(given.body, "utf8").toString("latin1"),
        };

        const theirs = await signer.sign(message, { signingDate: new Date(time) });
        expect(verify(request({ ...base, headers: Object.entries(theirs.headers).flat() }))).toBe("signed");
        const ours = sign(request({ ...base, headers: Object.entries(message.headers).flat() }), by, target, time);
        expect(ours["Authorization"]).toBe(theirs.headers["authorization"]);

        const signable = new Set(["host", ...Object.keys(given.headers)]);
        const url = await signer.presign(message, {
          signingDate: new Date(time),
          expiresIn: 60,
          signableHeaders: signable,
          unhoistableHeaders: signable,
        });
        const presigned = url.query as Record<string, string>;
        const sent = Object.entries(url.headers).flat();
        expect(verify(request({ ...base, headers: sent, query: rawQuery(presigned) }))).toBe("signed");
        const own = presign(request({ ...base, headers: sent }), by, target, time, 60);
        expect(own.endsWith(`&X-Amz-Signature=${presigned["X-Amz-Signature"]}`)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("aws4", () => {
  it("is verified, header and query form", () => {
    fc.assert(
      fc.property(inputs, fc.boolean(), (given, signQuery) => {
        const by = { ...credentials, ...(given.token === null ? {} : { sessionToken: given.token }) };
        const queryText = rawQuery(given.query);
        const signed = aws4.sign(
          {
            service: given.service,
            region: "eu-west-3",
            method: given.post ? "POST" : "GET",
            path: rawPath(given.path) + (queryText === "" ? "" : `?${queryText}`),
            headers: { Host: "iam.local", "X-Amz-Date": "20260304T050607Z", ...given.headers },
            body: given.body,
            signQuery: false,
          },
          by,
        );
        const [target = "", sentQuery = ""] = (signed.path ?? "").split("?");
        const sent = Object.entries(signed.headers ?? {}).flatMap(([name, value]) => [name, String(value)]);
        const input = request({
          method: signed.method ?? "GET",
          path: target,
          query: sentQuery,
          headers: sent,
          body: Buffer.from(given.body, "utf8").toString("latin1"),
        });
        expect(verify(input)).toBe("signed");
        if (!signQuery) return;
        const presigned = aws4.sign(
          {
            service: given.service,
            region: "eu-west-3",
            path: `${rawPath(given.path)}?${queryText}${queryText === "" ? "" : "&"}X-Amz-Date=20260304T050607Z`,
            headers: { Host: "iam.local", ...given.headers },
            signQuery: true,
          },
          by,
        );
        const [, presignedQuery = ""] = (presigned.path ?? "").split("?");
        const presignedHeaders = ["Host", "iam.local", ...Object.entries(given.headers).flat()];
        expect(verify(request({ path: rawPath(given.path), query: presignedQuery, headers: presignedHeaders }))).toBe(
          "signed",
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe("any text", () => {
  it("is either read or refused with a fault", () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    });
    const piece = fc.oneof(
      bytes,
      fc.constantFrom(
        "AWS4-HMAC-SHA256 ",
        "Credential=",
        "SignedHeaders=",
        "Signature=",
        ",",
        "/",
        ";",
        "host",
        "a/20260304/r/iam/aws4_request",
      ),
    );
    const name = fc.constantFrom("Authorization", "X-Amz-Date", "Host", "Date", "X-Amz-Security-Token");
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    const queryPiece = fc.oneof(
      bytes,
      fc.constantFrom(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "&",
        "X-Amz-Credential=",
        "X-Amz-Date=20260304T050607Z",
        "%",
        "+",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, text), { maxLength: 4 }),
        fc.array(queryPiece, { maxLength: 8 }).map((pieces) => pieces.join("")),
        bytes,
        (pairs, anyQuery, anyPath) => {
          try {
            verify(request({ headers: pairs.flat(), query: anyQuery, path: anyPath }));
          } catch (fault) {
            expect(fault).toMatchObject({ name: "Fault", status: expect.any(Number) });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
