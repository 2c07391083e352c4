/** Tokens as issuers out there make them: which condition keys come of them (test/cases/federation/README.md). */
import { STS } from "@aws-sdk/client-sts";
import { beforeAll, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { sessionKeys } from "../../harness/clients.ts";
import { sharedMaterial, tokenOf } from "../../harness/oidc-issuer.ts";
import { giveKeys } from "../../harness/oidc-provider-keys.ts";
import { atTime } from "../../harness/oidc-token.ts";
import { starter } from "../../harness/places.ts";
import { sdkFault } from "../../harness/sdk-call.ts";
import { accountA, allow, arn, document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

interface Issuer {
  readonly name: string;
  readonly issuer: string;
  readonly clients?: readonly string[];
  readonly header?: object;
  readonly after?: string;
  readonly claims: { readonly aud: string | readonly string[]; readonly sub: string };
  /** Conditions of a trust policy. */
  readonly holds: object;
  readonly fails: object;
}

const start = starter();
const { key } = sharedMaterial();
const issuers = casesIn<Issuer>("federation/issuers.jsonl");
let world: World;
let sts: STS;

const clientsOf = ({ claims, clients }: Issuer): readonly string[] => clients ?? [claims.aud].flat();
const actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"];

beforeAll(async () => {
  world = await startWorld(start);
  sts = new STS({ endpoint: world.url, region: "us-east-1", maxAttempts: 1 });
  for (const Url of new Set(issuers.map(({ issuer }) => issuer))) {
    const of = issuers.filter(({ issuer }) => issuer === Url);
    await world.a.iam.createOpenIDConnectProvider({ Url, ClientIDList: [...new Set(of.flatMap(clientsOf))] });
    await giveKeys(world, Url, [key]);
  }
});

async function shown(role: string, { issuer, claims, header, after = "" }: Issuer) {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: issuer, iat: now, exp: now + 300, ...(atTime(claims, now) as object) };
  return sts.assumeRoleWithWebIdentity({
    RoleArn: role,
    RoleSessionName: "session",
    WebIdentityToken: tokenOf(key, all, header) + after,
  });
}

function trusting({ issuer }: Issuer, condition: object): string {
  const Principal = { Federated: arn(accountA, `oidc-provider/${issuer.slice("https://".length)}`) };
  return document({ Effect: "Allow", Principal, Action: actions, Condition: condition });
}

test.each(issuers)("$name", async (one) => {
  const index = issuers.indexOf(one);
  const role = await world.role(world.a, `holds-${index}`, trusting(one, one.holds));
  const answer = await shown(role, one);
  expect(answer).toMatchObject({ SubjectFromWebIdentityToken: one.claims.sub, Audience: clientsOf(one)[0] });
  const other = await world.role(world.a, `fails-${index}`, trusting(one, one.fails));
  expect(await shown(other, one).catch(sdkFault)).toBe(
    "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
  );
});

test("of a token's keys aud, sub and amr stay with the session, beside the provider; all others are for its trust alone", async () => {
  const google = issuers.find(({ name }) => name === "Google")!;
  const provider = arn(accountA, "oidc-provider/accounts.google.com");
  const stays = {
    StringEquals: {
      "accounts.google.com:aud": "100018646976219416293",
      "Accounts.Google.com:SUB": "100018646976219416293",
      "aws:FederatedProvider": provider,
    },
    Null: {
      "accounts.google.com:oaud": "true",
      "accounts.google.com:email": "true",
      "accounts.google.com:google/organization_number": "true",
      "sts:RoleAuthorizedByIdp": "true",
      "aws:MultiFactorAuthAge": "true",
    },
    BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
  };
  const role = await world.role(
    world.a,
    "google",
    trusting(google, {
      StringEquals: { "accounts.google.com:aud": "100018646976219416293", "aws:FederatedProvider": provider },
      Bool: { "sts:RoleAuthorizedByIdp": "false" },
    }),
    allow("iam:ListRoles", "*", { Condition: stays }),
  );
  const { Credentials } = await shown(role, google);
  expect((await world.as(sessionKeys(Credentials)).iam.listRoles({})).Roles).toBeDefined();
});
