/** rolecall:CheckFederation: what it tells, to whom, and that what it proposes lets in whom it is for. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { STS } from "@aws-sdk/client-sts";
import { beforeAll, describe, expect, test } from "vitest";
import type { RolecallOperations } from "../../../src/contracts/rolecall/contract.ts";
import type { Explanation } from "../../../src/policy/index.ts";
import { emptyDirectory, rolecall } from "../../harness/cli.ts";
import type { Caller } from "../../harness/clients.ts";
import { publicJwk, signingKey, tokenOf } from "../../harness/oidc-issuer.ts";
import { starter } from "../../harness/places.ts";
import { IdentityProvider, roleAttributes } from "../../harness/saml/identity-provider.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

type Answer = RolecallOperations["CheckFederation"]["output"];

const start = starter();
const key = signingKey("one", "ES256");
const gitHub = "token.actions.githubusercontent.com";
const idp = new IdentityProvider();
const samlProvider = arn(accountA, "saml-provider/staff");
let world: World;
let sts: STS;

beforeAll(async () => {
  world = await startWorld(start);
  sts = new STS({ endpoint: world.url, region: "us-east-1", maxAttempts: 1 });
  for (const issuer of [gitHub, "gitlab.com", "kubernetes.example"]) await provide(issuer);
  await world.a.iam.createSAMLProvider({ Name: "staff", SAMLMetadataDocument: idp.metadata() });
});

/** An issuer of the account, of which the server has the key. */
async function provide(name: string): Promise<void> {
  const Url = `https://${name}`;
  await world.a.iam.createOpenIDConnectProvider({ Url, ClientIDList: ["sts.amazonaws.com"] });
  const Provider = arn(accountA, `oidc-provider/${name}`);
  const Jwks = JSON.stringify({ keys: [publicJwk(key)] });
  expect((await world.a.rolecall("PutOidcProviderKeys", { Provider, Jwks })).status).toBe(200);
}

function tokenFrom(issuer: string, claims: object): string {
  const now = Math.floor(Date.now() / 1000);
  return tokenOf(key, { iss: `https://${issuer}`, aud: "sts.amazonaws.com", iat: now, exp: now + 600, ...claims });
}

async function check(who: Caller, input: object): Promise<Answer> {
  const { status, body } = await who.rolecall("CheckFederation", input);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as Answer;
}

async function fault(who: Caller, input: object): Promise<string> {
  const { status, body } = await who.rolecall("CheckFederation", input);
  return `${status} ${String((body as { __type?: string }).__type)}: ${String((body as { message?: string }).message)}`;
}

const branch = { sub: "repo:octo-org/octo-repo:ref:refs/heads/main", repository_id: "74" };

describe("the proposed trust policy is taken, and lets in that proof and no other", () => {
  const tags = { "https://aws.amazon.com/tags": { principal_tags: { team: ["blue"] }, transitive_tag_keys: ["team"] } };
  const shapes: readonly (readonly [name: string, issuer: string, claims: object])[] = [
    ["GitHub", gitHub, branch],
    ["GitLab", "gitlab.com", { sub: "project_path:g/p:ref_type:branch:ref:main", project_id: "20" }],
    ["Kubernetes", "kubernetes.example", { sub: "system:serviceaccount:shop:web", aud: ["sts.amazonaws.com"] }],
    [
      "tags and source identity",
      "kubernetes.example",
      { sub: "ann", ...tags, "https://aws.amazon.com/source_identity": "ann.j" },
    ],
  ];

  test.each(shapes)("%s", async (name, issuer, claims) => {
    const RoleName = `of-${name.replaceAll(" ", "-")}`;
    const RoleArn = arn(accountA, `role/${RoleName}`);
    const WebIdentityToken = tokenFrom(issuer, claims);
    const before = await check(world.a, { RoleArn, WebIdentityToken });
    expect(before).toMatchObject({
      Allowed: false,
      Explanations: [],
      Provider: arn(accountA, `oidc-provider/${issuer}`),
    });
    expect(before.Checks.at(-1)).toMatchObject({ Name: "role", Passed: false });
    await world.role(world.a, RoleName, before.ProposedTrustPolicy!);
    expect(await check(world.a, { RoleArn, WebIdentityToken })).toMatchObject({ Allowed: true });
    const assumed = await sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: "me", WebIdentityToken });
    expect(assumed.AssumedRoleUser?.Arn).toContain(`/${RoleName}/me`);
    const other = tokenFrom(issuer, { ...claims, sub: "repo:octo-org/other:ref:refs/heads/main" });
    expect(await check(world.a, { RoleArn, WebIdentityToken: other })).toMatchObject({ Allowed: false });
    await expect(
      sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: "me", WebIdentityToken: other }),
    ).rejects.toThrow("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  });

  test.each([
    ["persistent", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
    ["transient", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"],
  ])("SAML, a %s name", async (RoleName, format) => {
    const RoleArn = arn(accountA, `role/${RoleName}`);
    const SAMLAssertion = idp.respond({ format, attributes: roleAttributes(RoleArn, samlProvider) });
    const input = { RoleArn, SAMLAssertion, PrincipalArn: samlProvider };
    const { ProposedTrustPolicy } = await check(world.a, input);
    await world.role(world.a, RoleName, ProposedTrustPolicy!);
    expect(await check(world.a, input)).toMatchObject({ Allowed: true });
    expect((await sts.assumeRoleWithSAML(input)).AssumedRoleUser?.Arn).toContain(`/${RoleName}/`);
    const other = idp.respond({ subject: "bob", format, attributes: roleAttributes(RoleArn, samlProvider) });
    const { Allowed } = await check(world.a, { ...input, SAMLAssertion: other });
    expect(Allowed).toBe(RoleName === "transient");
  });
});

describe("what was looked at", () => {
  const RoleArn = arn(accountA, "role/looked-at");
  beforeAll(() =>
    world.role(
      world.a,
      "looked-at",
      trust({ Federated: arn(accountA, `oidc-provider/${gitHub}`) }, "sts:AssumeRoleWithWebIdentity", {
        Condition: { StringEquals: { [`${gitHub}:sub`]: branch.sub } },
      }),
    ),
  );

  test("up to what did not hold: what was wanted, what was there, and what would change it", async () => {
    const answer = await check(world.a, {
      RoleArn,
      WebIdentityToken: tokenFrom(gitHub, { ...branch, aud: "octo-org" }),
    });
    expect(answer).toMatchObject({
      Allowed: false,
      Fault: { Code: "InvalidIdentityToken", Status: 400 },
      Explanations: [],
    });
    expect(answer.ProposedTrustPolicy).toBeUndefined();
    expect(answer.Checks.at(-1)).toMatchObject({
      Name: "audience",
      Passed: false,
      Wanted: "sts.amazonaws.com",
      Seen: "octo-org",
      Advice: expect.stringContaining("add-client-id-to-open-id-connect-provider"),
    });
  });

  test("which trust condition does not hold, and what would change it", async () => {
    const seen = "repo:octo-org/octo-repo:pull_request";
    const { Explanations, Keys } = await check(world.a, {
      RoleArn,
      WebIdentityToken: tokenFrom(gitHub, { ...branch, sub: seen }),
    });
    const { statements, changes } = JSON.parse(Explanations[0]!.Explanation) as Explanation;
    expect(statements[0]!.conditions).toMatchObject([
      { matched: false, key: `${gitHub}:sub`, wanted: [branch.sub], seen },
    ]);
    expect(changes.length).toBeGreaterThan(0);
    expect(Keys).toContainEqual({ Key: `${gitHub}:repository_id`, Values: ["74"] });
  });

  test("nothing is issued, used or kept: the token is in no record", async () => {
    const WebIdentityToken = tokenFrom(gitHub, branch);
    expect(await check(world.a, { RoleArn, WebIdentityToken, RoleSessionName: "me" })).toMatchObject({ Allowed: true });
    const [event] = await trailEvents(world.server);
    expect(event).toMatchObject({
      eventName: "CheckFederation",
      requestParameters: { roleArn: RoleArn, roleSessionName: "me" },
      additionalEventData: { verified: true, provider: arn(accountA, `oidc-provider/${gitHub}`) },
    });
    expect(JSON.stringify(await trailEvents(world.server))).not.toContain(WebIdentityToken.split(".")[2]!);
    const { Role } = await world.a.iam.getRole({ RoleName: "looked-at" });
    expect(Role!.RoleLastUsed?.LastUsedDate).toBeUndefined();
  });
});

describe("a call that was refused", () => {
  const RoleArn = arn(accountA, "role/refused");

  async function requestId(claims: object): Promise<string> {
    const WebIdentityToken = tokenFrom(gitHub, claims);
    const call = sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: "me", WebIdentityToken });
    const { $metadata } = (await call.catch((error: unknown) => error)) as { $metadata: { requestId?: string } };
    return $metadata.requestId!;
  }

  test("is found by the administrator of the role's account, with what was looked at, and by nobody else", async () => {
    const id = await requestId({ ...branch, aud: "octo-org" });
    const { body } = await world.a.rolecall("ExplainRequest", { RequestId: id });
    expect(body).toMatchObject({ AccountId: accountA, ErrorCode: "InvalidIdentityToken", Explanations: [] });
    const { Checks: checks } = body as unknown as Answer;
    expect(checks.at(-1)).toMatchObject({ Name: "audience", Passed: false, Seen: "octo-org" });
    const found = await world.a.rolecall("LookupEvents", { EventName: "AssumeRoleWithWebIdentity" });
    expect((found.body["Events"] as string[]).some((event) => event.includes(id))).toBe(true);
    expect((await world.b.rolecall("ExplainRequest", { RequestId: id })).status).toBe(404);
    const others = await world.b.rolecall("LookupEvents", { EventName: "AssumeRoleWithWebIdentity" });
    expect(others.body["Events"]).toEqual([]);
  });

  test("by the trust policy is explained by it, behind what was looked at of the token", async () => {
    await world.role(
      world.a,
      "refused",
      trust({ Federated: arn(accountA, `oidc-provider/${gitHub}`) }, "sts:AssumeRoleWithWebIdentity", {
        Condition: { StringEquals: { [`${gitHub}:sub`]: "repo:octo-org/octo-repo:environment:Production" } },
      }),
    );
    const { body } = await world.a.rolecall("ExplainRequest", { RequestId: await requestId(branch) });
    const { Checks: checks, Explanations } = body as unknown as Answer;
    expect(checks.every(({ Passed: passed }) => passed)).toBe(true);
    expect(Explanations).toMatchObject([{ Action: "sts:AssumeRoleWithWebIdentity", Outcome: "ImplicitlyDenied" }]);
  });
});

test("an assertion is looked at without a server just so", async () => {
  const directory = emptyDirectory();
  const RoleArn = arn(accountA, "role/offline");
  writeFileSync(join(directory.path, "metadata.xml"), idp.metadata());
  writeFileSync(join(directory.path, "good.b64"), idp.respond({ attributes: roleAttributes(RoleArn, samlProvider) }));
  writeFileSync(
    join(directory.path, "late.b64"),
    idp.respond({ ends: { subject: -1 }, attributes: roleAttributes(RoleArn, samlProvider) }),
  );
  const words = [
    "federation",
    "check",
    "--role",
    RoleArn,
    "--principal-arn",
    samlProvider,
    "--metadata",
    "metadata.xml",
  ];
  const good = await rolecall(directory.path, [...words, "--assertion", "good.b64", "--print-trust-policy"]);
  expect(good.err).toBe("");
  writeFileSync(join(directory.path, "trust.json"), good.out);
  const trusted = await rolecall(directory.path, [...words, "--assertion", "good.b64", "--trust-policy", "trust.json"]);
  expect(trusted.out).toContain(`It puts on ${RoleArn}.`);
  const late = await rolecall(directory.path, [...words, "--assertion", "late.b64"]);
  expect(late.out).toContain("ExpiredTokenException (400): Response has expired");
  expect(late.code).toBe(1);
  directory.remove();
});

describe("who may ask", () => {
  const RoleArn = arn(accountA, "role/own");
  const input = () => ({ RoleArn, WebIdentityToken: tokenFrom(gitHub, branch) });

  test("whoever has rolecall:CheckFederation on the role", async () => {
    const may = await world.user(
      world.a,
      "may",
      allow("rolecall:CheckFederation", `arn:aws:rolecall::${accountA}:role/own`),
    );
    expect(await check(may, input())).toMatchObject({ Allowed: false });
    expect(await fault(may, { ...input(), RoleArn: arn(accountA, "role/other") })).toMatch(/^40\d AccessDenied/);
    const powerless = await world.user(world.a, "powerless");
    expect(await fault(powerless, input())).toMatch(
      new RegExp(
        `is not authorized to perform: rolecall:CheckFederation on resource: arn:aws:rolecall::${accountA}:role/own`,
      ),
    );
  });

  test("nobody about a role of another account, the operator included", async () => {
    expect(await fault(world.b, input())).toMatch(/^40\d AccessDenied/);
    expect(await fault(world.a, { ...input(), RoleArn: arn(accountB, "role/own") })).toMatch(/^40\d AccessDenied/);
  });

  test.each([
    [{ RoleArn: arn(accountA, "user/somebody"), WebIdentityToken: "none" }, "RoleArn must be the ARN of a role"],
    [{ RoleArn }, "Give either WebIdentityToken or SAMLAssertion."],
    [{ RoleArn, WebIdentityToken: "none", SAMLAssertion: "none" }, "Give either WebIdentityToken or SAMLAssertion."],
    [{ RoleArn, SAMLAssertion: "none" }, "SAMLAssertion needs PrincipalArn"],
  ])("%j is no question", async (asked, said) => {
    expect(await fault(world.a, asked)).toContain(`400 ValidationException: ${said}`);
  });
});
