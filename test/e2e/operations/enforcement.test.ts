/** What policies allow and deny, and in which words. */
import { beforeAll, describe, expect, test } from "vitest";
import { caller, refusal } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { outcome } from "./enforcement-case.ts";
import type { EnforcementCase } from "./enforcement-case.ts";
import { casesIn } from "../../harness/cases.ts";
import { onEachDatabase, starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

describe("policies as cases", () => {
  const start = starter();
  let world: World;
  let count = 0;

  beforeAll(async () => {
    world = await startWorld(start);
    await world.a.iam.createUser({ UserName: "alice", Path: "/team/", Tags: [{ Key: "owner", Value: "ops" }] });
  });

  test.each(casesIn<EnforcementCase>("e2e/enforcement.jsonl"))("$name", async (wanted) => {
    const { got, want } = await outcome(world, `case-${count++}`, wanted);
    expect(got).toBe(want);
  });
});

onEachDatabase("a change of policy holds for the very next request", (start) => {
  let world: World;
  let bob: Caller;
  const PolicyArn = arn(accountA, "policy/list");
  const list = { PolicyName: "list", PolicyDocument: document(allow("iam:ListUsers")) };
  const may = async (who: Caller): Promise<boolean> =>
    who.iam.listUsers({}).then(
      () => true,
      () => false,
    );

  beforeAll(async () => {
    world = await startWorld(start);
    bob = await world.user(world.a, "bob");
    await world.a.iam.createPolicy(list);
    await world.a.iam.createGroup({ GroupName: "g" });
  });

  test("of users, groups, versions, boundaries and tags", async () => {
    const { iam } = world.a;
    const user = { UserName: "bob" };
    const PermissionsBoundary = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
    const tagged = document(
      allow("iam:ListUsers", "*", { Condition: { StringEquals: { "aws:PrincipalTag/x": "1" } } }),
    );
    const version = { PolicyArn, PolicyDocument: document(deny("*")), SetAsDefault: true };
    const steps: [change: () => Promise<unknown>, allowed: boolean][] = [
      [() => iam.putUserPolicy({ ...user, ...list }), true],
      [() => iam.putUserPolicy({ ...user, ...list, PolicyDocument: document(allow("iam:ListRoles")) }), false],
      [() => iam.deleteUserPolicy({ ...user, PolicyName: "list" }), false],
      [() => iam.attachUserPolicy({ ...user, PolicyArn }), true],
      [() => iam.createPolicyVersion(version), false],
      [() => iam.setDefaultPolicyVersion({ PolicyArn, VersionId: "v1" }), true],
      [() => iam.putUserPermissionsBoundary({ ...user, PermissionsBoundary }), false],
      [() => iam.deleteUserPermissionsBoundary(user), true],
      [() => iam.detachUserPolicy({ ...user, PolicyArn }), false],
      [() => iam.putGroupPolicy({ GroupName: "g", ...list }), false],
      [() => iam.addUserToGroup({ ...user, GroupName: "g" }), true],
      [() => iam.removeUserFromGroup({ ...user, GroupName: "g" }), false],
      [() => iam.putUserPolicy({ ...user, ...list, PolicyDocument: tagged }), false],
      [() => iam.tagUser({ ...user, Tags: [{ Key: "x", Value: "1" }] }), true],
      [() => iam.untagUser({ ...user, TagKeys: ["x"] }), false],
    ];
    for (const [index, [change, allowed]] of steps.entries()) {
      await change();
      expect(await may(bob), `step ${index}`).toBe(allowed);
    }
  });

  test("of many callers at once", async () => {
    const users = await Promise.all(Array.from({ length: 6 }, (_, index) => world.user(world.a, `many-${index}`)));
    const change = (index: number, allowed: boolean) =>
      allowed
        ? world.a.iam.putUserPolicy({ UserName: `many-${index}`, ...list })
        : world.a.iam.deleteUserPolicy({ UserName: `many-${index}`, PolicyName: "list" });
    for (const allowed of [true, false, true]) {
      const seen = users.map(async (who, index) => {
        await change(index, allowed);
        return may(who);
      });
      expect(await Promise.all(seen)).toEqual(users.map(() => allowed));
    }
  });

  test("of the organization", async () => {
    const role = await world.role(
      world.b,
      "for-the-organization",
      trust({ AWS: accountA }, "sts:AssumeRole", { Condition: { Null: { "aws:PrincipalOrgID": "false" } } }),
    );
    const eve = await world.user(world.a, "eve", allow("sts:AssumeRole"));
    const assume = () => eve.sts.assumeRole({ RoleArn: role, RoleSessionName: "session" });
    expect(await refusal(assume())).toMatch(/^AccessDenied 403/);
    const { status, body } = await world.a.rolecall("CreateOrganization", { ManagementAccountId: accountA });
    expect(status).toBe(200);
    expect((await assume()).AssumedRoleUser).toBeDefined();
    const { Id, RootPath } = body.Organization as { Id: string; RootPath: string };
    const condition = {
      StringEquals: { "aws:PrincipalOrgID": Id },
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": `${RootPath}ou-ab12-*/` },
    };
    await world.b.iam.updateAssumeRolePolicy({
      RoleName: "for-the-organization",
      PolicyDocument: trust({ AWS: "*" }, "sts:AssumeRole", { Condition: condition }),
    });
    expect(await refusal(assume())).toMatch(/^AccessDenied 403/);
    const OrganizationPath = `${RootPath}ou-ab12-11111111/`;
    const moved = await world.a.rolecall("MoveAccount", { AccountId: accountA, OrganizationPath });
    expect(moved.body.Account.OrganizationPath).toBe(OrganizationPath);
    expect((await assume()).AssumedRoleUser).toBeDefined();
    expect((await world.b.rolecall("DescribeOrganization")).body.__type).toBe("ResourceNotFoundException");
    const unit = (OrganizationPath: string, ParentPath: string) =>
      world.a.rolecall("MoveOrganizationalUnit", { OrganizationPath, ParentPath });
    const elsewhere = `${RootPath}ou-cd34-22222222/ou-ab12-11111111/`;
    expect((await unit(OrganizationPath, `${RootPath}ou-cd34-22222222/`)).body).toEqual({
      OrganizationPath: elsewhere,
    });
    expect(await refusal(assume())).toMatch(/^AccessDenied 403/);
    for (const [from, parent, fault] of [
      [OrganizationPath, RootPath, "ResourceNotFoundException"],
      [elsewhere, elsewhere, "ValidationException"],
      [RootPath, RootPath, "ValidationException"],
      [elsewhere, "o-0123456789/r-0123/", "ValidationException"],
      [elsewhere, `${RootPath}ou-cd34-22222222/`, "ConflictException"],
    ] as const) {
      expect((await unit(from, parent)).body.__type, `${from} to ${parent}`).toBe(fault);
    }
    await unit(elsewhere, RootPath);
    expect((await assume()).AssumedRoleUser).toBeDefined();
    await world.a.rolecall("MoveAccount", { AccountId: accountB, OrganizationPath: RootPath });
    expect((await world.b.rolecall("DescribeOrganization")).body.Organization.Id).toBe(Id);
  });

  test("root may everything in its account, and nothing in another", async () => {
    const root = await world.root(accountA);
    const { User } = await root.iam.getUser({});
    expect(User).toMatchObject({ UserId: accountA, Arn: arn(accountA, "root") });
    expect(User?.UserName).toBeUndefined();
    const { AccessKey } = await root.iam.createAccessKey({});
    expect((await root.iam.listAccessKeys({})).AccessKeyMetadata).toHaveLength(2);
    await root.iam.deleteAccessKey({ AccessKeyId: AccessKey!.AccessKeyId! });
    expect((await root.iam.listUsers({})).Users?.length).toBeGreaterThan(2);
    const stranger = caller(world.url, (await world.root(accountB)).keys);
    expect(await refusal(stranger.iam.getUser({ UserName: "bob" }))).toBe(
      "NoSuchEntityException 404: The user with name bob cannot be found.",
    );
  });
});
