import { preparedOperation } from "../../../operation/operation.ts";
import { payerOf } from "../../../session/actor.ts";
import * as loginProfiles from "../../../store/iam/login-profiles.ts";
import { callingUser, existing, requirementOn } from "../entity/entity-names.ts";
import { profileOfUser } from "./login-profile.ts";
import { forbiddenHashes, isStillUnused, requireConforming, unusedPassword, violationOf } from "./new-password.ts";
import { changedMeanwhile, oldPasswordIncorrect, onlyUsers, samePassword } from "./password-faults.ts";

/** Of the user who calls, and of nobody else. Whoever knows the old password and has a key may, also once it has expired. */
export const changePassword = preparedOperation("iam", "ChangePassword", {
  load(_, context) {
    if (context.caller.principal.type !== "User") throw onlyUsers();
    return callingUser("any", context);
  },
  authorize: (_, user, context) => [requirementOn("iam:ChangePassword", user, context)],
  ask: async (input, found, context) => {
    const profile = await profileOfUser(existing(found), context);
    if (input.NewPassword === input.OldPassword) throw samePassword();
    const violation = await violationOf(input.NewPassword, context);
    return { present: profile.hash, violation, forbidden: await forbiddenHashes(profile, context) };
  },
  prepare: async (input, { present, violation, forbidden }, context) => {
    const { environment, caller } = context;
    // Nothing is said of the new one to somebody who does not know the old one.
    if (!(await environment.passwords.matches(input.OldPassword, present, payerOf(caller))))
      throw oldPasswordIncorrect();
    if (violation !== null) throw violation;
    return { present, ...(await unusedPassword(input.NewPassword, forbidden, context)) };
  },
  handle: async (input, found, context, made) => {
    const user = existing(found);
    const profile = await profileOfUser(user, context);
    // Another call has changed it since.
    if (profile.hash !== made.present) throw oldPasswordIncorrect();
    await requireConforming(input.NewPassword, context);
    if (!(await isStillUnused(made, profile, context))) throw changedMeanwhile(user.name);
    const changedAt = context.request.now;
    await loginProfiles.setPassword(context.tx, profile, { hash: made.hash, changedAt, resetRequired: false });
    return {};
  },
});
