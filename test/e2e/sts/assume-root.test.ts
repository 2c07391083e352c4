/** AssumeRoot: an organization acts as the root of a member account, for one task. */
import { beforeAll, expect, it } from "vitest";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { faultOf, form, send } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, deny, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const task = (name: string) => ({ arn: `arn:aws:iam::aws:policy/root-task/${name}` });
const audit = task("IAMAuditRootUserCredentials");
const root = arn(accountB, "root");
const mayNot = (who: string, target = root) =>
  `AccessDenied 403: User: ${who} is not authorized to perform: sts:AssumeRoot on resource: ${target}`;

onEachDatabase("a session of a member's root", (start) => {
  let world: World;
  let admin: string;

  const assumed = async (caller: Caller, more: object): Promise<Caller> => {
    const { Credentials } = await caller.sts.assumeRoot({ TargetPrincipal: accountB, TaskPolicyArn: audit, ...more });
    return world.as(sessionKeys(Credentials));
  };

  beforeAll(async () => {
    world = await startWorld(start);
    admin = arn(accountA, "user/administrator");
    const { body } = await world.a.rolecall("CreateOrganization", { ManagementAccountId: accountA });
    const OrganizationPath = body.Organization.RootPath as string;
    await world.a.rolecall("MoveAccount", { AccountId: accountB, OrganizationPath });
  });

  it("is given for nothing that the organization has not switched on", async () => {
    const ask = (TaskPolicyArn: object) => world.a.sts.assumeRoot({ TargetPrincipal: accountB, TaskPolicyArn });
    expect(await refusal(ask(audit))).toBe(mayNot(admin));
    expect(await world.a.iam.enableOrganizationsRootSessions({})).toMatchObject({ EnabledFeatures: ["RootSessions"] });
    expect(await refusal(ask(audit))).toBe(mayNot(admin));
    await ask(task("SQSUnlockQueuePolicy"));
    expect(await world.a.iam.enableOrganizationsRootCredentialsManagement({})).toMatchObject({
      OrganizationId: expect.stringMatching(/^o-/),
      EnabledFeatures: ["RootCredentialsManagement", "RootSessions"],
    });
    await world.a.iam.disableOrganizationsRootSessions({});
    expect(await refusal(ask(task("S3UnlockBucketPolicy")))).toBe(mayNot(admin));
    expect((await world.a.iam.listOrganizationsFeatures({})).EnabledFeatures).toEqual(["RootCredentialsManagement"]);
  });

  it("is root, within its task", async () => {
    const session = await assumed(world.a, { TargetPrincipal: root, DurationSeconds: 60 });
    expect(await session.sts.getCallerIdentity({})).toMatchObject({ Arn: root, Account: accountB, UserId: accountB });
    await world.root(accountB);
    const { AccessKeyMetadata } = await session.iam.listAccessKeys({});
    expect(AccessKeyMetadata).toHaveLength(1);
    expect((await session.iam.getUser({})).User!.Arn).toBe(root);
    expect((await session.iam.listMFADevices({})).MFADevices).toEqual([]);
    await session.iam.getAccountSummary({});
    for (const [call, action, on] of [
      [session.iam.listUsers({}), "iam:ListUsers", `arn:aws:iam::${accountB}:user/`],
      [session.iam.createAccessKey({}), "iam:CreateAccessKey", root],
      [session.iam.deleteAccessKey({ AccessKeyId: AccessKeyMetadata![0]!.AccessKeyId! }), "iam:DeleteAccessKey", root],
    ] as const) {
      expect(await refusal(call)).toBe(
        `AccessDenied 403: User: ${root} is not authorized to perform: ${action} on resource: ${on} with an explicit deny in a session policy: ${audit.arn}`,
      );
    }
    // Of those whom the task is not about nothing is told.
    expect(await refusal(session.iam.listAccessKeys({ UserName: "administrator" }))).toContain("explicit deny");
    const deleting = await assumed(world.a, { TaskPolicyArn: task("IAMDeleteRootUserCredentials") });
    await deleting.iam.deleteAccessKey({ AccessKeyId: AccessKeyMetadata![0]!.AccessKeyId! });
    expect((await session.iam.listAccessKeys({})).AccessKeyMetadata).toEqual([]);
    for (const call of [
      session.sts.getSessionToken({}),
      session.sts.assumeRole({ RoleArn: arn(accountB, "role/r"), RoleSessionName: "xx" }),
      session.sts.assumeRoot({ TargetPrincipal: accountB, TaskPolicyArn: audit }),
    ]) {
      expect(await refusal(call)).toContain("AccessDenied 403");
    }
  });

  it("is for who may, on that account and for that task, and not for root", async () => {
    const on = { Condition: { ArnEquals: { "sts:TaskPolicyArn": audit.arn } } };
    const kim = await world.user(world.a, "kim", allow("sts:AssumeRoot", root, on));
    const lee = await world.user(world.a, "lee", allow("sts:*"), deny("sts:AssumeRoot"));
    await assumed(kim, {});
    const other = kim.sts.assumeRoot({ TargetPrincipal: accountB, TaskPolicyArn: task("IAMCreateRootUserPassword") });
    expect(await refusal(other)).toBe(mayNot(arn(accountA, "user/kim")));
    expect(await refusal(assumed(lee, {}))).toBe(mayNot(arn(accountA, "user/lee")));
    expect(await refusal(assumed(await world.root(accountA), {}))).toBe(mayNot(arn(accountA, "root")));
  });

  it("is of members alone: not of the management account, and of nobody else's", async () => {
    for (const target of [accountA, "999988887777"]) {
      const asked = assumed(world.a, { TargetPrincipal: target });
      expect(await refusal(asked)).toBe(mayNot(admin, arn(target, "root")));
    }
    expect(await refusal(assumed(world.b, { TargetPrincipal: accountA }))).toBe(
      mayNot(arn(accountB, "user/administrator"), arn(accountA, "root")),
    );
    expect(await refusal(assumed(world.b, {}))).toBe(mayNot(arn(accountB, "user/administrator")));
    expect(await refusal(world.b.iam.enableOrganizationsRootSessions({}))).toBe(
      "CallerIsNotManagementAccountException 400: The account is not the management account of its organization.",
    );
    expect(await refusal(world.b.iam.listOrganizationsFeatures({}))).toContain(
      "AccountNotManagementOrDelegatedAdministratorException 400",
    );
  });

  it("has a form that AWS demands, before anything else", async () => {
    const nobody = await world.user(world.a, "nobody");
    const ask = (more: object) =>
      refusal(nobody.sts.assumeRoot({ TargetPrincipal: accountB, TaskPolicyArn: audit, ...more }));
    for (const TargetPrincipal of [arn(accountB, "user/x"), "arn:aws-cn:iam::444455556666:root", `${accountB}0`]) {
      expect(await ask({ TargetPrincipal })).toBe("ValidationError 400: Request must contain a valid target principal");
    }
    for (const name of ["arn:aws:iam::aws:policy/ReadOnlyAccess", task("Other").arn, task("constructor").arn]) {
      expect(await ask({ TaskPolicyArn: { arn: name } })).toBe(
        "ValidationError 400: Request must contain valid AWS managed task policy ARN",
      );
    }
    expect(await ask({ DurationSeconds: 901 })).toBe(
      "ValidationError 400: 1 validation error detected: Value '901' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 900",
    );
    expect(await ask({ TaskPolicyArn: {} })).toBe(
      "ValidationError 400: 1 validation error detected: Value null at 'taskPolicyArn' failed to satisfy constraint: Member must not be null",
    );
    const asked = { Action: "AssumeRoot", TargetPrincipal: accountB, "TaskPolicyArn.arn": audit.arn };
    const sent = form("http://sts.amazonaws.com", asked, world.a.keys);
    expect(faultOf(await send(world.url, sent))).toBe("InvalidAction 400: Unknown Operation");
  });

  it("carries on who it was, in the records of both accounts", async () => {
    const actions = ["sts:AssumeRole", "sts:SetSourceIdentity"];
    const role = await world.role(world.a, "auditor", trust({ AWS: admin }, actions), allow("sts:AssumeRoot"));
    const auditor = await world.assume(world.a, role, { SourceIdentity: "ann" });
    const answer = await auditor.sts.assumeRoot({
      TargetPrincipal: accountB,
      TaskPolicyArn: audit,
      DurationSeconds: 300,
    });
    expect(answer.SourceIdentity).toBe("ann");
    await world.as(sessionKeys(answer.Credentials)).iam.getUser({});
    const events = await trailEvents(world.server);
    const own = events
      .filter(({ eventName, errorCode }) => eventName === "AssumeRoot" && errorCode === undefined)
      .slice(0, 2);
    expect(own.map(({ recipientAccountId }) => recipientAccountId).sort()).toEqual([accountA, accountB]);
    for (const event of own) {
      expect(event).toMatchObject({
        readOnly: false,
        requestParameters: { targetPrincipal: accountB, taskPolicyArn: audit, durationSeconds: 300 },
      });
      expect(JSON.stringify(event)).not.toContain(answer.Credentials!.SecretAccessKey);
    }
    expect(events.filter(({ eventName }) => eventName === "GetUser")[0]).toMatchObject({
      recipientAccountId: accountB,
      userIdentity: {
        type: "Root",
        principalId: accountB,
        arn: root,
        accountId: accountB,
        accessKeyId: answer.Credentials!.AccessKeyId,
        sessionContext: { assumedRoot: "true", sourceIdentity: "ann" },
      },
      additionalEventData: { hats: { originArn: admin } },
    });
  });
});
