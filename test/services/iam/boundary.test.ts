import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, Harness } from "../harness.ts";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
});
const document = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" },
});
const own = `arn:aws:iam::${account}:policy/limits/own`;
const managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open();
  await harness.ok("CreateUser", { UserName: "u", Path: "/p/" });
  await harness.ok("CreateRole", { RoleName: "r", AssumeRolePolicyDocument: trust });
  await harness.ok("CreatePolicy", { PolicyName: "own", Path: "/limits/", PolicyDocument: document });
});
afterEach(() => harness.close());

describe("permissions boundaries", () => {
  it.each([own, managed])("of a user are put, shown and taken away: %s", async (PermissionsBoundary) => {
    await harness.ok("PutUserPermissionsBoundary", { UserName: "u", PermissionsBoundary });
    expect((await harness.ok("GetUser", { UserName: "u" })).User.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: "Policy",
      PermissionsBoundaryArn: PermissionsBoundary,
    });
    expect((await harness.ok("GetPolicy", { PolicyArn: PermissionsBoundary })).Policy).toMatchObject({
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 1,
    });
    await harness.ok("DeleteUserPermissionsBoundary", { UserName: "u" });
    expect((await harness.ok("GetUser", { UserName: "u" })).User.PermissionsBoundary).toBeUndefined();
  });

  it("of a role are put, replaced and taken away", async () => {
    await harness.ok("PutRolePermissionsBoundary", { RoleName: "r", PermissionsBoundary: own });
    await harness.ok("PutRolePermissionsBoundary", { RoleName: "r", PermissionsBoundary: managed });
    expect((await harness.ok("GetRole", { RoleName: "r" })).Role.PermissionsBoundary).toMatchObject({
      PermissionsBoundaryArn: managed,
    });
    await harness.ok("DeleteRolePermissionsBoundary", { RoleName: "r" });
    expect((await harness.ok("GetRole", { RoleName: "r" })).Role.PermissionsBoundary).toBeUndefined();
  });

  it.each(["CreateUser", "CreateRole"] as const)(
    "of a policy that does not exist are refused: %s",
    async (operation) => {
      const missing = `arn:aws:iam::${account}:policy/missing`;
      const input = { UserName: "new", RoleName: "new", AssumeRolePolicyDocument: trust, PermissionsBoundary: missing };
      expect(await harness.refusal(operation, input)).toBe(
        `NoSuchEntity 404: Scope ARN: ${missing} does not exist or is not attachable.`,
      );
    },
  );

  it("are authorized by what they will be, and by what is taken away", async () => {
    const input = { UserName: "u", PermissionsBoundary: own };
    const resource = `arn:aws:iam::${account}:user/p/u`;
    const put = await harness.requirements("PutUserPermissionsBoundary", input);
    expect(put).toMatchObject([
      { action: "iam:PutUserPermissionsBoundary", resource, context: { "iam:PermissionsBoundary": own } },
    ]);
    const replaced = await harness.requirements("PutUserPermissionsBoundary", {
      UserName: "u",
      PermissionsBoundary: managed,
    });
    expect(replaced).toMatchObject([{ context: { "iam:PermissionsBoundary": managed } }]);
    expect(await harness.requirements("DeleteUserPermissionsBoundary", { UserName: "u" })).toMatchObject([
      {
        action: "iam:DeleteUserPermissionsBoundary",
        resource,
        shownAs: "user u",
        context: { "iam:PermissionsBoundary": managed },
      },
    ]);
  });
});

describe("the account", () => {
  it("has one alias, which a new one replaces", async () => {
    expect(await harness.ok("ListAccountAliases", {})).toEqual({ AccountAliases: [], IsTruncated: false });
    await harness.ok("CreateAccountAlias", { AccountAlias: "first" });
    expect(await harness.refusal("CreateAccountAlias", { AccountAlias: "first" })).toBe(
      "EntityAlreadyExists 409: The account alias first already exists.",
    );
    await harness.ok("CreateAccountAlias", { AccountAlias: "second" });
    expect(await harness.ok("ListAccountAliases", {})).toEqual({ AccountAliases: ["second"], IsTruncated: false });
    expect(await harness.refusal("DeleteAccountAlias", { AccountAlias: "first" })).toMatch(/^NoSuchEntity/);
    await harness.ok("DeleteAccountAlias", { AccountAlias: "second" });
    expect(await harness.ok("ListAccountAliases", {})).toEqual({ AccountAliases: [], IsTruncated: false });
    expect(await harness.requirements("ListAccountAliases", {})).toEqual([
      { action: "iam:ListAccountAliases", resource: "*", resourceAccount: account },
    ]);
  });

  it("is summed up", async () => {
    const { SummaryMap } = await harness.ok("GetAccountSummary", {});
    expect(SummaryMap).toMatchObject({
      Users: 1,
      UsersQuota: 5000,
      Groups: 0,
      Roles: 1,
      Policies: 1,
      AccessKeysPerUserQuota: 2,
      AssumeRolePolicySizeQuota: 2048,
      AccountAccessKeysPresent: 0,
    });
    await harness.ok("DeleteUser", { UserName: "u" });
    expect((await harness.ok("GetAccountSummary", {})).SummaryMap).toMatchObject({ Users: 0 });
  });
});
