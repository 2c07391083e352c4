import { describe, expect, it } from "vitest";

import { parseAuthorization } from "../../src/sigv4/parse.ts";
import type { SignedRequestInput } from "../../src/sigv4/request.ts";
import { signingRules } from "../../src/sigv4/rules.ts";
import { sign } from "../../src/sigv4/sign.ts";
import { presign } from "../harness/presign.ts";
import { deriveSigningKey, SigningKeys } from "../../src/sigv4/signing-key.ts";
import { verifySignature } from "../../src/sigv4/verify.ts";
import { readCases, request } from "./case-files.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const session = { ...credentials, sessionToken: "token+/=" };
const iam = { region: "us-east-1", service: "iam" };
const time = Date.UTC(2026, 0, 2, 3, 4, 5);

function verify(input: SignedRequestInput, secret = credentials.secretAccessKey, keys = new SigningKeys()) {
  const parsed = parseAuthorization(input);
  return verifySignature(parsed, input, signingRules(parsed.scope.service), keys, () => secret);
}

function signed(input: SignedRequestInput, by: typeof session | typeof credentials = credentials): SignedRequestInput {
  return { ...input, headers: [...input.headers, ...Object.entries(sign(input, by, iam, time)).flat()] };
}

const plain = request({
  method: "POST",
  headers: ["Host", "localhost:7653", "User-Agent", "x"],
  body: "Action=ListUsers",
});

describe("the examples of the S3 API Reference", () => {
  interface Example {
    readonly name: string;
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: string[];
    readonly body: string;
    readonly payload: string;
  }
  const file = readCases<{ credentials: typeof credentials; cases: Example[] }>("s3-examples");
  it.each(file.cases)("$name", (example) => {
    expect(verify(request(example), file.credentials.secretAccessKey)).toBe(example.payload);
    const other = request({ ...example, path: `${example.path}0` });
    expect(() => verify(other, file.credentials.secretAccessKey)).toThrow("The request signature we calculated");
  });

  it.each([
    ["no x-amz-content-sha256", [], "InvalidRequest"],
    ["another word", ["x-amz-content-sha256", "UNSIGNED"], "InvalidRequest"],
    ["another body", ["x-amz-content-sha256", "0".repeat(64)], "XAmzContentSHA256Mismatch"],
  ])("refuses %s", (_, headers, code) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
    const all = ["Host", "h", "X-Amz-Date", "20130524T000000Z", "Authorization", authorization, ...headers];
    expect(() => verify(request({ headers: all }))).toThrow(expect.objectContaining({ code, status: 400 }));
  });
});

describe("what must be signed", () => {
  it("is every x-amz-* header that may matter", () => {
    expect(verify(signed(plain, session))).toBe("signed");
    const smuggled = signed(plain);
    for (const name of ["X-Amz-Security-Token", "x-amz-target", "X-AMZ-Anything"]) {
      expect(() => verify({ ...smuggled, headers: [...smuggled.headers, name, "v"] })).toThrow(
        expect.objectContaining({
          code: "SignatureDoesNotMatch",
          message: `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
        }),
      );
    }
  });

  it("is not what is bound otherwise or added under way", () => {
    const base = signed(plain);
    const more = ["x-amz-content-sha256", "UNSIGNED-PAYLOAD", "X-Amz-Cf-Id", "1", "X-Amzn-Trace-Id", "2", "Via", "3"];
    expect(verify({ ...base, headers: [...base.headers, ...more] })).toBe("signed");
  });

  it("does not let IAM take UNSIGNED-PAYLOAD for a body", () => {
    const input = request({
      ...plain,
      headers: [...plain.headers, "x-amz-content-sha256", "UNSIGNED-PAYLOAD"],
      body: "a",
    });
    const trusting = { ...input, bodyHash: () => "UNSIGNED-PAYLOAD" };
    const headers = [...input.headers, ...Object.entries(sign(trusting, credentials, iam, time)).flat()];
    expect(() => verify({ ...input, headers })).toThrow("The request signature we calculated");
  });

  it("refuses a signed header that is not there, even an empty one", () => {
    const withEmpty = signed(request({ ...plain, headers: ["Host", "h", "X-Empty", ""] }));
    expect(verify(withEmpty)).toBe("signed");
    const headers = withEmpty.headers.filter((_, index) => withEmpty.headers[index - (index % 2)] !== "X-Empty");
    expect(() => verify({ ...withEmpty, headers })).toThrow("The request signature we calculated");
  });
});

describe("odd texts", () => {
  it.each([
    ["a plus sign and %20 in a query are one", "a=b+c", "a=b%20c", true],
    ["lower-case escapes are upper-case ones", "a=%2f", "a=%2F", true],
    ["an escaped letter is the letter", "a=%41", "a=A", true],
    ["a name without = is one with", "a", "a=", true],
    ["order does not matter", "a=2&a=1", "a=1&a=2", true],
    ["empty segments do not count", "&a=1&&", "a=1", true],
    ["a plus sign is not %2B", "a=b+c", "a=b%2Bc", false],
    ["a repeated parameter counts", "a=1", "a=1&a=1", false],
    ["a percent sign that is escaped is not an escape", "a=%2541", "a=%41", false],
  ])("%s", (_, sent, got, same) => {
    const base = signed(request({ ...plain, query: sent }));
    const check = () => verify({ ...base, query: got });
    if (same) expect(check()).toBe("signed");
    else expect(check).toThrow("The request signature we calculated");
  });

  it("refuses a broken escape and what is no byte", () => {
    const base = signed(plain);
    for (const change of [
      { query: "a=%4" },
      { query: "%zz=1" },
      { query: "a=\u1234" },
      { path: "/\u1234" },
      { method: "\u1250OST" },
    ]) {
      expect(() => verify({ ...base, ...change })).toThrow("The request signature we calculated");
    }
    const { headers } = signed(request({ ...plain, headers: ["Host", "h", "X-Name", "\u0034"] }));
    const aliased = headers.map((text) => (text === "\u0034" ? "\u1234" : text));
    expect(() => verify({ ...plain, headers: aliased })).toThrow("The request signature we calculated");
  });

  it("keeps bytes of UTF-8 apart from white space", () => {
    const name = Buffer.from("à  la", "utf8").toString("latin1");
    const base = signed(request({ ...plain, headers: ["Host", "h", "X-Name", name] }));
    expect(verify(base)).toBe("signed");
    const folded = base.headers.map((text) => (text === name ? ` ${name.replace("  ", "\t \r\n ")} ` : text));
    expect(verify({ ...base, headers: folded })).toBe("signed");
    const cut = base.headers.map((text) => (text === name ? name.replace("\u00a0", "") : text));
    expect(() => verify({ ...base, headers: cut })).toThrow("The request signature we calculated");
  });

  it.each(["", "0", "z".repeat(64), "A".repeat(64), "0".repeat(63), "0".repeat(66)])(
    "refuses the signature %j",
    (text) => {
      const base = signed(plain);
      const headers = base.headers.map((value) => value.replace(/Signature=.*/, `Signature=${text}`));
      expect(() => verify({ ...base, headers })).toThrow(expect.objectContaining({ status: text === "" ? 400 : 403 }));
    },
  );
});

describe("signing keys", () => {
  it("are kept only once they have verified something, and asked for only once", () => {
    const keys = new SigningKeys();
    const base = signed(plain);
    expect(() => verify(base, "another secret", keys)).toThrow();
    expect(keys.size).toBe(0);
    verify(base, credentials.secretAccessKey, keys);
    expect(keys.size).toBe(1);
    const parsed = parseAuthorization(base);
    const never = () => expect.unreachable("the secret was asked for");
    expect(verifySignature(parsed, base, signingRules("iam"), keys, never)).toBe("signed");
    keys.clear();
    expect(keys.size).toBe(0);
  });

  it("are bounded, and what is used stays", () => {
    const keys = new SigningKeys(10);
    const key = deriveSigningKey("s", { date: "20260101", ...iam });
    for (let index = 0; index < 1000; index++) {
      keys.remember(`other${index}`, key);
      if (index === 0) keys.remember("used", key);
      expect(keys.find("used")).toBe(key);
      expect(keys.size).toBeLessThanOrEqual(10);
    }
  });
});

describe("presigning", () => {
  it("carries the token and the life in the query", () => {
    const target = { region: "eu-west-1", service: "sts" };
    const base = request({ headers: ["Host", "sts.local"], query: "Action=GetCallerIdentity&Version=2011-06-15" });
    const query = presign(base, session, target, time, 60);
    const parsed = parseAuthorization({ ...base, query });
    expect(parsed).toMatchObject({ form: "query", securityToken: session.sessionToken, expires: 60 });
    expect(verify({ ...base, query })).toBe("signed");
    const other = query.replace("token%2B", "token%2D");
    expect(() => verify({ ...base, query: other })).toThrow("The request signature we calculated");
  });
});
