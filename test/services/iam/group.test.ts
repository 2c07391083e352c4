import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, Harness } from "../harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ groupsPerAccount: 4, groupsPerUser: 2 });
});
afterEach(() => harness.close());

describe("groups", () => {
  it("are created, read, moved and deleted", async () => {
    const { Group } = await harness.ok("CreateGroup", { GroupName: "Admins", Path: "/p/" });
    expect(Group).toEqual({
      Path: "/p/",
      GroupName: "Admins",
      GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/) as string,
      Arn: `arn:aws:iam::${account}:group/p/Admins`,
      CreateDate: new Date(harness.clock.now()),
    });
    expect(await harness.ok("ListGroups", { PathPrefix: "/p/" })).toEqual({ Groups: [Group], IsTruncated: false });
    const input = { GroupName: "admins", NewGroupName: "Owners", NewPath: "/q/" };
    expect((await harness.requirements("UpdateGroup", input)).map(({ resource }) => resource)).toEqual([
      `arn:aws:iam::${account}:group/p/Admins`,
      `arn:aws:iam::${account}:group/q/Owners`,
    ]);
    expect(await harness.ok("GetGroup", { GroupName: "owners" })).toEqual({
      Group: { ...Group, GroupName: "Owners", Path: "/q/", Arn: `arn:aws:iam::${account}:group/q/Owners` },
      Users: [],
      IsTruncated: false,
    });
    await harness.ok("DeleteGroup", { GroupName: "Owners" });
    expect(await harness.ok("ListGroups", {})).toEqual({ Groups: [], IsTruncated: false });
  });

  it("are deleted only without policies and members", async () => {
    await harness.ok("CreateGroup", { GroupName: "g" });
    await harness.ok("CreateUser", { UserName: "alice" });
    await harness.ok("AddUserToGroup", { GroupName: "g", UserName: "alice" });
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    await harness.ok("AttachGroupPolicy", { GroupName: "g", PolicyArn });
    const refusal = () => harness.refusal("DeleteGroup", { GroupName: "g" });
    expect(await refusal()).toBe("DeleteConflict 409: Cannot delete entity, must detach all policies first.");
    await harness.ok("DetachGroupPolicy", { GroupName: "g", PolicyArn });
    expect(await refusal()).toBe("DeleteConflict 409: Cannot delete entity, must remove users from group first.");
    await harness.ok("RemoveUserFromGroup", { GroupName: "g", UserName: "alice" });
    await harness.ok("DeleteGroup", { GroupName: "g" });
  });

  it("page their members and a user's groups", async () => {
    for (const GroupName of ["one", "two"]) await harness.ok("CreateGroup", { GroupName });
    for (const UserName of ["c", "A", "b"]) {
      await harness.ok("CreateUser", { UserName });
      await harness.ok("AddUserToGroup", { GroupName: "one", UserName });
    }
    const first = await harness.ok("GetGroup", { GroupName: "one", MaxItems: 2 });
    expect(first.Users.map((user) => user.UserName)).toEqual(["A", "b"]);
    const second = await harness.ok("GetGroup", { GroupName: "one", MaxItems: 2, Marker: first.Marker });
    expect(second.Users.map((user) => user.UserName)).toEqual(["c"]);
    expect(second.IsTruncated).toBe(false);
    await harness.ok("AddUserToGroup", { GroupName: "two", UserName: "c" });
    const groups = await harness.ok("ListGroupsForUser", { UserName: "c", MaxItems: 1 });
    expect(groups).toMatchObject({ Groups: [{ GroupName: "one" }], IsTruncated: true });
    const rest = await harness.ok("ListGroupsForUser", { UserName: "c", MaxItems: 1, Marker: groups.Marker });
    expect(rest).toMatchObject({ Groups: [{ GroupName: "two" }], IsTruncated: false });
  });

  it("take a user again without a word, but not into too many of them", async () => {
    await harness.ok("CreateUser", { UserName: "alice" });
    for (const GroupName of ["one", "two", "three"]) await harness.ok("CreateGroup", { GroupName });
    await harness.ok("AddUserToGroup", { GroupName: "one", UserName: "alice" });
    await harness.ok("AddUserToGroup", { GroupName: "two", UserName: "alice" });
    await harness.ok("AddUserToGroup", { GroupName: "two", UserName: "alice" });
    expect(await harness.refusal("AddUserToGroup", { GroupName: "three", UserName: "alice" })).toBe(
      "LimitExceeded 409: Cannot exceed quota for GroupsPerUser: 2",
    );
    expect((await harness.ok("ListGroupsForUser", { UserName: "alice" })).Groups).toHaveLength(2);
  });

  it("are limited in number", async () => {
    for (const GroupName of ["a", "b", "c", "d"]) await harness.ok("CreateGroup", { GroupName });
    expect(await harness.refusal("CreateGroup", { GroupName: "e" })).toBe(
      "LimitExceeded 409: Cannot exceed quota for GroupsPerAccount: 4",
    );
  });

  it("are what membership is authorized by", async () => {
    await harness.ok("CreateGroup", { GroupName: "g", Path: "/p/" });
    await harness.ok("CreateUser", { UserName: "alice" });
    const input = { GroupName: "g", UserName: "alice" };
    const resource = `arn:aws:iam::${account}:group/p/g`;
    expect(await harness.requirements("AddUserToGroup", input)).toMatchObject([
      { action: "iam:AddUserToGroup", resource, shownAs: "group g" },
    ]);
    expect(await harness.requirements("RemoveUserFromGroup", input)).toMatchObject([
      { action: "iam:RemoveUserFromGroup", resource },
    ]);
    expect(await harness.requirements("CreateGroup", { GroupName: "new", Path: "/q/" })).toEqual([
      { action: "iam:CreateGroup", resource: `arn:aws:iam::${account}:group/q/new`, resourceAccount: account },
    ]);
  });
});
