import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as accounts from "../../../src/store/organizations/accounts.ts";
import * as loginProfiles from "../../../src/store/iam/login-profiles.ts";
import * as users from "../../../src/store/iam/users.ts";
import { account, Harness } from "../harness.ts";

const good = "correct Horse 1";
const alice = { UserName: "alice" };

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open();
  await harness.ok("CreateUser", { ...alice, Path: "/p/" });
});
afterEach(() => harness.close());

const stored = () => harness.store(async (tx) => loginProfiles.ofUser(tx, (await users.byName(tx, account, "alice"))!));

describe("a login profile", () => {
  it("keeps a hash of argon2id, and nothing else of the password", async () => {
    await harness.ok("CreateLoginProfile", { ...alice, Password: good });
    const profile = await stored();
    expect(profile!.hash).toMatch(/^\$argon2id\$v=19\$/);
    expect(JSON.stringify(profile)).not.toContain(good);
  });

  it("asked for twice at once is made once", async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => harness.call("CreateLoginProfile", { ...alice, Password: good })),
    );
    expect(answers.map(({ fault }) => fault?.message).filter((text) => text !== undefined)).toEqual([
      "Login Profile for user alice already exists.",
      "Login Profile for user alice already exists.",
    ]);
  });

  it("is the caller's own where nobody is named, and root's never", async () => {
    const caller = await harness.user("alice");
    await harness.ok("CreateLoginProfile", { Password: good }, { caller });
    expect(await harness.requirements("GetLoginProfile", {}, { caller })).toMatchObject([
      { action: "iam:GetLoginProfile", resource: `arn:aws:iam::${account}:user/p/alice`, shownAs: "user alice" },
    ]);
    expect(await harness.refusal("CreateLoginProfile", { Password: good })).toMatch(
      /^ValidationError 400: Must specify/,
    );
    for (const name of ["GetLoginProfile", "DeleteLoginProfile"] as const) {
      expect(await harness.refusal(name, {})).toBe(
        `NoSuchEntity 404: Login Profile for User ${account} cannot be found.`,
      );
    }
    await harness.ok("DeleteLoginProfile", {}, { caller });
  });

  it("without a password is for those who recover a root", async () => {
    expect(await harness.refusal("CreateLoginProfile", alice)).toBe(
      "ValidationError 400: 1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
    );
  });

  // Observed on AWS, September 2026.
  it("keeps what an update leaves out", async () => {
    await harness.ok("CreateLoginProfile", { ...alice, Password: good, PasswordResetRequired: true });
    await harness.ok("UpdateLoginProfile", { ...alice, Password: `${good}2` });
    expect(await stored()).toMatchObject({ resetRequired: true });
    await harness.ok("UpdateLoginProfile", alice);
    await harness.ok("UpdateLoginProfile", { ...alice, PasswordResetRequired: false });
    expect(await stored()).toMatchObject({ resetRequired: false, formerHashes: [expect.any(String)] });
  });

  it("is in the way of deleting its user before all else", async () => {
    await harness.ok("CreateAccessKey", alice);
    await harness.ok("CreateLoginProfile", { ...alice, Password: good });
    expect(await harness.refusal("DeleteUser", alice)).toBe(
      "DeleteConflict 409: Cannot delete entity, must delete login profile first.",
    );
  });
});

describe("a new password", () => {
  const refusal = async (Password: string) => {
    const { fault } = await harness.call("CreateLoginProfile", { ...alice, Password });
    return fault === undefined ? "accepted" : fault.message;
  };

  it.each([
    ["Aa1", "Password should have a minimum length of 8"],
    [
      "aaaaaaa1",
      "Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one symbol",
    ],
    [
      "ÄÖÜäöü§§",
      "Password should meet 3 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one lowercase letter, Password should have at least one number, Password should have at least one symbol",
    ],
    ["Aaaaaa11", "accepted"],
    ["aaaaa1|'", "accepted"],
    [
      "aaaaaa1~",
      "Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one symbol",
    ],
  ])("is held to the default policy: %s", async (password, outcome) => {
    expect(await refusal(password)).toBe(outcome);
  });

  it("is not what the account is called", async () => {
    await harness.store((tx) => accounts.setAlias(tx, account, "the-alias-1"));
    expect(await refusal("The-Alias-1")).toMatch(/name or the email address/);
  });

  it.each([
    [{ MinimumPasswordLength: 10 }, "aaaaaaaaa", "aaaaaaaaaa"],
    [{ RequireUppercaseCharacters: true }, "aaaaaaÄ", "aaaaaaA"],
    [{ RequireLowercaseCharacters: true }, "AAAAAAä", "AAAAAAa"],
    [{ RequireNumbers: true }, "aaaaaa²", "aaaaaa2"],
    [{ RequireSymbols: true }, "aaaaaa~", "aaaaaa]"],
    [{}, "aaaaa", "aaaaaa"],
  ])("is held to the account's own: %j", async (policy, bad, fine) => {
    await harness.ok("UpdateAccountPasswordPolicy", policy);
    expect(await refusal(bad)).toBe("Password does not conform to the account password policy.");
    expect(await refusal(fine)).toBe("accepted");
  });
});

describe("ChangePassword", () => {
  const change = async (OldPassword: string, NewPassword: string) =>
    harness.call("ChangePassword", { OldPassword, NewPassword }, { caller: await harness.user("alice") });
  const changes = async (from: string, to: string) => (await change(from, to)).fault;

  it("must be allowed of the user who calls, and ends a forced change", async () => {
    await harness.ok("CreateLoginProfile", { ...alice, Password: good, PasswordResetRequired: true });
    const caller = await harness.user("alice");
    const input = { OldPassword: good, NewPassword: `${good}2` };
    expect(await harness.requirements("ChangePassword", input, { caller })).toMatchObject([
      { action: "iam:ChangePassword", resource: `arn:aws:iam::${account}:user/p/alice`, shownAs: "user alice" },
    ]);
    expect(await stored()).toMatchObject({ resetRequired: false, changedAt: harness.clock.now() });
  });

  it("is for users alone", async () => {
    await harness.ok("CreateRole", { RoleName: "r", AssumeRolePolicyDocument: trust });
    const input = { OldPassword: good, NewPassword: `${good}2` };
    for (const caller of [harness.root, await harness.roleSession("r")]) {
      expect(await harness.refusal("ChangePassword", input, { caller })).toBe(
        "InvalidUserType 400: Only IAM Users can change their own password",
      );
    }
  });

  it("says nothing of the new password to whoever does not know the old one", async () => {
    expect(await changes(good, `${good}2`)).toMatchObject({ code: "NoSuchEntity" });
    await harness.ok("CreateLoginProfile", { ...alice, Password: good });
    expect(await changes("wrong", "short")).toMatchObject({ code: "AccessDenied", status: 403 });
    expect(await changes(good, "short")).toMatchObject({ code: "PasswordPolicyViolation" });
    expect(await changes(good, good)).toMatchObject({ code: "AccessDenied" });
    expect(await changes(good, `${good}2`)).toBeUndefined();
    expect(await changes(good, `${good}3`)).toMatchObject({ code: "AccessDenied" });
  });

  it("refuses the last ones, the present one among them, as many as the policy says", async () => {
    const passwords = ["one", "two", "three", "four"].map((name) => `password ${name}`);
    await harness.ok("UpdateAccountPasswordPolicy", {});
    await harness.ok("CreateLoginProfile", { ...alice, Password: passwords[0]! });
    for (const index of [1, 2, 3]) expect(await changes(passwords[index - 1]!, passwords[index]!)).toBeUndefined();
    await harness.ok("UpdateAccountPasswordPolicy", { PasswordReusePrevention: 3 });
    const again = await Promise.all(
      passwords.slice(1).map((Password) => harness.call("UpdateLoginProfile", { ...alice, Password })),
    );
    expect(again.map(({ fault }) => fault?.code)).toEqual(Array(3).fill("PasswordPolicyViolation"));
    expect(await changes(passwords[3]!, passwords[1]!)).toMatchObject({ code: "PasswordPolicyViolation" });
    expect(await changes(passwords[3]!, passwords[0]!)).toBeUndefined();
  });

  it("at once with the same old password succeeds once", async () => {
    await harness.ok("CreateLoginProfile", { ...alice, Password: good });
    const answers = await Promise.all([2, 3, 4].map((number) => changes(good, good + number)));
    expect(answers.map((fault) => fault?.code).sort()).toEqual(["AccessDenied", "AccessDenied", undefined]);
  });

  it("and a reset at once never bring back what may not be used again", async () => {
    await harness.ok("UpdateAccountPasswordPolicy", { PasswordReusePrevention: 24 });
    await harness.ok("CreateLoginProfile", { ...alice, Password: good });
    const Password = `${good}2`;
    const answers = await Promise.all([1, 2].map(() => harness.call("UpdateLoginProfile", { ...alice, Password })));
    expect(answers.map(({ fault }) => fault?.code).sort()).toEqual(["EntityTemporarilyUnmodifiable", undefined]);
  });
});

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
