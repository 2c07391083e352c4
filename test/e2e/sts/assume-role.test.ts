/** Who may put on a role, and what the role then knows of them. */
import { beforeAll, expect, test } from "vitest";
import { TestClock } from "../../harness/deterministic.ts";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, deny, document, outside, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const session = "session";

function assumption(who: Caller, roleArn: string, more: object = {}) {
  return who.sts.assumeRole({ RoleArn: roleArn, RoleSessionName: session, ...more });
}

/** STS never says why. */
function denied(who: string, role: string, action = "sts:AssumeRole"): string {
  return `AccessDenied 403: User: ${who} is not authorized to perform: ${action} on resource: ${role}`;
}

onEachDatabase("who may assume a role", (start) => {
  let world: World;
  let bob: Caller;
  const bobArn = arn(accountA, "user/bob");

  beforeAll(async () => {
    world = await startWorld(start, { clock: new TestClock(Date.now()) });
    bob = await world.user(world.a, "bob");
  });

  test("a user of the same account that the trust policy names needs no policy of their own", async () => {
    const role = await world.role(world.a, "named", trust({ AWS: bobArn }));
    const answer = await assumption(bob, role);
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${accountA}:assumed-role/named/session`);
    expect(answer.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:session$/);
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    // Observed on AWS, September 2026: a session without policies and tags says it too.
    expect(answer.PackedPolicySize).toBe(9);
    const identity = await world.as(sessionKeys(answer.Credentials)).sts.getCallerIdentity({});
    expect(identity).toMatchObject({
      Account: accountA,
      Arn: answer.AssumedRoleUser?.Arn,
      UserId: answer.AssumedRoleUser?.AssumedRoleId,
    });
    const alice = await world.user(world.a, "alice");
    expect(await refusal(assumption(alice, role))).toBe(denied(arn(accountA, "user/alice"), role));
  });

  test("trust in the account hands the decision to the account's own policies", async () => {
    const role = await world.role(world.a, "delegated", trust({ AWS: accountA }));
    expect(await refusal(assumption(bob, role))).toBe(denied(bobArn, role));
    const may = await world.user(world.a, "may", allow("sts:AssumeRole", role));
    expect((await assumption(may, role)).AssumedRoleUser).toBeDefined();
    const mayOther = await world.user(world.a, "may-other", allow("sts:AssumeRole", `${role}-not`));
    expect(await refusal(assumption(mayOther, role))).toBe(denied(arn(accountA, "user/may-other"), role));
  });

  test("across accounts both sides must say yes", async () => {
    const role = await world.role(world.b, "across", trust({ AWS: bobArn }));
    expect(await refusal(assumption(bob, role))).toBe(denied(bobArn, role));
    const caro = await world.user(world.a, "caro", allow("sts:AssumeRole", role));
    expect(await refusal(assumption(caro, role))).toBe(denied(arn(accountA, "user/caro"), role));
    await world.b.iam.updateAssumeRolePolicy({
      RoleName: "across",
      PolicyDocument: trust({ AWS: [bobArn, arn(accountA, "user/caro")] }),
    });
    expect((await assumption(caro, role)).AssumedRoleUser?.Arn).toBe(
      `arn:aws:sts::${accountB}:assumed-role/across/session`,
    );
  });

  test("an explicit deny on either side wins, and a boundary limits the caller's own side", async () => {
    const role = await world.role(world.b, "denying", trust({ AWS: accountA }));
    const dan = await world.user(world.a, "dan", allow("sts:*"), deny("sts:AssumeRole", role));
    expect(await refusal(assumption(dan, role))).toBe(denied(arn(accountA, "user/dan"), role));
    const eve = await world.user(world.a, "eve", allow("sts:*"));
    await world.b.iam.updateAssumeRolePolicy({
      RoleName: "denying",
      PolicyDocument: document(
        { Effect: "Allow", Principal: { AWS: accountA }, Action: "sts:AssumeRole" },
        { Effect: "Deny", Principal: { AWS: arn(accountA, "user/eve") }, Action: "sts:AssumeRole" },
      ),
    });
    expect(await refusal(assumption(eve, role))).toBe(denied(arn(accountA, "user/eve"), role));
    const fay = await world.user(world.a, "fay", allow("sts:*"));
    expect((await assumption(fay, role)).AssumedRoleUser).toBeDefined();
    const { Policy } = await world.a.iam.createPolicy({
      PolicyName: "no-sts",
      PolicyDocument: document(allow("iam:*")),
    });
    await world.a.iam.putUserPermissionsBoundary({ UserName: "fay", PermissionsBoundary: Policy!.Arn! });
    expect(await refusal(assumption(fay, role))).toBe(denied(arn(accountA, "user/fay"), role));
  });

  test("a role, and one session of a role, can be trusted", async () => {
    const first = await world.role(world.a, "first", trust({ AWS: bobArn }));
    const byRole = await world.role(world.a, "by-role", trust({ AWS: first }));
    const sessionArn = `arn:aws:sts::${accountA}:assumed-role/first/chosen`;
    const bySession = await world.role(world.a, "by-session", trust({ AWS: sessionArn }));
    const hatted = await world.assume(bob, first);
    const chosen = await world.assume(bob, first, { RoleSessionName: "chosen" });
    expect((await assumption(hatted, byRole)).AssumedRoleUser).toBeDefined();
    expect((await assumption(chosen, bySession)).AssumedRoleUser).toBeDefined();
    const hat = `arn:aws:sts::${accountA}:assumed-role/first/session`;
    expect(await refusal(assumption(hatted, bySession))).toBe(denied(hat, bySession));
    expect(await refusal(assumption(bob, byRole))).toBe(denied(bobArn, byRole));
  });

  test("a role does not put itself on unless its own trust policy says so", async () => {
    const role = await world.role(world.a, "selfish", trust({ AWS: bobArn }), allow("sts:AssumeRole"));
    const hatted = await world.assume(bob, role);
    const hat = `arn:aws:sts::${accountA}:assumed-role/selfish/session`;
    expect(await refusal(assumption(hatted, role))).toBe(denied(hat, role));
    await world.a.iam.updateAssumeRolePolicy({
      RoleName: "selfish",
      PolicyDocument: trust({ AWS: [bobArn, role] }),
    });
    expect((await assumption(hatted, role)).AssumedRoleUser?.Arn).toBe(hat);
  });

  test("a role for a service is nobody else's", async () => {
    const role = await world.role(world.a, "for-ec2", trust({ Service: "ec2.amazonaws.com" }));
    const gil = await world.user(world.a, "gil", allow("*"));
    expect(await refusal(assumption(gil, role))).toBe(denied(arn(accountA, "user/gil"), role));
  });

  test("root is refused, whatever the trust policy says", async () => {
    const role = await world.role(world.a, "for-root", trust({ AWS: accountA }));
    const root = await world.root(accountA);
    expect(await refusal(assumption(root, role))).toBe("AccessDenied 403: Roles may not be assumed by root accounts.");
  });

  test("a role that is not there, or is named otherwise, is refused in the same words", async () => {
    const gina = await world.user(world.a, "gina", allow("sts:AssumeRole"));
    await world.role(world.a, "Exact", trust({ AWS: accountA }));
    for (const resource of [
      arn(accountA, "role/none"),
      arn("123412341234", "role/none"),
      arn(accountA, "role/exact"),
      arn(accountA, "role/path/Exact"),
      `arn:aws-cn:iam::${accountA}:role/Exact`,
    ]) {
      expect(await refusal(assumption(gina, resource))).toBe(denied(arn(accountA, "user/gina"), resource));
    }
    expect(await refusal(assumption(gina, "this is not a valid ARN"))).toBe(
      "ValidationError 400: this is not a valid ARN is invalid",
    );
    expect(await refusal(assumption(gina, arn(accountA, "user/bob")))).toBe(
      `ValidationError 400: ${arn(accountA, "user/bob")} is invalid`,
    );
  });

  test("an outside party needs the external id", async () => {
    const condition = { Condition: { StringEquals: { "sts:ExternalId": "agreed+=,.@:/-2" } } };
    const role = await world.role(world.b, "partner", trust({ AWS: accountA }, "sts:AssumeRole", condition));
    const hal = await world.user(world.a, "hal", allow("sts:AssumeRole", role));
    const no = denied(arn(accountA, "user/hal"), role);
    expect(await refusal(assumption(hal, role))).toBe(no);
    expect(await refusal(assumption(hal, role, { ExternalId: "guessed" }))).toBe(no);
    expect((await assumption(hal, role, { ExternalId: "agreed+=,.@:/-2" })).AssumedRoleUser).toBeDefined();
  });

  test("trust policies are held to who exists", async () => {
    const create = (principal: unknown) =>
      world.a.iam.createRole({ RoleName: "untold", AssumeRolePolicyDocument: trust(principal) });
    for (const missing of [arn(accountA, "user/nobody"), arn("123412341234", "root"), "123412341234"]) {
      expect(await refusal(create({ AWS: missing }))).toBe(
        `MalformedPolicyDocumentException 400: Invalid principal in policy: "AWS":"${missing}"`,
      );
    }
    expect((await create({ AWS: arn(outside, "role/theirs") })).Role?.RoleName).toBe("untold");
  });

  test("a context that nobody can have vouched for is refused, never ignored, and its assertion is in no record", async () => {
    const role = await world.role(world.a, "contexts", trust({ AWS: bobArn }, ["sts:AssumeRole", "sts:SetContext"]));
    const ProviderArn = "arn:aws:iam::aws:contextProvider/IdentityCenter";
    const contexts = (...ProvidedContexts: readonly object[]) => refusal(assumption(bob, role, { ProvidedContexts }));
    const forged = { ProviderArn, ContextAssertion: "forged-assertion" };
    expect(await contexts(forged)).toBe(
      `ValidationError 400: The context assertion is not one that ${ProviderArn} has made.`,
    );
    expect(await contexts(forged, { ...forged, ProviderArn: "arn:aws:iam::aws:contextProvider/Other" })).toBe(
      "ValidationError 400: arn:aws:iam::aws:contextProvider/Other is not a context provider.",
    );
    expect(await contexts({ ProviderArn })).toMatch(/^ValidationError 400: Each member of ProvidedContexts/);
    expect(await contexts({ ProviderArn, ContextAssertion: "abc" })).toMatch(/contextAssertion' failed to satisfy/);
    expect(await contexts(...Array.from({ length: 6 }, () => forged))).toMatch(/providedContexts' failed to satisfy/);
    expect(JSON.stringify(await trailEvents(world.server))).not.toContain("forged-assertion");
    expect((await assumption(bob, role)).AssumedRoleUser).toBeDefined();
  });
});
