/** AssumeRoleWithSAML: from an assertion to a session, what the trust policy judges, and what the session is. */
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { caller, refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { IdentityProvider, roleAttributes } from "../../harness/saml/identity-provider.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import type { Claims } from "../../harness/saml/identity-provider.ts";
import { accountA, accountB, allow, arn, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const provider = arn(accountA, "saml-provider/idp");
const signIn = "https://signin.aws.amazon.com/saml";
const withSaml = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"];
const denied = "AccessDenied 403: Not authorized to perform sts:AssumeRoleWithSAML";
const idp = new IdentityProvider();
const nameQualifier = createHash("sha1").update(`${idp.entityId}${accountA}/idp`).digest("base64");

type More = Readonly<Record<string, string | readonly string[]>>;

onEachDatabase("AssumeRoleWithSAML", (start) => {
  let world: World;
  let role: string;
  let count = 0;

  beforeAll(async () => {
    world = await startWorld(start);
    await world.a.iam.createSAMLProvider({ Name: "idp", SAMLMetadataDocument: idp.metadata() });
    role = await world.role(world.a, "people", trust({ Federated: provider }, withSaml), allow("iam:*"));
  });

  const assume = (SAMLAssertion: string, more: object = {}) =>
    world.a.sts.assumeRoleWithSAML({ RoleArn: role, PrincipalArn: provider, SAMLAssertion, ...more });
  const respond = (more: More = {}, claims: Claims = {}, of = role) =>
    idp.respond({ ...claims, attributes: roleAttributes(of, provider, more) });
  const session = async (more: More = {}): Promise<Caller> =>
    caller(world.url, sessionKeys((await assume(respond(more))).Credentials));

  test("answers who it was, and a session of the role", async () => {
    const answer = await assume(respond({ SourceIdentity: "ann" }));
    expect(answer).toMatchObject({
      Subject: "ann",
      SubjectType: "persistent",
      Issuer: idp.entityId,
      Audience: signIn,
      SourceIdentity: "ann",
      NameQualifier: nameQualifier,
      AssumedRoleUser: { Arn: `arn:aws:sts::${accountA}:assumed-role/people/ann@example.com` },
    });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
    const { Arn } = await caller(world.url, sessionKeys(answer.Credentials)).sts.getCallerIdentity({});
    expect(Arn).toBe(`arn:aws:sts::${accountA}:assumed-role/people/ann@example.com`);
  });

  test("a refusal keeps for the administrator what was wanted and what there was, and never the assertion", async () => {
    const assertion = respond({ Role: "x,y" });
    await refusal(assume(assertion));
    const refused = (await trailEvents(world.server)).find(({ errorCode }) => errorCode === "InvalidIdentityToken")!;
    expect(refused.recipientAccountId).toBe(accountA);
    const sidecar = JSON.stringify(refused);
    expect(sidecar).not.toContain(assertion.slice(0, 40));
    expect(refused.additionalEventData["checks"]).toContainEqual({
      name: "Role",
      passed: false,
      wanted: `${role},${provider}`,
      seen: "x,y",
      advice: expect.stringContaining("either order") as string,
    });
  });

  test("one assertion serves for several roles", async () => {
    const other = await world.role(world.a, "others", trust({ Federated: provider }, withSaml));
    const pairs = [role, other].map((one) => `${one},${provider}`);
    const assertion = respond({ Role: pairs });
    await assume(assertion);
    await assume(assertion);
    const { AssumedRoleUser } = await assume(assertion, { RoleArn: other });
    expect(AssumedRoleUser!.Arn).toMatch(/assumed-role\/others\//);
  });

  test("the name's format keeps what is not SAML 2.0's own", async () => {
    const format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    expect((await assume(respond({}, { format }))).SubjectType).toBe(format);
  });

  /** Seconds, a second more or less. */
  test.each([
    ["an hour, where nobody says otherwise", {}, {}, {}, 3600],
    ["what the call asks for", {}, {}, { DurationSeconds: 900 }, 900],
    ["not longer than the attribute", { SessionDuration: "1200" }, {}, {}, 1200],
    ["not as long as the attribute, where the call asks for less", { SessionDuration: "7200" }, {}, {}, 3600],
    ["until the provider's own session ends, be it soon", {}, { ends: { session: 300 } }, {}, 300],
  ] as const)("a session lasts %s", async (_, more, claims, input, seconds) => {
    const { Credentials } = await assume(respond(more, claims), input);
    expect(Math.abs((Credentials!.Expiration!.getTime() - Date.now()) / 1000 - seconds)).toBeLessThan(3);
  });

  describe("what the trust policy judges", () => {
    const edu = "urn:oid:1.3.6.1.4.1.5923.1.1.1";
    const sent = {
      SourceIdentity: "ann",
      "PrincipalTag:team": "blue",
      TransitiveTagKeys: "team",
      [`${edu}.1`]: ["staff", "member"],
      [`${edu}.6`]: "ann@uni.example",
      "urn:oid:2.5.4.3": "Ann",
      "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": "ann@example.com",
      "2.5.4.4": "Example",
    };
    test.each([
      ["saml:aud", "StringEquals", signIn],
      ["saml:iss", "StringEquals", idp.entityId],
      ["saml:sub", "StringEquals", "ann"],
      ["saml:sub_type", "StringEquals", "persistent"],
      ["saml:doc", "StringEquals", `${accountA}/idp`],
      ["SAML:NameQualifier", "StringEquals", nameQualifier],
      ["saml:eduPersonAffiliation", "ForAnyValue:StringEquals", "member"],
      ["saml:edupersonprincipalname", "StringEquals", "ann@uni.example"],
      ["saml:cn", "ForAnyValue:StringEquals", "Ann"],
      ["saml:mail", "StringEquals", "ann@example.com"],
      ["saml:surname", "StringEquals", "Example"],
      ["sts:RoleSessionName", "StringEquals", "ann@example.com"],
      ["sts:SourceIdentity", "StringEquals", "ann"],
      ["sts:TransitiveTagKeys", "ForAnyValue:StringEquals", "team"],
      ["aws:RequestTag/team", "StringEquals", "blue"],
      ["aws:TagKeys", "ForAnyValue:StringEquals", "team"],
      ["aws:userid", "StringEquals", provider],
      ["aws:PrincipalType", "StringEquals", "User"],
      ["aws:PrincipalAccount", "StringEquals", accountA],
    ])("%s", async (key, operator, value) => {
      const name = `judged-${count++}`;
      const judged = (wanted: string) =>
        trust({ Federated: provider }, withSaml, { Condition: { [operator]: { [key]: wanted } } });
      const of = await world.role(world.a, name, judged(value));
      await assume(respond(sent, {}, of), { RoleArn: of });
      await world.a.iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument: judged(`${value}x`) });
      expect(await refusal(assume(respond(sent, {}, of), { RoleArn: of }))).toBe(denied);
    });

    test("absent are the ARN of a principal and a second factor", async () => {
      const absent = { Null: { "aws:PrincipalArn": "true", "aws:MultiFactorAuthPresent": "true" } };
      const of = await world.role(world.a, "absent", trust({ Federated: provider }, withSaml, { Condition: absent }));
      await assume(respond({}, {}, of), { RoleArn: of });
    });

    test.each([
      [
        "tags without sts:TagSession",
        { "PrincipalTag:team": "blue" },
        ["sts:AssumeRoleWithSAML", "sts:SetSourceIdentity"],
      ],
      [
        "a source identity without sts:SetSourceIdentity",
        { SourceIdentity: "ann" },
        ["sts:AssumeRoleWithSAML", "sts:TagSession"],
      ],
      ["another action", {}, ["sts:AssumeRole", "sts:TagSession"]],
    ])("refused are %s", async (_, more, actions) => {
      const of = await world.role(world.a, `refused-${count++}`, trust({ Federated: provider }, actions));
      expect(await refusal(assume(respond(more, {}, of), { RoleArn: of }))).toBe(denied);
    });

    test("refused are roles that trust another provider, everybody of the account, or nobody that there is", async () => {
      const others = [{ Federated: arn(accountA, "saml-provider/other") }, { AWS: accountA }];
      for (const principal of others) {
        const of = await world.role(world.a, `others-${count++}`, trust(principal, withSaml));
        expect(await refusal(assume(respond({}, {}, of), { RoleArn: of }))).toBe(denied);
      }
      const none = arn(accountA, "role/no-such-role");
      expect(await refusal(assume(respond({}, {}, none), { RoleArn: none }))).toBe(denied);
      const reserved = arn(accountA, "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1");
      expect(await refusal(assume(respond({}, {}, reserved), { RoleArn: reserved }))).toBe(denied);
    });
  });

  test("a provider of another account is none of the role's", async () => {
    await world.b.iam.createSAMLProvider({ Name: "idp", SAMLMetadataDocument: idp.metadata() });
    const PrincipalArn = arn(accountB, "saml-provider/idp");
    const attributes = roleAttributes(role, PrincipalArn);
    expect(await refusal(assume(idp.respond({ attributes }), { PrincipalArn }))).toBe(
      "InvalidIdentityTokenException 400: Specified provider doesn't exist.",
    );
  });

  test("a provider that is made anew is trusted again, by its new keys alone", async () => {
    const PrincipalArn = arn(accountA, "saml-provider/anew");
    const successor = new IdentityProvider(idp.entityId, "successor");
    const of = await world.role(world.a, "anew", trust({ Federated: PrincipalArn }, withSaml));
    const attributes = roleAttributes(of, PrincipalArn);
    await world.a.iam.createSAMLProvider({ Name: "anew", SAMLMetadataDocument: idp.metadata() });
    await assume(idp.respond({ attributes }), { PrincipalArn, RoleArn: of });
    await world.a.iam.deleteSAMLProvider({ SAMLProviderArn: PrincipalArn });
    expect(await refusal(assume(idp.respond({ attributes }), { PrincipalArn, RoleArn: of }))).toMatch(/doesn't exist/);
    await world.a.iam.createSAMLProvider({ Name: "anew", SAMLMetadataDocument: successor.metadata() });
    await assume(successor.respond({ attributes }), { PrincipalArn, RoleArn: of });
    expect(await refusal(assume(idp.respond({ attributes }), { PrincipalArn, RoleArn: of }))).toBe(
      "InvalidIdentityTokenException 400: Response signature invalid",
    );
  });

  test("any key of the metadata may sign, and more identity providers than one", async () => {
    const successor = new IdentityProvider(idp.entityId, "successor");
    const both = idp.metadata(successor.certificate, idp.certificate);
    await world.a.iam.createSAMLProvider({ Name: "both", SAMLMetadataDocument: both });
    const PrincipalArn = arn(accountA, "saml-provider/both");
    const of = await world.role(world.a, "both", trust({ Federated: PrincipalArn }, withSaml));
    const attributes = roleAttributes(of, PrincipalArn);
    for (const one of [idp, successor]) await assume(one.respond({ attributes }), { PrincipalArn, RoleArn: of });
  });

  test("the session has the subject's keys and the tags, and none of the others", async () => {
    const own = allow("iam:ListUsers", "*", {
      Condition: {
        StringEquals: { "saml:sub": "ann", "saml:sub_type": "persistent", "aws:PrincipalTag/team": "blue" },
        Null: {
          "saml:namequalifier": "false",
          "saml:aud": "true",
          "saml:iss": "true",
          "saml:doc": "true",
          "saml:mail": "true",
        },
      },
    });
    const of = await world.role(world.a, "keys", trust({ Federated: provider }, withSaml), own);
    const mail = { "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": "ann@example.com" };
    const { Credentials } = await assume(respond({ "PrincipalTag:team": "blue", ...mail }, {}, of), { RoleArn: of });
    expect((await caller(world.url, sessionKeys(Credentials)).iam.listUsers({})).Users).toBeDefined();
  });

  test("session policies limit it", async () => {
    const answer = await assume(respond(), { Policy: document(allow("iam:ListRoles")) });
    const limited = caller(world.url, sessionKeys(answer.Credentials));
    expect((await limited.iam.listRoles({})).Roles).toBeDefined();
    expect(await refusal(limited.iam.listUsers({}))).toMatch(/no session policy allows the iam:ListUsers action$/);
  });

  test("a chain of five roles hands on what is transitive, and who it was", async () => {
    const chained = allow(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
    const first = await world.role(world.a, "chain-1", trust({ Federated: provider }, withSaml), chained);
    const sent = {
      "PrincipalTag:team": "blue",
      "PrincipalTag:stage": "x",
      TransitiveTagKeys: "team",
      SourceIdentity: "ann",
    };
    const { Credentials } = await assume(respond(sent, {}, first), { RoleArn: first });
    let wearer = caller(world.url, sessionKeys(Credentials));
    const seen = allow("iam:ListUsers", "*", {
      Condition: {
        StringEquals: { "aws:PrincipalTag/team": "blue", "aws:SourceIdentity": "ann" },
        Null: { "aws:PrincipalTag/stage": "true" },
      },
    });
    for (const number of [2, 3, 4, 5]) {
      const actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
      const next = await world.role(world.a, `chain-${number}`, trust({ AWS: accountA }, actions), chained, seen);
      wearer = await world.assume(wearer, next);
      expect((await wearer.iam.listUsers({})).Users).toBeDefined();
    }
    await wearer.sts.getCallerIdentity({});
    const events = await trailEvents(world.server);
    const last = events.find(({ eventName }) => eventName === "GetCallerIdentity")!;
    const begun = events.find(
      ({ eventName, errorCode }) => eventName === "AssumeRoleWithSAML" && errorCode === undefined,
    )!;
    const person = `${nameQualifier}:ann`;
    expect(begun).toMatchObject({
      userIdentity: { type: "SAMLUser", principalId: person, userName: "ann", identityProvider: nameQualifier },
      requestParameters: {
        roleArn: first,
        principalArn: provider,
        sAMLAssertionID: expect.stringMatching(/^_[-0-9a-f]{36}$/) as string,
        roleSessionName: "ann@example.com",
        sourceIdentity: "ann",
        principalTags: { team: "blue", stage: "x" },
        transitiveTagKeys: ["team"],
      },
      resources: [
        { accountId: accountA, type: "AWS::IAM::Role", ARN: first },
        { accountId: accountA, type: "AWS::IAM::SAMLProvider", ARN: provider },
      ],
      recipientAccountId: accountA,
    });
    expect(JSON.stringify(begun)).not.toMatch(/sAMLAssertion"|PHNhbWxwO/);
    const worn = events.filter(({ eventName }) => eventName === "AssumeRole").slice(0, 4);
    for (const { additionalEventData } of [...worn, last]) {
      expect(additionalEventData).toMatchObject({ hats: { originArn: provider, originPrincipalId: person } });
    }
  });

  test("the session is like any other", async () => {
    const ann = await session();
    expect((await ann.iam.listUsers({})).Users).toBeDefined();
    await world.a.iam.putRolePolicy({
      RoleName: "people",
      PolicyName: "revoked",
      PolicyDocument: document({
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: { DateLessThan: { "aws:TokenIssueTime": new Date(Date.now() + 5000).toISOString() } },
      }),
    });
    expect(await refusal(ann.iam.listUsers({}))).toMatch(/explicit deny/);
    await world.a.iam.deleteRolePolicy({ RoleName: "people", PolicyName: "revoked" });
  });
});
