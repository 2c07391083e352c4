/**
 * Responses as identity providers lay them out, none in canonical form, signed by a library: prefixes or none,
 * declarations where they please, white space, empty elements, either quotation mark.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import { starter } from "../../harness/places.ts";
import { IdentityProvider, sent } from "../../harness/saml/identity-provider.ts";
import { accountA, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

type SignXml = (xml: string, xpath: string, location: object, options: object) => string;
const { signXml } = createRequire(import.meta.url)("@node-saml/node-saml/lib/xml.js") as { signXml: SignXml };

const role = arn(accountA, "role/people");
const provider = arn(accountA, "saml-provider/idp");
const idp = new IdentityProvider();
const start = starter();
let world: World;

beforeAll(async () => {
  world = await startWorld(start);
  await world.a.iam.createSAMLProvider({ Name: "idp", SAMLMetadataDocument: idp.metadata() });
  await world.role(world.a, "people", trust({ Federated: provider }, "sts:AssumeRoleWithSAML"));
});

function signed(xml: string, element: string): string {
  const within = `//*[local-name(.)='${element}']`;
  const { key: privateKey, cert: publicCert } = idp.certificate;
  const options = { privateKey, publicCert, signatureAlgorithm: "sha256", digestAlgorithm: "sha256" };
  return signXml(xml, within, { reference: `${within}/*[local-name(.)='Issuer']`, action: "after" }, options);
}

test.each([
  ["default-namespace", "Assertion", "ann@example.com"],
  ["default-namespace", "Response", "ann@example.com"],
  ["laid-out", "Assertion", "ann & bob <ann@example.com>"],
  ["laid-out", "Response", "ann & bob <ann@example.com>"],
])("%s, signed up to its %s", async (shape, upTo, subject) => {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  const values: Readonly<Record<string, string>> = { now: at(0), end: at(300), issuer: idp.entityId, role, provider };
  const file = new URL(`../../cases/saml/shapes/${shape}.xml`, import.meta.url);
  const xml = readFileSync(file, "utf8").replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name]!);
  const own = signed(xml, "Assertion");
  const whole = upTo === "Response" ? signed(own, "Response") : own;
  const { Subject } = await world.a.sts.assumeRoleWithSAML({
    RoleArn: role,
    PrincipalArn: provider,
    SAMLAssertion: sent(whole),
  });
  expect(Subject).toBe(subject);
});
