import type { Fault } from "../../../contracts/fault.ts";
import type { OperationContext, PreparationContext } from "../../../operation/context.ts";
import { payerOf } from "../../../session/actor.ts";
import * as accounts from "../../../store/organizations/accounts.ts";
import type { LoginProfileRecord } from "../../../store/iam/login-profiles.ts";
import * as passwordPolicies from "../../../store/iam/password-policies.ts";
import type { PasswordPolicyRecord } from "../../../store/iam/password-policies.ts";
import { policyViolation } from "./password-faults.ts";

/** Letters are Latin, and no other symbols count (API reference, UpdateAccountPasswordPolicy). */
const upper = /[A-Z]/;
const lower = /[a-z]/;
const digit = /[0-9]/;
const symbol = /[!@#$%^&*()_+\-=[\]{}|']/;

/** As the default policy asks for them. */
const classes = {
  "Password should have at least one uppercase letter": upper,
  "Password should have at least one lowercase letter": lower,
  "Password should have at least one number": digit,
  "Password should have at least one symbol": symbol,
};

/** IAM User Guide, id_credentials_passwords_account-policy: default password policy. */
const defaultLength = 8;
const defaultClasses = 3;

/** Holds a new password to the account's policy, or to AWS's default. @throws Fault PasswordPolicyViolation */
export async function requireConforming(password: string, context: OperationContext): Promise<void> {
  const violation = await violationOf(password, context);
  if (violation !== null) throw violation;
}

/** In what way a new password does not conform; null where it does. */
export async function violationOf(password: string, context: OperationContext): Promise<Fault | null> {
  const policy = await passwordPolicies.ofAccount(context.tx, context.account);
  if (policy === null) return violationOfDefault(password, context);
  return conforms(password, policy) ? null : policyViolation();
}

function conforms(password: string, policy: PasswordPolicyRecord): boolean {
  return (
    password.length >= policy.minimumLength &&
    (!policy.requireUppercase || upper.test(password)) &&
    (!policy.requireLowercase || lower.test(password)) &&
    (!policy.requireNumbers || digit.test(password)) &&
    (!policy.requireSymbols || symbol.test(password))
  );
}

/** The texts were seen in public logs; those about a lower-case letter and a number are by analogy. */
async function violationOfDefault(password: string, { tx, account }: OperationContext): Promise<Fault | null> {
  if (password.length < defaultLength)
    return policyViolation(`Password should have a minimum length of ${defaultLength}`);
  const missing = Object.entries(classes).filter(([, characters]) => !characters.test(password));
  const more = defaultClasses - (Object.keys(classes).length - missing.length);
  if (more > 0) {
    const listed = missing.map(([words]) => words).join(", ");
    return policyViolation(`Password should meet ${more} more of the following requirements: ${listed}`);
  }
  const known = await accounts.byId(tx, account);
  const names = known === null ? [] : [known.id, known.name, known.alias, known.email];
  // The guide says that it must not be identical to them; the text is ours.
  return names.some((name) => name?.toLowerCase() === password.toLowerCase())
    ? policyViolation("Password should not be the name or the email address of the account")
    : null;
}

/** The hashes of the passwords that may not be used again, the present one first. */
export async function forbiddenHashes(
  profile: LoginProfileRecord,
  context: OperationContext,
): Promise<readonly string[]> {
  const policy = await passwordPolicies.ofAccount(context.tx, context.account);
  return [profile.hash, ...profile.formerHashes].slice(0, policy?.reusePrevention ?? 0);
}

/** A password as it is kept, with the hashes that it was compared with. */
export interface NewPassword {
  readonly hash: string;
  readonly comparedWith: readonly string[];
}

/**
 * Each of the former ones was hashed with a salt of its own, so each costs a verification: they go one by one, in turn
 * with what others have to be hashed.
 *
 * @throws Fault PasswordPolicyViolation
 */
export async function unusedPassword(
  password: string,
  forbidden: readonly string[],
  { caller, environment }: PreparationContext,
): Promise<NewPassword> {
  const sender = payerOf(caller);
  for (const hash of forbidden) {
    if (await environment.passwords.matches(password, hash, sender)) throw policyViolation();
  }
  return { hash: await environment.passwords.hash(password, sender), comparedWith: forbidden };
}

/** Whether it was compared with every password that may not be used again by now. */
export async function isStillUnused(
  { comparedWith }: NewPassword,
  profile: LoginProfileRecord,
  context: OperationContext,
): Promise<boolean> {
  return (await forbiddenHashes(profile, context)).every((hash) => comparedWith.includes(hash));
}
