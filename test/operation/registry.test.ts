import { expect, test } from "vitest";

import { registryOf, withoutHandler } from "../../src/operation/registry.ts";

const some = withoutHandler("sts", [
  "AssumeRole",
  "AssumeRoleWithSAML",
  "AssumeRoleWithWebIdentity",
  "AssumeRoot",
  "DecodeAuthorizationMessage",
  "GetAccessKeyInfo",
]);
const others = withoutHandler("sts", [
  "GetCallerIdentity",
  "GetDelegatedAccessToken",
  "GetFederationToken",
  "GetSessionToken",
  "GetWebIdentityToken",
]);

// That these compile, and those that are marked do not, is what the test says; nothing is looked up at run time.
test("a registry is all names of its contract, each given once", () => {
  expect(Object.keys(registryOf("sts", [some, others]))).toHaveLength(11);
  // @ts-expect-error GetCallerIdentity and the others are missing
  registryOf("sts", [some]);
  // @ts-expect-error GetSessionToken is given twice
  registryOf("sts", [some, others, withoutHandler("sts", ["GetSessionToken"])]);
  // @ts-expect-error the contract has no such operation
  withoutHandler("sts", ["GetSessionTokens"]);
});
