/** What settings and the provider's own keys change about assertions: audiences, single use, encryption. */
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { masterKey } from "../../../src/seal/master-key.ts";
import { issue } from "../../harness/certificate.ts";
import { caller, refusal } from "../../harness/clients.ts";
import { postgresql, sqlite } from "../../contract/backends.ts";
import { onEachDatabase, starter } from "../../harness/places.ts";
import { encrypted } from "../../harness/saml/encryption.ts";
import type { Encryption } from "../../harness/saml/encryption.ts";
import { IdentityProvider, roleAttributes, sent } from "../../harness/saml/identity-provider.ts";
import { accountA, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const provider = arn(accountA, "saml-provider/idp");
const role = arn(accountA, "role/people");
const attributes = roleAttributes(role, provider);
const idp = new IdentityProvider();
const unreadable = /^InvalidIdentityTokenException 400: Invalid base64 SAMLResponse \(Service: /;

const assume = ({ a }: Pick<World, "a">, SAMLAssertion: string) =>
  a.sts.assumeRoleWithSAML({ RoleArn: role, PrincipalArn: provider, SAMLAssertion });

async function makeRole({ a, role: make }: World): Promise<void> {
  await a.iam.createSAMLProvider({ Name: "idp", SAMLMetadataDocument: idp.metadata() });
  await make(a, "people", trust({ Federated: provider }, "sts:AssumeRoleWithSAML"));
}

describe("audiences", () => {
  const start = starter();
  const other = () => idp.respond({ audiences: ["urn:example:rolecall"], attributes });

  test("the setting names more", async () => {
    const world = await startWorld(start, { saml: { audiences: ["urn:example:rolecall"] } });
    await makeRole(world);
    await assume(world, other());
    await assume(world, idp.respond({ attributes }));
    expect(await refusal(assume(world, idp.respond({ audiences: ["urn:x"], attributes })))).toBe(
      "InvalidIdentityTokenException 400: Response does not contain the required audience.",
    );
  });

  test("compatibility with AWS takes any", async () => {
    const world = await startWorld(start, { compatibility: "aws" });
    await makeRole(world);
    await assume(world, other());
  });
});

describe.each([sqlite, postgresql])("single use on $name", (backend) => {
  const start = starter(backend);

  test("an assertion is good once, also where it comes at two nodes at once", async () => {
    const place = await backend.place();
    const nodes = backend === postgresql ? 2 : 1;
    const options = {
      saml: { singleUse: true },
      database: place.location,
      masterKey: masterKey(randomBytes(32), "the test"),
    };
    const world = await startWorld(start, options);
    await makeRole(world);
    const administrator = world.server.created.find(({ accountId }) => accountId === accountA)!;
    const all: Pick<World, "a">[] = [world];
    for (let node = 1; node < nodes; node++) all.push({ a: caller((await start(options)).url, administrator) });
    const assertion = idp.respond({ attributes });
    const answers = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => assume(all[index % all.length]!, assertion)),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await refusal(assume(world, assertion))).toBe(
      "InvalidIdentityTokenException 400: The assertion was used before, and each may be used once.",
    );
    await assume(world, idp.respond({ attributes }));
  });
});

onEachDatabase("encrypted assertions", (start) => {
  let world: World;
  const [older, newer, stranger] = ["older", "newer", "stranger"].map((name) => issue({ name, type: "rsa" }));

  beforeAll(async () => {
    world = await startWorld(start);
    await makeRole(world);
    for (const { key } of [older!, newer!]) {
      await world.a.iam.updateSAMLProvider({ SAMLProviderArn: provider, AddPrivateKey: key });
    }
  });

  const respond = (to = newer!, encryption: Encryption = {}, assertion = idp.signed(idp.assertion({ attributes }))) =>
    sent(idp.response(encrypted(assertion, to.publicKey, encryption)));

  test.each([
    { cipher: "aes-128-cbc" },
    { cipher: "aes-256-cbc" },
    { cipher: "aes-128-gcm" },
    { cipher: "aes-256-gcm" },
    { hash: "sha256" },
  ] as const)("are decrypted: %j", async (encryption) => {
    await assume(world, respond(newer, encryption));
    await assume(world, respond(older, encryption));
  });

  test("are signed themselves, within and with the response", async () => {
    const unsigned = idp.assertion({ attributes });
    expect(await refusal(assume(world, respond(newer, {}, unsigned)))).toMatch(
      /an assertion with a mandatory signature \(/,
    );
    const forged = idp.signed(unsigned).replace(">ann<", ">admin<");
    expect(await refusal(assume(world, respond(newer, {}, forged)))).toBe(
      "InvalidIdentityTokenException 400: Response signature invalid",
    );
    const inside = idp.signed(unsigned);
    const two = respond(newer, {}, inside + inside);
    expect(await refusal(assume(world, two))).toMatch(unreadable);
    expect(await refusal(assume(world, respond(newer, {}, `<!DOCTYPE x>${inside}`)))).toMatch(unreadable);
  });

  test("have one answer, whatever is wrong with them", async () => {
    const wrong = [
      respond(stranger),
      respond(newer, { cipher: "aes-128-cbc", padding: 0 }),
      respond(newer, { cipher: "aes-128-cbc", padding: 17 }),
      respond(newer, {}, "no XML"),
      sent(idp.response(encrypted("x", newer!.publicKey).replace("aes256-gcm", "tripledes-cbc"))),
      sent(idp.response(encrypted("x", newer!.publicKey).replace("rsa-oaep-mgf1p", "rsa-1_5"))),
      sent(idp.response(encrypted("x", newer!.publicKey).replace(/<xenc:CipherValue>[^<]*/, "<xenc:CipherValue>AAAA"))),
    ];
    for (const one of wrong) expect(await refusal(assume(world, one))).toMatch(unreadable);
  });

  test("are asked for where the provider says so", async () => {
    await world.a.iam.updateSAMLProvider({ SAMLProviderArn: provider, AssertionEncryptionMode: "Required" });
    expect(await refusal(assume(world, idp.respond({ attributes })))).toMatch(unreadable);
    await assume(world, respond());
  });
});
