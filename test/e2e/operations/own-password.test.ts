/** AllowUsersToChangePassword of the account's password policy: what it gives, to whom, and what still stands against it. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import { onEachDatabase } from "../../harness/places.ts";
import type { Caller } from "../../harness/clients.ts";
import { document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const old = "What it Was 1";
const chosen = { OldPassword: old, NewPassword: "What it Will be 1" };

onEachDatabase("a user's own password", (start) => {
  let world: World;
  let user: Caller;
  let name: { UserName: string };
  let users = 0;

  beforeAll(async () => {
    world = await startWorld(start);
  });

  beforeEach(async () => {
    name = { UserName: `user-${++users}` };
    user = await world.user(world.a, name.UserName);
    // What is a wildcard in a policy is none in a path.
    await world.a.iam.updateUser({ ...name, NewPath: "/o*/" });
    await world.a.iam.createLoginProfile({ ...name, Password: old });
  });

  const allowAll = (AllowUsersToChangePassword: boolean) =>
    world.a.iam.updateAccountPasswordPolicy({ AllowUsersToChangePassword });

  const outcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => "allowed",
      (error: Error) => `${error.name}: ${error.message}`,
    );

  test("may be changed from the moment that the policy says so, until it does not", async () => {
    expect(await outcome(user.iam.changePassword(chosen))).toMatch(/no identity-based policy allows/);
    await allowAll(true);
    expect(await outcome(user.iam.getAccountPasswordPolicy({}))).toBe("allowed");
    expect(await outcome(user.iam.getLoginProfile(name))).toMatch(/^AccessDenied/);
    expect(await outcome(user.iam.changePassword(chosen))).toBe("allowed");
    await allowAll(false);
    expect(await outcome(user.iam.getAccountPasswordPolicy({}))).toMatch(/^AccessDenied/);
    await allowAll(true);
    await world.a.iam.deleteAccountPasswordPolicy({});
    expect(await outcome(user.iam.changePassword(chosen))).toMatch(/^AccessDenied: User/);
  });

  test("a deny, a boundary and the account of somebody else stand against it", async () => {
    await allowAll(true);
    await world.a.iam.putUserPermissionsBoundary({
      ...name,
      PermissionsBoundary: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    });
    expect(await outcome(user.iam.changePassword(chosen))).toMatch(/no permissions boundary allows/);
    await world.a.iam.deleteUserPermissionsBoundary(name);
    const denied = document({ Effect: "Deny", Action: "iam:ChangePassword", Resource: "*" });
    await world.a.iam.putUserPolicy({ ...name, PolicyName: "p", PolicyDocument: denied });
    expect(await outcome(user.iam.changePassword(chosen))).toMatch(/explicit deny in an identity-based policy/);
    const stranger = await world.user(world.b, "stranger");
    expect(await outcome(stranger.iam.getAccountPasswordPolicy({}))).toMatch(/^AccessDenied/);
  });

  test("explain names it", async () => {
    await allowAll(true);
    const { $metadata } = await user.iam.getAccountPasswordPolicy({});
    const { body } = await world.a.rolecall("ExplainRequest", { RequestId: $metadata.requestId });
    expect(JSON.stringify(body)).toContain("account password policy");
  });
});
