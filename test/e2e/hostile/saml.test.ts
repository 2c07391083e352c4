/** What attackers and broken identity providers send for assertions: each is refused, with AWS's fault, by a live server. */
import { beforeAll, describe, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { forged } from "../../harness/saml/forgery.ts";
import type { Forgery } from "../../harness/saml/forgery.ts";
import { IdentityProvider } from "../../harness/saml/identity-provider.ts";
import { accountA, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const provider = arn(accountA, "saml-provider/idp");
const role = arn(accountA, "role/people");
const start = starter();
let world: World;

beforeAll(async () => {
  // All of them come from one address, at once.
  const rates = { perAccount: 0, perPrincipal: 0, unverifiedPerSource: 0, unverifiedPerAccount: 0, burstSeconds: 1 };
  world = await startWorld(start, { limits: { rates } });
  await world.a.iam.createSAMLProvider({ Name: "idp", SAMLMetadataDocument: new IdentityProvider().metadata() });
  await world.role(world.a, "people", trust({ Federated: provider }, ["sts:AssumeRoleWithSAML", "sts:TagSession"]));
});

async function answerTo(SAMLAssertion: string): Promise<string> {
  const parameters = { Action: "AssumeRoleWithSAML", Version: "2011-06-15", RoleArn: role, PrincipalArn: provider };
  const body = new URLSearchParams({ ...parameters, SAMLAssertion }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const { status, body: answer } = await send(world.url, { headers, body });
  if (status === 200) return "a session";
  const [, code, message] = /<Code>(.*)<\/Code>\s*<Message>(.*)<\/Message>/s.exec(answer)!;
  const words = message!.replaceAll("&apos;", "'").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
  return `${code}: ${words.replace(/ \(Service: AWSOpenIdDiscoveryService; .*; Request ID: [-0-9a-f]{36}; Proxy: null\)$/, " (tail)")}`;
}

describe.each(["refused", "accepted"])("assertions that are %s", (file) => {
  test.each(casesIn<Forgery>(`saml/${file}.jsonl`))("$name", async (row) => {
    expect(await answerTo(forged(row, { role, provider }))).toBe(row.fault ?? "a session");
  });
});
