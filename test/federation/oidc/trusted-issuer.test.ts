import { expect, test } from "vitest";
import { Checks } from "../../../src/federation/checks.ts";
import { trustedIssuer } from "../../../src/federation/oidc/trusted-issuer.ts";
import type { FindProvider } from "../../../src/federation/oidc/trusted-issuer.ts";

const about = { account: "111122223333", partition: "aws" };
/** An account that has registered whatever it is asked for. */
const provider: FindProvider = (account, name) => ({
  account,
  name,
  id: "",
  path: "",
  nameKey: name,
  createdAt: 0,
  clientIds: ["sts.amazonaws.com"],
  thumbprints: [],
  issuerKeys: null,
  tags: [],
});
const ownIssuers = "https://roles.example/_rolecall/issuers/";

test("what this server gives for services outside comes back to no role, though its issuer be registered", () => {
  const own = `${ownIssuers}6f0c4f57-9df5-4c0f-9d2e-1c1f5a3f8a10`;
  const asked = () => trustedIssuer(own, about, { provider, ownIssuers }, new Checks());
  expect(asked).toThrow(`No OpenIDConnect provider found in your account for ${own}`);
});

test("any other issuer is what the account has made of it", () => {
  const other = trustedIssuer("https://roles.example/other", about, { provider, ownIssuers }, new Checks());
  expect(other).toMatchObject({
    principal: "arn:aws:iam::111122223333:oidc-provider/roles.example/other",
    clientIds: ["sts.amazonaws.com"],
  });
});
