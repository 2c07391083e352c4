/** Tokens of an OpenID Connect issuer, good and bad, shown to a live server (test/cases/federation/README.md). */
import { STS } from "@aws-sdk/client-sts";
import type { AssumeRoleWithWebIdentityCommandInput } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { TestClock } from "../../harness/deterministic.ts";
import { signingKey, TestIssuer } from "../../harness/oidc-issuer.ts";
import { keyring, signedToken } from "../../harness/oidc-token.ts";
import type { TokenCase } from "../../harness/oidc-token.ts";
import { starter } from "../../harness/places.ts";
import { sdkFault } from "../../harness/sdk-call.ts";
import { accountA, arn, document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

interface Case {
  readonly name: string;
  readonly source: string;
  readonly token: TokenCase;
  readonly call?: Partial<AssumeRoleWithWebIdentityCommandInput>;
  readonly expect: string | Readonly<Record<string, unknown>>;
}

const start = starter();
/** The server's present: no second passes between a token and the call. */
const now = Math.floor(Date.now() / 1000);
const keys = keyring();
const stranger = signingKey("stranger", "RS256");
let issuer: TestIssuer;
let other: TestIssuer;
let world: World;
let sts: STS;

const role = arn(accountA, "role/probe");

beforeAll(async () => {
  issuer = await TestIssuer.start({ keys: Object.values(keys) });
  other = await TestIssuer.start({ keys: Object.values(keys) });
  const privateIssuers = [issuer, other].map(({ port }) => ({ host: "127.0.0.1", port }));
  world = await startWorld(start, {
    clock: new TestClock(now * 1000),
    issuers: { privateIssuers, authorities: [issuer.ca] },
  });
  for (const { url } of [issuer, other]) {
    await world.a.iam.createOpenIDConnectProvider({ Url: url, ClientIDList: ["client-a", "client-b"] });
  }
  await world.role(world.a, "probe", trustIn(issuer));
  await world.a.iam.updateRole({ RoleName: "probe", MaxSessionDuration: 7200 });
  sts = new STS({ endpoint: world.url, region: "us-east-1", maxAttempts: 1 });
});

afterAll(async () => {
  await Promise.all([issuer.close(), other.close()]);
});

function provider({ name }: TestIssuer): string {
  return arn(accountA, `oidc-provider/${name}`);
}

/** In whatever a token says, but who is called `nobody`. */
function trustIn(of: TestIssuer): string {
  return document({
    Effect: "Allow",
    Principal: { Federated: provider(of) },
    Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"],
    Condition: { StringNotEquals: { [`${of.name}:sub`]: "nobody" } },
  });
}

function spelt<T>(value: T): T {
  const names: Record<string, string> = { issuer: issuer.url, other: other.url, provider: provider(issuer), role };
  const text = JSON.stringify(value)
    .replaceAll(/\$\{now([+-]\d+)\}/g, (_, seconds: string) => String(now + Number(seconds)))
    .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => names[name]!);
  return JSON.parse(text) as T;
}

async function shown(token: TokenCase, call: Case["call"]): Promise<unknown> {
  const WebIdentityToken = signedToken(token, { issuer: issuer.url, keys, stranger }, now);
  return sts
    .assumeRoleWithWebIdentity({ RoleArn: role, RoleSessionName: "session", WebIdentityToken, ...call })
    .catch(sdkFault);
}

describe("a token", () => {
  test.each(casesIn<Case>("federation/tokens.jsonl"))("$name", async (one) => {
    const { token, call, expect: expected } = spelt(one);
    const answer = await shown(token, call);
    if (typeof expected !== "string") expect(answer).toMatchObject(expected);
    else if (expected.startsWith("re:")) expect(answer).toMatch(new RegExp(expected.slice(3)));
    else expect(answer).toBe(expected);
  });
});
