import type { LoginProfile } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation, preparedOperation } from "../../../operation/operation.ts";
import { payerOf } from "../../../session/actor.ts";
import { Conflict } from "../../../store/sql/errors.ts";
import * as loginProfiles from "../../../store/iam/login-profiles.ts";
import type { LoginProfileRecord } from "../../../store/iam/login-profiles.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import { credentialOwner, requirementOnOwner } from "../entity/credential-owner.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import { validationError } from "../entity/faults.ts";
import { forbiddenHashes, isStillUnused, requireConforming, unusedPassword } from "./new-password.ts";
import { changedMeanwhile, noSuchProfile, profileExists } from "./password-faults.ts";

export const createLoginProfile = preparedOperation("iam", "CreateLoginProfile", {
  load(input, context) {
    // Who recovers an account's root by AssumeRoot leaves it out; for everybody else it is required (API reference).
    if (input.Password === undefined) {
      throw validationError(
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
      );
    }
    return credentialOwner(input.UserName, context);
  },
  authorize: (_, owner, context) => [requirementOnOwner("iam:CreateLoginProfile", owner, context)],
  ask: async (input, owner, context) => {
    const user = profileless(owner);
    if ((await loginProfiles.ofUser(context.tx, user)) !== null) throw profileExists(user.name);
    await requireConforming(input.Password!, context);
  },
  prepare: (input, _, { caller, environment }) => environment.passwords.hash(input.Password!, payerOf(caller)),
  handle: async (input, owner, context, hash) => {
    const user = profileless(owner);
    await requireConforming(input.Password!, context);
    const { now } = context.request;
    const profile = await unlessExists(user, () =>
      loginProfiles.create(context.tx, {
        userId: user.id,
        account: user.account,
        createdAt: now,
        hash,
        changedAt: now,
        resetRequired: input.PasswordResetRequired ?? false,
      }),
    );
    return { LoginProfile: described(profile, user) };
  },
});

/**
 * The user who is to have one. Root has to come by AssumeRoot where it names none; the text is that for roles, which have
 * none either.
 */
function profileless(owner: CredentialOwner): UserRecord {
  if (owner.type === "root") throw validationError("Must specify userName when calling with non-User credentials");
  return existing(owner.user);
}

async function unlessExists(user: UserRecord, create: () => Promise<LoginProfileRecord>): Promise<LoginProfileRecord> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof Conflict && error.constraint === "user") throw profileExists(user.name);
    throw error;
  }
}

export const getLoginProfile = operation("iam", "GetLoginProfile", {
  writes: false,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:GetLoginProfile", owner, context)],
  handle: async (_, owner, context) => {
    const { profile, user } = await profileOf(owner, context);
    return { LoginProfile: described(profile, user) };
  },
});

export const deleteLoginProfile = operation("iam", "DeleteLoginProfile", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:DeleteLoginProfile", owner, context)],
  handle: async (_, owner, context) => {
    const { profile } = await profileOf(owner, context);
    await loginProfiles.remove(context.tx, profile);
    return {};
  },
});

export const updateLoginProfile = preparedOperation("iam", "UpdateLoginProfile", {
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:UpdateLoginProfile", user, context)],
  ask: async ({ Password: password }, found, context) => {
    const profile = await profileOfUser(existing(found), context);
    if (password === undefined) return [];
    await requireConforming(password, context);
    return forbiddenHashes(profile, context);
  },
  prepare: async ({ Password: password }, forbidden, context) =>
    password === undefined ? null : unusedPassword(password, forbidden, context),
  handle: async (input, found, context, made) => {
    const user = existing(found);
    const profile = await profileOfUser(user, context);
    // What is left out keeps its value, also with a new password (observed on AWS, September 2026, radkawar/stackd captures).
    const resetRequired = input.PasswordResetRequired ?? profile.resetRequired;
    if (made === null) {
      await loginProfiles.setResetRequired(context.tx, profile, resetRequired);
      return {};
    }
    await requireConforming(input.Password!, context);
    if (!(await isStillUnused(made, profile, context))) throw changedMeanwhile(user.name);
    const changedAt = context.request.now;
    await loginProfiles.setPassword(context.tx, profile, { hash: made.hash, changedAt, resetRequired });
    return {};
  },
});

interface Owned {
  readonly profile: LoginProfileRecord;
  readonly user: UserRecord;
}

/** The root of an account has no password here. @throws Fault NoSuchEntity */
async function profileOf(owner: CredentialOwner, context: OperationContext): Promise<Owned> {
  if (owner.type === "root") throw noSuchProfile(context.account);
  const user = existing(owner.user);
  return { profile: await profileOfUser(user, context), user };
}

/** @throws Fault NoSuchEntity */
export async function profileOfUser(user: UserRecord, { tx }: OperationContext): Promise<LoginProfileRecord> {
  const profile = await loginProfiles.ofUser(tx, user);
  if (profile === null) throw noSuchProfile(user.name);
  return profile;
}

function described(profile: LoginProfileRecord, user: UserRecord): LoginProfile {
  return {
    UserName: user.name,
    CreateDate: new Date(profile.createdAt),
    PasswordResetRequired: profile.resetRequired,
  };
}
