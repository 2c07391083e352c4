import { describe, expect, it } from "vitest";

import { Fault } from "../../src/contracts/fault.ts";
import { canonicalRequest, stringToSign } from "../../src/sigv4/canonical-request.ts";
import { checkScope, checkTime } from "../../src/sigv4/checks.ts";
import { parseAuthorization } from "../../src/sigv4/parse.ts";
import type { SignedRequestInput } from "../../src/sigv4/request.ts";
import { signingRules } from "../../src/sigv4/rules.ts";
import type { SigningRules } from "../../src/sigv4/rules.ts";
import { sign } from "../../src/sigv4/sign.ts";
import { presign } from "../harness/presign.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { SigningKeys } from "../../src/sigv4/signing-key.ts";
import { verifySignature } from "../../src/sigv4/verify.ts";
import { readCases, readRequest } from "./case-files.ts";
import type { SuiteCase } from "./case-files.ts";

const { cases } = readCases<{ cases: readonly SuiteCase[] }>("suite");

describe.each(cases)("$name", (suiteCase) => {
  const { context } = suiteCase;
  const rules: SigningRules = {
    ...signingRules(context.service),
    normalizePath: context.normalize,
    securityToken: context.omit_session_token === true ? "added-after-signing" : "signed",
  };
  const now = Date.parse(context.timestamp);
  const secret = context.credentials.secret_access_key;
  const credentials: SigningCredentials = {
    accessKeyId: context.credentials.access_key_id,
    secretAccessKey: secret,
    ...(context.credentials.token === undefined ? {} : { sessionToken: context.credentials.token }),
  };

  function verify(request: SignedRequestInput, keys = new SigningKeys()): string {
    const parsed = parseAuthorization(request);
    checkScope(parsed, { service: context.service, regions: "any" });
    checkTime(parsed, now, 0, rules);
    return verifySignature(parsed, request, rules, keys, () => secret);
  }

  describe.each(["header", "query"] as const)("%s form", (form) => {
    const signed = readRequest(suiteCase[`${form}-signed-request`]);

    it("is made into the published canonical request and string to sign", () => {
      const parsed = parseAuthorization(signed);
      expect(parsed.form).toBe(form);
      expect(parsed.accessKeyId).toBe(credentials.accessKeyId);
      expect(parsed.signature).toBe(suiteCase[`${form}-signature`]);
      expect(parsed.securityToken).toBe(credentials.sessionToken);
      const canonical = canonicalRequest(signed, parsed, rules, signed.bodyHash());
      expect(canonical).toBe(suiteCase[`${form}-canonical-request`]);
      const scope = parsed.credential.slice(parsed.accessKeyId.length + 1);
      expect(stringToSign(parsed.timestamp, scope, canonical)).toBe(suiteCase[`${form}-string-to-sign`]);
    });

    it("verifies, with a derived key and with a kept one", () => {
      const keys = new SigningKeys();
      expect(verify(signed, keys)).toBe("signed");
      expect(keys.size).toBe(1);
      expect(verify(signed, keys)).toBe("signed");
    });

    it("is refused once any signed part is changed", () => {
      for (const changed of mutations(signed)) expect(() => verify(changed), JSON.stringify(changed)).toThrow(Fault);
    });
  });

  it("is signed to the published signature in the header form", () => {
    const unsigned = readRequest(suiteCase.request);
    const headers = context.sign_body
      ? [...unsigned.headers, "x-amz-content-sha256", unsigned.bodyHash()]
      : unsigned.headers;
    const target = { region: context.region, service: context.service };
    const added = sign({ ...unsigned, headers }, credentials, target, now, { rules });
    expect(added["Authorization"]).toMatch(new RegExp(`Signature=${suiteCase["header-signature"]}$`));
    expect(added["X-Amz-Security-Token"]).toBe(credentials.sessionToken);
    expect(verify({ ...unsigned, headers: [...headers, ...Object.entries(added).flat()] })).toBe("signed");
  });

  it("is signed to the published signature in the query form", () => {
    const unsigned = readRequest(suiteCase.request);
    const target = { region: context.region, service: context.service };
    const query = presign(unsigned, credentials, target, now, context.expiration_in_seconds, { rules });
    expect(query).toMatch(new RegExp(`&X-Amz-Signature=${suiteCase["query-signature"]}$`));
    expect(verify({ ...unsigned, query })).toBe("signed");
  });
});

/** Requests that each differ from a signed one in one signed part. */
function* mutations(signed: SignedRequestInput): Generator<SignedRequestInput> {
  yield { ...signed, method: signed.method === "GET" ? "PUT" : "GET" };
  yield { ...signed, path: `${signed.path}x` };
  yield { ...signed, query: signed.query === "" ? "x=1" : `${signed.query}&x=1` };
  yield { ...signed, bodyHash: () => "0".repeat(64) };
  const parsed = parseAuthorization(signed);
  for (const name of parsed.signedHeaders) {
    yield { ...signed, headers: withValue(signed.headers, name, (value) => `${value}x`) };
    yield { ...signed, headers: without(signed.headers, name) };
    yield { ...signed, headers: [...signed.headers, name, "more"] };
  }
  if (parsed.form === "header") {
    const altered: ((value: string) => string)[] = [
      flipSignature,
      (value) => value.replace("us-east-1", "us-east-2"),
      (value) => value.replace("/20150830/", "/20150831/"),
      (value) => value.replace("aws4_request", "aws4_reques"),
      (value) => value.replace("/service/", "/another/"),
    ];
    for (const change of altered) yield { ...signed, headers: withValue(signed.headers, "authorization", change) };
    yield { ...signed, headers: withValue(signed.headers, "x-amz-date", () => "20150830T123601Z") };
  } else {
    yield { ...signed, query: flipSignature(signed.query) };
    yield { ...signed, query: signed.query.replace("X-Amz-Date=20150830T123600Z", "X-Amz-Date=20150830T123601Z") };
    yield { ...signed, query: signed.query.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601") };
    yield { ...signed, query: signed.query.replace("us-east-1", "us-east-2") };
  }
}

function flipSignature(text: string): string {
  return text.replace(/(Signature=)(.)/, (_, name: string, digit: string) => name + (digit === "0" ? "1" : "0"));
}

function withValue(headers: readonly string[], name: string, change: (value: string) => string): string[] {
  return headers.map((text, index) =>
    index % 2 === 1 && headers[index - 1]!.toLowerCase() === name ? change(text) : text,
  );
}

function without(headers: readonly string[], name: string): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]!.toLowerCase() !== name);
}
