/** AssumeRoleWithSAML: from an assertion to a session, and what the session is. */
import { beforeAll, expect, test } from "vitest";
import { caller, refusal, sessionKeys } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { IdentityProvider, roleAttributes } from "../../harness/saml/identity-provider.ts";
import { accountA, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const provider = arn(accountA, "saml-provider/idp");
const withSaml = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"];

onEachDatabase("AssumeRoleWithSAML", (start) => {
  let world: World;
  let role: string;
  const idp = new IdentityProvider();

  beforeAll(async () => {
    world = await startWorld(start);
    await world.a.iam.createSAMLProvider({ Name: "idp", SAMLMetadataDocument: idp.metadata() });
    role = await world.role(world.a, "people", trust({ Federated: provider }, withSaml));
  });

  const assume = (SAMLAssertion: string, more: object = {}) =>
    world.a.sts.assumeRoleWithSAML({ RoleArn: role, PrincipalArn: provider, SAMLAssertion, ...more });

  test("answers who it was, and a session of the role", async () => {
    const answer = await assume(idp.respond({ attributes: roleAttributes(role, provider) }));
    expect(answer).toMatchObject({
      Subject: "ann",
      SubjectType: "persistent",
      Issuer: idp.entityId,
      Audience: "https://signin.aws.amazon.com/saml",
    });
    const session = caller(world.url, sessionKeys(answer.Credentials));
    const { Arn } = await session.sts.getCallerIdentity({});
    expect(Arn).toBe(`arn:aws:sts::${accountA}:assumed-role/people/ann@example.com`);
    expect(await refusal(assume("AAAA"))).toMatch(/^InvalidIdentityTokenException 400: Invalid base64 SAMLResponse/);
  });
});
