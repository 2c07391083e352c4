/** What the trail says of somebody who came with a token, from the first role to the fifth, and of one who was refused. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { publicJwk, TestIssuer } from "../../harness/oidc-issuer.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { sdkFault } from "../../harness/sdk-call.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import type { TrailEvent } from "../../harness/trail-events.ts";
import { accountA, allow, arn, document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const start = starter();
const directory = dataDirectory();
let issuer: TestIssuer;
let world: World;
let sts: STS;
let provider: string;

const entry = arn(accountA, "role/entry");
const next = [2, 3, 4, 5].map((step) => arn(accountA, `role/step-${step}`));
const claims = {
  sub: "repo:octo-org/octo-repo:ref:refs/heads/main",
  "https://aws.amazon.com/source_identity": "octocat",
  "https://aws.amazon.com/roles": [entry],
  "https://aws.amazon.com/tags": {
    principal_tags: { Team: ["blue"], Step: ["1"] },
    transitive_tag_keys: ["Team"],
  },
};

beforeAll(async () => {
  issuer = await TestIssuer.start();
  world = await startWorld(start, {
    dataDirectory: directory,
    issuers: { privateIssuers: [{ host: "127.0.0.1", port: issuer.port }], authorities: [issuer.ca] },
  });
  sts = new STS({ endpoint: world.url, region: "eu-central-1", maxAttempts: 1 });
  provider = arn(accountA, `oidc-provider/${issuer.name}`);
  await world.a.iam.createOpenIDConnectProvider({ Url: issuer.url, ClientIDList: ["sts.amazonaws.com"] });
  const federated = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"];
  const chained = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
  const asserted = {
    StringEquals: { "aws:RequestTag/Team": "blue", "sts:SourceIdentity": "octocat" },
    Bool: { "sts:RoleAuthorizedByIdp": "true" },
  };
  await world.role(
    world.a,
    "entry",
    document({ Effect: "Allow", Principal: { Federated: provider }, Action: federated, Condition: asserted }),
    allow(chained),
  );
  for (const [index, role] of next.entries()) {
    const from = index === 0 ? entry : next[index - 1]!;
    const carried = { StringEquals: { "aws:PrincipalTag/Team": "blue", "aws:SourceIdentity": "octocat" } };
    await world.role(
      world.a,
      role.slice(role.indexOf("/") + 1),
      document({ Effect: "Allow", Principal: { AWS: from }, Action: chained, Condition: carried }),
      allow(chained),
    );
  }
});

afterAll(() => issuer.close());

const shown = (token: string) =>
  sts.assumeRoleWithWebIdentity({
    RoleArn: entry,
    RoleSessionName: "ci",
    DurationSeconds: 1800,
    WebIdentityToken: token,
  });

test("a role begun with a token, and who it is in four more", async () => {
  const token = issuer.token(claims);
  let last: Caller = world.as(sessionKeys((await shown(token)).Credentials));
  for (const role of next) last = await world.assume(last, role);
  await last.sts.getCallerIdentity({});
  const events = (await trailEvents(world.server)).toReversed();
  const begun = events.find(({ eventName }) => eventName === "AssumeRoleWithWebIdentity")!;
  const principalId = `${provider}:sts.amazonaws.com:${claims.sub}`;
  expect(begun).toMatchObject({
    userIdentity: { type: "WebIdentityUser", principalId, userName: claims.sub, identityProvider: provider },
    eventSource: "sts.amazonaws.com",
    awsRegion: "us-east-1",
    readOnly: true,
    recipientAccountId: accountA,
    requestParameters: {
      roleArn: entry,
      roleSessionName: "ci",
      durationSeconds: 1800,
      sourceIdentity: "octocat",
      principalTags: { Team: "blue", Step: "1" },
      transitiveTagKeys: ["Team"],
    },
    responseElements: {
      subjectFromWebIdentityToken: claims.sub,
      audience: "sts.amazonaws.com",
      provider,
      sourceIdentity: "octocat",
      assumedRoleUser: { arn: `arn:aws:sts::${accountA}:assumed-role/entry/ci` },
    },
    additionalEventData: {
      identityProviderConnectionVerificationMethod: "IAMTrustStore",
      RoleAuthorizedByIdp: true,
      issuedSession: { chainDepth: 0 },
    },
    resources: [{ accountId: accountA, type: "AWS::IAM::Role", ARN: entry }],
  });
  const origin = (begun.additionalEventData["issuedSession"] as { sessionId: string }).sessionId;
  const later = events.slice(events.indexOf(begun) + 1);
  expect(later.map(({ eventName }) => eventName)).toEqual([...next.map(() => "AssumeRole"), "GetCallerIdentity"]);
  for (const event of later) {
    expect(event.userIdentity).toMatchObject({
      type: "AssumedRole",
      sessionContext: { sourceIdentity: "octocat" },
    });
    expect(event.additionalEventData["hats"]).toMatchObject({
      originSessionId: origin,
      originPrincipalId: principalId,
      originArn: provider,
    });
  }
  expect(later[0]!.userIdentity).toMatchObject({
    sessionContext: { webIdFederationData: { federatedProvider: provider, attributes: {} } },
  });
});

test("a refusal is told to the role's account, with all that was looked at; the token is nowhere", async () => {
  const token = issuer.token({ ...claims, aud: "somebody-else" });
  expect(await shown(token).catch(sdkFault)).toMatch(/^InvalidIdentityToken: The web identity token/);
  const unreadable = "nothing-that-anybody-could-read";
  expect(await shown(unreadable).catch(sdkFault)).toMatch(/^InvalidIdentityToken: The ID Token/);
  const [notRead, refused] = (await trailEvents(world.server)) as [TrailEvent, TrailEvent];
  expect(notRead).toMatchObject({ recipientAccountId: accountA, errorCode: "InvalidIdentityToken" });
  expect(refused).toMatchObject({
    recipientAccountId: accountA,
    userIdentity: { type: "Unknown" },
    errorCode: "InvalidIdentityToken",
    additionalEventData: {
      checks: expect.arrayContaining([
        { name: "role", passed: true, seen: entry },
        expect.objectContaining({
          name: "audience",
          passed: false,
          wanted: "sts.amazonaws.com",
          seen: "somebody-else",
        }),
      ]),
    },
  });
  const text = JSON.stringify([...(await trailEvents(world.server))]) + textsIn(directory);
  for (const part of [...token.split("."), unreadable]) expect(text).not.toContain(part);
  expect(text).toContain("somebody-else");
});

test("a role that does not exist is one that does not trust, and only with a good token", async () => {
  const nowhere = { RoleArn: arn(accountA, "role/nowhere"), RoleSessionName: "ci" };
  const call = (WebIdentityToken: string) =>
    sts.assumeRoleWithWebIdentity({ ...nowhere, WebIdentityToken }).catch(sdkFault);
  expect(await call(issuer.token())).toBe("AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity");
  expect(await call(issuer.token({ aud: "other" }))).toMatch(/^InvalidIdentityToken: /);
  const [event] = await trailEvents(world.server);
  expect(event).toMatchObject({ errorCode: "InvalidIdentityToken" });
});

test("tags and a source identity are asked of the trust policy each", async () => {
  const rules = { "sts:TagSession": claims["https://aws.amazon.com/tags"], "sts:SetSourceIdentity": "octocat" };
  const names = { "sts:TagSession": "tags", "sts:SetSourceIdentity": "source_identity" } as const;
  for (const [action, value] of Object.entries(rules)) {
    const name = names[action as keyof typeof names];
    const statement = { Effect: "Allow", Principal: { Federated: provider }, Action: "sts:AssumeRoleWithWebIdentity" };
    const role = await world.role(world.a, `without-${name}`, document(statement));
    const WebIdentityToken = issuer.token({ [`https://aws.amazon.com/${name}`]: value });
    const call = { RoleArn: role, RoleSessionName: "ci", WebIdentityToken };
    expect(await sts.assumeRoleWithWebIdentity(call).catch(sdkFault)).toBe(
      "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
    await world.a.iam.updateAssumeRolePolicy({
      RoleName: `without-${name}`,
      PolicyDocument: document({ ...statement, Action: [statement.Action, action] }),
    });
    expect((await sts.assumeRoleWithWebIdentity(call)).Credentials).toBeDefined();
  }
});

function textsIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"))
    .join("\n");
}

test("a provider that is given up while its issuer is waited for vouches for nobody", async () => {
  const slow = await TestIssuer.start({ path: "/slow" });
  const { url, a } = await startWorld(start, {
    issuers: { privateIssuers: [{ host: "127.0.0.1", port: slow.port }], authorities: [slow.ca] },
  });
  const named = arn(accountA, `oidc-provider/${slow.name}`);
  await a.iam.createOpenIDConnectProvider({ Url: slow.url, ClientIDList: ["sts.amazonaws.com"] });
  const trusting = document({
    Effect: "Allow",
    Principal: { Federated: named },
    Action: "sts:AssumeRoleWithWebIdentity",
  });
  await a.iam.createRole({ RoleName: "entry", AssumeRolePolicyDocument: trusting });
  let letGo = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    slow.behaviour = (request, response) => {
      if (request.url !== "/slow/keys") return false;
      letGo = () => response.end(JSON.stringify({ keys: slow.keys.map(publicJwk) }));
      resolve();
      return true;
    };
  });
  const call = new STS({ endpoint: url, region: "us-east-1", maxAttempts: 1 })
    .assumeRoleWithWebIdentity({ RoleArn: entry, RoleSessionName: "ci", WebIdentityToken: slow.token() })
    .catch(sdkFault);
  await asked;
  await a.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: named });
  letGo();
  expect(await call).toBe(`InvalidIdentityToken: No OpenIDConnect provider found in your account for ${slow.url}`);
  await slow.close();
});
