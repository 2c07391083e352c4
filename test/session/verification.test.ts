import { describe, expect, it } from "vitest";
import type { Signer } from "../../src/session/actor.ts";
import { Verifier } from "../../src/session/verification.ts";
import { parseAuthorization } from "../../src/sigv4/parse.ts";
import { sign } from "../../src/sigv4/sign.ts";

const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
const now = Date.UTC(2026, 0, 1);
const caller = { accessKeyId: keys.accessKeyId } as Signer;

/** What an S3 client says of its body, signed as S3's clients do. */
function upload(payload: string) {
  const request = { method: "PUT", path: "/b/k", query: "", headers: ["Host", "h"], bodyHash: () => payload };
  const added = sign(request, keys, { region: "us-east-1", service: "s3" }, now);
  return { ...request, headers: [...request.headers, ...Object.entries(added).flat()] };
}

const claimant = { caller, secretAccessKey: keys.secretAccessKey };
const verifier = new Verifier({ claimant: () => claimant } as never, 900_000);

describe.each([
  ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", true],
  ["UNSIGNED-PAYLOAD", false],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", false],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", false],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", false],
])("%s", (payload, bodySigned) => {
  it("is told for what it is to a service that asks", () => {
    const verified = verifier.verify(null as never, upload(payload), { service: "s3" }, now);
    expect(verified).toMatchObject({ caller, bodySigned });
  });

  it("acts here only where the signature covers the body", () => {
    const request = upload(payload);
    const confirm = () => verifier.verifySignature({ signature: parseAuthorization(request), claimant }, request, now);
    if (bodySigned) expect(confirm()).toBe(caller);
    else expect(confirm).toThrow(expect.objectContaining({ code: "InvalidRequest", status: 400 }));
  });
});
