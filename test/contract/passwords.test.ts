/** Passwords of users, and what accounts demand of them. */
import { expect, test } from "vitest";
import * as loginProfiles from "../../src/store/iam/login-profiles.ts";
import * as passwordPolicies from "../../src/store/iam/password-policies.ts";
import type { PasswordPolicyRecord } from "../../src/store/iam/password-policies.ts";
import { principalPolicies } from "../../src/store/iam/principal-policies.ts";
import * as users from "../../src/store/iam/users.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount, newUser } from "./records.ts";

onEachBackend("passwords", (suite) => {
  const newProfile = async () => {
    const account = await newAccount(suite.db);
    const user = await suite.db.write((tx) => users.create(tx, newUser(account, "u")));
    const made = { userId: user.id, account, createdAt: 1, hash: "hash 0", changedAt: 1, resetRequired: true };
    return { user, made, profile: await suite.db.write((tx) => loginProfiles.create(tx, made)) };
  };
  const ofUser = (user: { id: string }) => suite.db.read((tx) => loginProfiles.ofUser(tx, user));

  test("a user has one at most, and is not removed with it", async () => {
    const { user, made, profile } = await newProfile();
    expect(await ofUser(user)).toEqual({ ...made, formerHashes: [] });
    await expect(suite.db.write((tx) => loginProfiles.create(tx, made))).rejects.toMatchObject({ constraint: "user" });
    await expect(suite.db.write((tx) => users.remove(tx, user))).rejects.toMatchObject({ constraint: "dependents" });
    await suite.db.write((tx) => loginProfiles.remove(tx, profile));
    await suite.db.write((tx) => users.remove(tx, user));
    expect(await ofUser(user)).toBeNull();
  });

  test("the last ones before are remembered, as many as may be forbidden", async () => {
    const { user } = await newProfile();
    for (let number = 1; number <= 25; number++) {
      const to = { hash: `hash ${number}`, changedAt: number, resetRequired: false };
      await suite.db.write(async (tx) => loginProfiles.setPassword(tx, (await loginProfiles.ofUser(tx, user))!, to));
    }
    const formerHashes = Array.from({ length: 23 }, (_, index) => `hash ${24 - index}`);
    expect(await ofUser(user)).toMatchObject({ hash: "hash 25", changedAt: 25, resetRequired: false, formerHashes });
  });

  test("an account's policy is replaced as a whole, and is what its users may by themselves", async () => {
    const { user } = await newProfile();
    const { account } = user;
    const strict: PasswordPolicyRecord = {
      account,
      minimumLength: 12,
      requireSymbols: true,
      requireNumbers: true,
      requireUppercase: true,
      requireLowercase: true,
      allowUsersToChange: true,
      maxAge: 90,
      reusePrevention: 24,
      hardExpiry: true,
    };
    const lax = { ...strict, allowUsersToChange: false, maxAge: null, reusePrevention: null, hardExpiry: null };
    const may = async () =>
      (await suite.db.read((tx) => principalPolicies(tx, { kind: "user", id: user.id }))).changesOwnPassword;
    for (const policy of [strict, lax, strict]) {
      await suite.db.write((tx) => passwordPolicies.put(tx, policy));
      expect(await suite.db.read((tx) => passwordPolicies.ofAccount(tx, account))).toEqual(policy);
      expect(await may()).toBe(policy.allowUsersToChange);
    }
    expect(await suite.db.write((tx) => passwordPolicies.remove(tx, account))).toBe(true);
    expect(await suite.db.write((tx) => passwordPolicies.remove(tx, account))).toBe(false);
    expect(await may()).toBe(false);
  });
});
