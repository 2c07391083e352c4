import { afterAll, beforeAll, expect, it } from "vitest";
import { account, Harness, otherAccount } from "../harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open({ openIdConnectProvidersPerAccount: 2 });
});
afterAll(() => harness.close());

const create = (Url: string) => harness.refusal("CreateOpenIDConnectProvider", { Url });

it.each(["https://issuer.example.com?a=b", "https://issuer.example.com/#a", "https://issuer.example.com/?"])(
  "refuses %s without a word",
  async (Url) => {
    expect(await create(Url)).toBe("InvalidInput 400: ");
  },
);

it("takes no port but the usual one where it is to be as AWS", async () => {
  const strict = harness.environment.compatibility;
  Object.assign(harness.environment, { compatibility: "aws" });
  try {
    const refused = "InvalidInput 400: Invalid Open ID Connect Provider URL.";
    expect(await create("https://localhost:8443/realms/x")).toBe(refused);
    const { OpenIDConnectProviderArn = "" } = await harness.ok("CreateOpenIDConnectProvider", {
      Url: "https://localhost:443/realms/x",
    });
    expect(OpenIDConnectProviderArn).toBe(`arn:aws:iam::${account}:oidc-provider/localhost/realms/x`);
    await harness.ok("DeleteOpenIDConnectProvider", { OpenIDConnectProviderArn });
  } finally {
    Object.assign(harness.environment, { compatibility: strict });
  }
});

it("needs the permission on the provider's ARN, and with tags the one to tag as well", async () => {
  const needed = await harness.requirements("CreateOpenIDConnectProvider", {
    Url: "https://issuer.example.com:443/x",
    Tags: [{ Key: "a", Value: "b" }],
  });
  const resource = `arn:aws:iam::${account}:oidc-provider/issuer.example.com/x`;
  const requestTags = [{ key: "a", value: "b" }];
  expect(needed).toEqual([
    { action: "iam:CreateOpenIDConnectProvider", resource, resourceAccount: account, requestTags },
    { action: "iam:TagOpenIDConnectProvider", resource, resourceAccount: account, requestTags },
  ]);
  expect(await harness.requirements("GetOpenIDConnectProvider", { OpenIDConnectProviderArn: resource })).toEqual([
    { action: "iam:GetOpenIDConnectProvider", resource, resourceAccount: account, resourceTags: requestTags },
  ]);
  await harness.ok("DeleteOpenIDConnectProvider", { OpenIDConnectProviderArn: resource });
});

it("is that of its account alone", async () => {
  const { OpenIDConnectProviderArn = "" } = await harness.ok("CreateOpenIDConnectProvider", {
    Url: "https://a.example",
  });
  const elsewhere = OpenIDConnectProviderArn.replace(account, otherAccount);
  const found = await harness.refusal("GetOpenIDConnectProvider", { OpenIDConnectProviderArn: elsewhere });
  expect(found).toBe(`NoSuchEntity 404: OpenIDConnect Provider not found for arn ${elsewhere}`);
  const [{ resourceAccount } = {}] = await harness.requirements("GetOpenIDConnectProvider", {
    OpenIDConnectProviderArn: elsewhere,
  });
  expect(resourceAccount).toBe(otherAccount);
  await harness.ok("DeleteOpenIDConnectProvider", { OpenIDConnectProviderArn });
});

it("counts them for the quota and for the summary, also where several come at once", async () => {
  const made = await Promise.all(
    ["a", "b", "c"].map((name) => harness.call("CreateOpenIDConnectProvider", { Url: `https://${name}.example` })),
  );
  expect(made.filter(({ fault }) => fault === undefined)).toHaveLength(2);
  expect(await create("https://d.example")).toBe(
    "LimitExceeded 409: Cannot exceed quota for OpenIdConnectProvidersPerAccount: 2",
  );
  expect((await harness.ok("GetAccountSummary", {})).SummaryMap).toMatchObject({ Providers: 2 });
  const { OpenIDConnectProviderList = [] } = await harness.ok("ListOpenIDConnectProviders", {});
  const [{ Arn = "" } = {}] = OpenIDConnectProviderList;
  await harness.ok("DeleteOpenIDConnectProvider", { OpenIDConnectProviderArn: Arn });
  expect((await harness.ok("GetAccountSummary", {})).SummaryMap).toMatchObject({ Providers: 1 });
  await harness.ok("CreateOpenIDConnectProvider", { Url: "https://d.example" });
});

it("may be named in trust policies whether it is there or not, with a port as well", async () => {
  const Federated = `arn:aws:iam::${account}:oidc-provider/localhost:8443/realms/x`;
  const Condition = { StringEquals: { "localhost:8443/realms/x:aud": "account" } };
  const statement = { Effect: "Allow", Principal: { Federated }, Action: "sts:AssumeRoleWithWebIdentity", Condition };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await harness.ok("CreateRole", { RoleName: "federated", AssumeRolePolicyDocument });
});
