import type { PasswordPolicy } from "../../../contracts/iam/types.gen.ts";
import { operation } from "../../../operation/operation.ts";
import * as passwordPolicies from "../../../store/iam/password-policies.ts";
import type { PasswordPolicyRecord } from "../../../store/iam/password-policies.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { noPasswordPolicyToDelete, noSuchPasswordPolicy } from "./password-faults.ts";

export const getAccountPasswordPolicy = operation("iam", "GetAccountPasswordPolicy", {
  writes: false,
  authorize: (_, __, context) => [requirementOnAll("iam:GetAccountPasswordPolicy", context)],
  handle: async (_, __, { tx, account }) => {
    const policy = await passwordPolicies.ofAccount(tx, account);
    if (policy === null) throw noSuchPasswordPolicy(account);
    return { PasswordPolicy: described(policy) };
  },
});

/** In the form that was recorded from AWS (LocalStack snapshots, 2026): what was not set and has no default is absent. */
function described(policy: PasswordPolicyRecord): PasswordPolicy {
  const { maxAge, reusePrevention, hardExpiry } = policy;
  return {
    MinimumPasswordLength: policy.minimumLength,
    RequireSymbols: policy.requireSymbols,
    RequireNumbers: policy.requireNumbers,
    RequireUppercaseCharacters: policy.requireUppercase,
    RequireLowercaseCharacters: policy.requireLowercase,
    AllowUsersToChangePassword: policy.allowUsersToChange,
    ExpirePasswords: maxAge !== null,
    ...(maxAge === null ? {} : { MaxPasswordAge: maxAge }),
    ...(reusePrevention === null ? {} : { PasswordReusePrevention: reusePrevention }),
    ...(hardExpiry === null ? {} : { HardExpiry: hardExpiry }),
  };
}

/** Least that a password has where nobody says more (API reference). */
const leastLength = 6;

export const updateAccountPasswordPolicy = operation("iam", "UpdateAccountPasswordPolicy", {
  writes: true,
  authorize: (_, __, context) => [requirementOnAll("iam:UpdateAccountPasswordPolicy", context)],
  // All of it is replaced: what is left out has its default again (API reference).
  handle: async (input, _, { tx, account }) => {
    await passwordPolicies.put(tx, {
      account,
      minimumLength: input.MinimumPasswordLength ?? leastLength,
      requireSymbols: input.RequireSymbols ?? false,
      requireNumbers: input.RequireNumbers ?? false,
      requireUppercase: input.RequireUppercaseCharacters ?? false,
      requireLowercase: input.RequireLowercaseCharacters ?? false,
      allowUsersToChange: input.AllowUsersToChangePassword ?? false,
      maxAge: input.MaxPasswordAge ?? null,
      reusePrevention: input.PasswordReusePrevention ?? null,
      hardExpiry: input.HardExpiry ?? null,
    });
    return {};
  },
});

export const deleteAccountPasswordPolicy = operation("iam", "DeleteAccountPasswordPolicy", {
  writes: true,
  authorize: (_, __, context) => [requirementOnAll("iam:DeleteAccountPasswordPolicy", context)],
  handle: async (_, __, { tx, account }) => {
    if (!(await passwordPolicies.remove(tx, account))) throw noPasswordPolicyToDelete();
    return {};
  },
});
