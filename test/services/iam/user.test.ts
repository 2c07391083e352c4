import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as keyRings from "../../../src/store/server/key-rings.ts";
import { account, Harness } from "../harness.ts";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
});
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ usersPerAccount: 3 });
});
afterEach(() => harness.close());

describe("users", () => {
  it("are created with path, boundary and tags, and read back", async () => {
    const { User } = await harness.ok("CreateUser", {
      UserName: "Alice",
      Path: "/division/",
      PermissionsBoundary: readOnly,
      Tags: [{ Key: "Team", Value: "a" }],
    });
    expect(User).toEqual({
      Path: "/division/",
      UserName: "Alice",
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/) as string,
      Arn: `arn:aws:iam::${account}:user/division/Alice`,
      CreateDate: new Date(harness.clock.now()),
      PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: readOnly },
      Tags: [{ Key: "Team", Value: "a" }],
    });
    expect((await harness.ok("GetUser", { UserName: "alice" })).User).toEqual(User);
    const { Tags: _, PermissionsBoundary: __, ...listed } = User!;
    expect(await harness.ok("ListUsers", {})).toEqual({ Users: [listed], IsTruncated: false });
  });

  it("need permission for the tags and name the boundary", async () => {
    const resource = `arn:aws:iam::${account}:user/division/Alice`;
    const input = { UserName: "Alice", Path: "/division/", PermissionsBoundary: readOnly };
    expect(await harness.requirements("CreateUser", { ...input, Tags: [{ Key: "Team", Value: "a" }] })).toEqual([
      {
        action: "iam:CreateUser",
        resource,
        resourceAccount: account,
        requestTags: [{ key: "Team", value: "a" }],
        context: { "iam:PermissionsBoundary": readOnly },
      },
      {
        action: "iam:TagUser",
        resource,
        resourceAccount: account,
        requestTags: [{ key: "Team", value: "a" }],
      },
    ]);
  });

  it("are authorized by their stored ARN and tags, missing ones by the pathless ARN", async () => {
    await harness.ok("CreateUser", { UserName: "Alice", Path: "/division/", Tags: [{ Key: "Team", Value: "a" }] });
    expect(await harness.requirements("GetUser", { UserName: "ALICE" })).toEqual([
      {
        action: "iam:GetUser",
        resource: `arn:aws:iam::${account}:user/division/Alice`,
        resourceAccount: account,
        resourceTags: [{ key: "Team", value: "a" }],
        shownAs: "user ALICE",
      },
    ]);
    expect(await harness.requirements("DeleteUser", { UserName: "nobody" })).toMatchObject([
      { action: "iam:DeleteUser", resource: `arn:aws:iam::${account}:user/nobody`, shownAs: "user nobody" },
    ]);
    expect(await harness.requirements("ListUsers", { PathPrefix: "/div" })).toEqual([
      { action: "iam:ListUsers", resource: `arn:aws:iam::${account}:user/div`, resourceAccount: account },
    ]);
  });

  it("keep id, keys and groups when renamed, and need both ARNs for it", async () => {
    const { User } = await harness.ok("CreateUser", { UserName: "alice" });
    const input = { UserName: "alice", NewUserName: "Alice.B", NewPath: "/x/" };
    expect((await harness.requirements("UpdateUser", input)).map(({ action, resource }) => [action, resource])).toEqual(
      [
        ["iam:UpdateUser", `arn:aws:iam::${account}:user/alice`],
        ["iam:UpdateUser", `arn:aws:iam::${account}:user/x/Alice.B`],
      ],
    );
    expect((await harness.ok("GetUser", { UserName: "alice.b" })).User).toMatchObject({
      UserId: User!.UserId,
      UserName: "Alice.B",
      Arn: `arn:aws:iam::${account}:user/x/Alice.B`,
    });
    expect(await harness.refusal("GetUser", { UserName: "alice" })).toMatch(/^NoSuchEntity/);
    await harness.ok("UpdateUser", { UserName: "alice.b", NewUserName: "ALICE.B" });
    expect((await harness.ok("GetUser", { UserName: "alice.b" })).User.UserName).toBe("ALICE.B");
  });

  it("can only be deleted once nothing hangs on them, in AWS's order", async () => {
    await harness.ok("CreateUser", {
      UserName: "alice",
      PermissionsBoundary: readOnly,
      Tags: [{ Key: "a", Value: "b" }],
    });
    await harness.ok("CreateGroup", { GroupName: "admins" });
    await harness.ok("AddUserToGroup", { GroupName: "admins", UserName: "alice" });
    const { AccessKey } = await harness.ok("CreateAccessKey", { UserName: "alice" });
    await harness.ok("AttachUserPolicy", { UserName: "alice", PolicyArn: readOnly });
    const document = JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
    });
    await harness.ok("PutUserPolicy", { UserName: "alice", PolicyName: "p", PolicyDocument: document });
    const refusal = () => harness.refusal("DeleteUser", { UserName: "alice" });
    expect(await refusal()).toBe("DeleteConflict 409: Cannot delete entity, must delete policies first.");
    await harness.ok("DeleteUserPolicy", { UserName: "alice", PolicyName: "p" });
    expect(await refusal()).toBe("DeleteConflict 409: Cannot delete entity, must detach all policies first.");
    await harness.ok("DetachUserPolicy", { UserName: "alice", PolicyArn: readOnly });
    expect(await refusal()).toBe("DeleteConflict 409: Cannot delete entity, must delete access keys first.");
    await harness.ok("DeleteAccessKey", { UserName: "alice", AccessKeyId: AccessKey.AccessKeyId });
    expect(await refusal()).toBe("DeleteConflict 409: Cannot delete entity, must remove users from group first.");
    await harness.ok("RemoveUserFromGroup", { GroupName: "admins", UserName: "alice" });
    await harness.ok("DeleteUser", { UserName: "alice" });
    expect(await harness.ok("ListUsers", {})).toEqual({ Users: [], IsTruncated: false });
  });

  it("are limited in number, and a deleted one makes room", async () => {
    for (const UserName of ["a", "b", "c"]) await harness.ok("CreateUser", { UserName });
    expect(await harness.refusal("CreateUser", { UserName: "d" })).toBe(
      "LimitExceeded 409: Cannot exceed quota for UsersPerAccount: 3",
    );
    await harness.ok("DeleteUser", { UserName: "a" });
    await harness.ok("CreateUser", { UserName: "d" });
  });

  it("are paged by name regardless of case, within a path", async () => {
    await harness.close();
    harness = await Harness.open();
    for (const UserName of ["delta", "Bravo", "alpha", "Charlie"]) {
      await harness.ok("CreateUser", { UserName, Path: UserName === "delta" ? "/" : "/p/" });
    }
    const first = await harness.ok("ListUsers", { MaxItems: 2 });
    expect(first.Users.map((user) => user.UserName)).toEqual(["alpha", "Bravo"]);
    expect(first.IsTruncated).toBe(true);
    const second = await harness.ok("ListUsers", { MaxItems: 2, Marker: first.Marker });
    expect(second.Users.map((user) => user.UserName)).toEqual(["Charlie", "delta"]);
    expect(second).toMatchObject({ IsTruncated: false });
    expect(second.Marker).toBeUndefined();
    const inPath = await harness.ok("ListUsers", { PathPrefix: "/p/" });
    expect(inPath.Users.map((user) => user.UserName)).toEqual(["alpha", "Bravo", "Charlie"]);
    // A marker is good for its operation alone.
    expect(await harness.refusal("ListRoles", { Marker: first.Marker })).toBe("ValidationError 400: Invalid Marker.");
  });
});

describe("GetUser without a name", () => {
  it("is about the caller, also with temporary credentials", async () => {
    await harness.ok("CreateUser", { UserName: "alice", Path: "/p/" });
    for (const caller of [await harness.user("alice"), await harness.userSession("alice")]) {
      expect((await harness.ok("GetUser", {}, { caller })).User.UserName).toBe("alice");
      expect(await harness.requirements("GetUser", {}, { caller })).toMatchObject([
        { resource: `arn:aws:iam::${account}:user/p/alice`, shownAs: "user alice" },
      ]);
    }
  });

  it("is about the account for its root", async () => {
    expect(await harness.ok("GetUser", {})).toEqual({
      User: { UserId: account, Arn: `arn:aws:iam::${account}:root`, CreateDate: new Date(harness.clock.now()) },
    });
  });

  it("means nothing from a role", async () => {
    await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: trust });
    const caller = await harness.roleSession("worker");
    expect(await harness.refusal("GetUser", {}, { caller })).toBe(
      "ValidationError 400: Must specify userName when calling with non-User credentials",
    );
  });

  it("are not deleted while a key is there that was lost with its master key, though it counts no more", async () => {
    await harness.ok("CreateUser", { UserName: "Alice" });
    const { AccessKey } = await harness.ok("CreateAccessKey", { UserName: "Alice" });
    await harness.store((tx) => keyRings.lose(tx, "fingerprint", harness.clock.now()));
    expect(await harness.refusal("DeleteUser", { UserName: "Alice" })).toBe(
      "DeleteConflict 409: Cannot delete entity, must remove referenced objects first.",
    );
    await harness.ok("DeleteAccessKey", { UserName: "Alice", AccessKeyId: AccessKey!.AccessKeyId });
    await harness.ok("DeleteUser", { UserName: "Alice" });
  });
});
