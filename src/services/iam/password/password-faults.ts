import type { Fault } from "../../../contracts/fault.ts";
import { iamFault } from "../entity/faults.ts";

/** Refusals of the operations on passwords; what they share with the other entities is in faults.ts. */

/** Recorded from AWS (LocalStack snapshots, 2026), with a small u here and a capital one below. */
export function profileExists(userName: string): Fault {
  return iamFault("EntityAlreadyExists", `Login Profile for user ${userName} already exists.`);
}

/** Recorded from AWS (LocalStack snapshots, 2026). @param of a user's name, or the id of an account for its root */
export function noSuchProfile(of: string): Fault {
  return iamFault("NoSuchEntity", `Login Profile for User ${of} cannot be found.`);
}

/** Recorded from AWS (LocalStack snapshots, 2026). */
export function noSuchPasswordPolicy(account: string): Fault {
  return iamFault("NoSuchEntity", `The Password Policy with domain name ${account} cannot be found.`);
}

/** The same when it is to be deleted (recorded from AWS, LocalStack snapshots, 2026). */
export function noPasswordPolicyToDelete(): Fault {
  return iamFault("NoSuchEntity", "The account policy with name PasswordPolicy cannot be found.");
}

/** @param message of the default policy each rule has its own; of an account's own policy none is named (public logs) */
export function policyViolation(message = "Password does not conform to the account password policy."): Fault {
  return iamFault("PasswordPolicyViolation", message);
}

/** The code was observed on AWS, September 2026 (radkawar/stackd captures); the text is from memory. */
export function oldPasswordIncorrect(): Fault {
  return iamFault("AccessDenied", "The old password was incorrect.");
}

/** The same code was observed for a password that is changed into itself; the text is ours. */
export function samePassword(): Fault {
  return iamFault("AccessDenied", "The new password is the old one.");
}

/** The text is that of two products that answer as AWS does; the code is documented (API reference, ChangePassword). */
export function onlyUsers(): Fault {
  return iamFault("InvalidUserType", "Only IAM Users can change their own password");
}

/**
 * Another call has changed the password while the new one was compared with it. AWS has the code for what was made a
 * moment ago and is not everywhere yet, which does not happen here: what is written is there at once. The text is ours.
 */
export function changedMeanwhile(userName: string): Fault {
  return iamFault(
    "EntityTemporarilyUnmodifiable",
    `Login Profile for User ${userName} was changed by another call at the same time.`,
  );
}
