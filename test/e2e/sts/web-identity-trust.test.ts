/** Trust policies of CI systems (test/cases/policy/oidc-trust.jsonl), put on roles that tokens of those issuers are shown for. */
import { STS } from "@aws-sdk/client-sts";
import { beforeAll, expect, test } from "vitest";
import * as roles from "../../../src/store/iam/roles.ts";
import { casesIn } from "../../harness/cases.ts";
import { sharedMaterial, tokenOf } from "../../harness/oidc-issuer.ts";
import { giveKeys } from "../../harness/oidc-provider-keys.ts";
import { starter } from "../../harness/places.ts";
import { sdkFault } from "../../harness/sdk-call.ts";
import { accountA, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

interface Row {
  readonly id: string;
  readonly request: { readonly principal: string; readonly context: Readonly<Record<string, string>> };
  readonly policies: { readonly resource: object };
  readonly expected: "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";
}

const start = starter();
const { key } = sharedMaterial();
const usualAudience = "sts.amazonaws.com";
const rows = casesIn<Row>("policy/oidc-trust.jsonl").filter(({ request }) =>
  request.principal.includes(":oidc-provider/"),
);
let world: World;
let sts: STS;

const issuerOf = ({ request }: Row): string => request.principal.slice(request.principal.indexOf("/") + 1);

/** The claims that give the context of a row. */
function claimsOf(row: Row): Readonly<Record<string, string>> {
  const prefix = `${issuerOf(row)}:`;
  const claims = Object.entries(row.request.context).map(([name, value]) => [name.slice(prefix.length), value]);
  expect(Object.keys(row.request.context).filter((name) => !name.startsWith(prefix))).toEqual([]);
  return { aud: usualAudience, ...Object.fromEntries(claims) };
}

beforeAll(async () => {
  world = await startWorld(start);
  sts = new STS({ endpoint: world.url, region: "us-east-1", maxAttempts: 1 });
  for (const issuer of new Set(rows.map(issuerOf))) {
    const audiences = rows.filter((row) => issuerOf(row) === issuer).map((row) => claimsOf(row)["aud"]!);
    const Url = `https://${issuer}`;
    await world.a.iam.createOpenIDConnectProvider({ Url, ClientIDList: [...new Set([usualAudience, ...audiences])] });
    await giveKeys(world, Url, [key]);
  }
});

test("there are rows of many issuers", () => {
  expect(rows.length).toBeGreaterThan(60);
  expect(new Set(rows.map(issuerOf)).size).toBeGreaterThan(4);
});

/** Without a condition on what tells the issuer's tenants apart: IAM takes none of them any more (secure by default). */
const ofBefore = [
  "subvectors:gh-aws-aud-pinned-official-action",
  "subvectors:gh-aws-aud-default-owner-url-rejected",
  "subvectors:gh-aws-environment-key-absent-claim-rejected",
  "subvectors:gh-aws-repository-id-immutable-pin",
];

/** A role with a policy of the time before that rule: such ones are still in force. */
async function roleOfBefore(name: string, trustPolicy: string): Promise<string> {
  const fault = await world.role(world.a, name, trustPolicy).catch(sdkFault);
  expect(fault).toMatch(/^MalformedPolicyDocument: Trust policy with trusted principal/);
  const role = await world.role(world.a, name, trust({ AWS: accountA }));
  await world.server.environment().database.write(async (tx) => {
    const record = await roles.byName(tx, accountA, name);
    await roles.update(tx, record!, { trustPolicy, trustBindings: {} });
  });
  return role;
}

test.each(rows)("$id: $expected", async (row) => {
  const name = `ci-${rows.indexOf(row)}`;
  const policy = JSON.stringify(row.policies.resource);
  const role = await (ofBefore.includes(row.id) ? roleOfBefore(name, policy) : world.role(world.a, name, policy));
  const now = Math.floor(Date.now() / 1000);
  const token = tokenOf(key, { iss: `https://${issuerOf(row)}`, iat: now, exp: now + 600, ...claimsOf(row) });
  const answer = await sts
    .assumeRoleWithWebIdentity({ RoleArn: role, RoleSessionName: "ci", WebIdentityToken: token })
    .then(() => "Allowed", sdkFault);
  expect(answer).toBe(
    row.expected === "Allowed" ? "Allowed" : "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
  );
});
