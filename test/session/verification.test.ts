import { expect, it } from "vitest";
import type { Signer } from "../../src/session/actor.ts";
import { Verifier } from "../../src/session/verification.ts";
import { parseAuthorization } from "../../src/sigv4/parse.ts";
import { sign } from "../../src/sigv4/sign.ts";

const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
const now = Date.UTC(2026, 0, 1);
const caller = { accessKeyId: keys.accessKeyId } as Signer;

/** What an S3 client says of its body, signed as S3's clients do. */
function confirm(payload: string): Signer {
  const request = { method: "PUT", path: "/b/k", query: "", headers: ["Host", "h"], bodyHash: () => payload };
  const added = sign(request, keys, { region: "us-east-1", service: "s3" }, now);
  const signed = { ...request, headers: [...request.headers, ...Object.entries(added).flat()] };
  const claim = { signature: parseAuthorization(signed), claimant: { caller, secretAccessKey: keys.secretAccessKey } };
  return new Verifier(null as never, 900_000).verifySignature(claim, signed, now);
}

it.each(["UNSIGNED-PAYLOAD", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"])(
  "confirms %s",
  (payload) => expect(confirm(payload)).toBe(caller),
);

it.each([
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
])("refuses %s: nobody would check its chunks", (payload) => {
  expect(() => confirm(payload)).toThrow(expect.objectContaining({ code: "InvalidRequest", status: 400 }));
});
