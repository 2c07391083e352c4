import { operation } from "../../operation/operation.ts";
import type { OperationContext } from "../../operation/context.ts";
import { mfaTimeOf } from "../../session/actor.ts";
import type { PasswordHolder } from "../../session/actor.ts";
import { lineageOf } from "../../session/lineage.ts";
import { signInKey } from "../../session/sign-in.ts";
import type { SignIn } from "../../session/sign-in.ts";
import * as loginProfiles from "../../store/iam/login-profiles.ts";
import type { LoginProfileRecord } from "../../store/iam/login-profiles.ts";
import * as passwordPolicies from "../../store/iam/password-policies.ts";
import * as signInAttempts from "../../store/iam/sign-in-attempts.ts";
import * as users from "../../store/iam/users.ts";
import { issueSession } from "../sts/issue.ts";
import { accessDenied, failedAuthentication } from "./faults.ts";
import { codeRequired, devicesOf, signInCode } from "./sign-in-code.ts";

/** Seconds. */
const usualDuration = 43_200;
const day = 86_400_000;

/** What a session may do that is for changing the password; whoever judges it goes by this, services outside as well. */
const passwordChangePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "PasswordChangeRequired",
      Effect: "Allow",
      Action: ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"],
      Resource: "*",
    },
  ],
});

/**
 * Temporary credentials of a user for his password, and for a code where he has an MFA device, as signing in to AWS's
 * console gives. The password is verified by now (pipeline/strategy/password.ts); it authenticates, so no policy controls
 * it.
 */
export const signIn = operation("rolecall", "SignIn", {
  writes: true,
  proof: signInCode,
  authorize: "always",
  async handle(input, _loaded, context) {
    const { caller, tx, request } = context;
    if (caller.kind !== "password") throw new Error(`a sign-in with a proof of the kind ${caller.kind}`);
    const kind = await kindOf(await profileOf(caller, context), context);
    const user = { account: caller.account, userName: caller.entity.name };
    const devices = caller.mfaAt === undefined ? await devicesOf(context) : [];
    if (devices.length > 0) {
      await signInAttempts.goingOn(tx, user);
      // Answered, not thrown: what was written of the attempt stays.
      return codeRequired(devices);
    }
    await signInAttempts.succeeded(tx, user);
    await users.recordPasswordUsed(tx, caller.entity, request.now);
    const { credentials } = issueSession(context, {
      kind: "user",
      account: caller.account,
      issuerId: caller.entity.id,
      sessionName: caller.entity.name,
      duration: input.DurationSeconds ?? usualDuration,
      lineage: lineageOf(caller),
      mfaAt: mfaTimeOf(caller),
      sourceIdentity: undefined,
      tags: [],
      policies: { policy: kind === "password-change" ? passwordChangePolicy : undefined, policyArns: [] },
      context: { [signInKey]: kind },
    });
    return { Credentials: credentials, UserArn: caller.entity.arn, PasswordChangeRequired: kind === "password-change" };
  },
});

/** Of the password that was shown. @throws Fault AccessDenied where it is another one by now */
async function profileOf(caller: PasswordHolder, { tx }: OperationContext): Promise<LoginProfileRecord> {
  const profile = await loginProfiles.ofUser(tx, caller.entity);
  if (profile?.changedAt !== caller.passwordSetAt) throw failedAuthentication();
  return profile;
}

/** What the session is for. @throws Fault AccessDenied for a password that has expired for good */
async function kindOf(profile: LoginProfileRecord, { tx, account, request }: OperationContext): Promise<SignIn> {
  const policy = await passwordPolicies.ofAccount(tx, account);
  const maxAge = policy?.maxAge ?? null;
  const expired = maxAge !== null && request.now >= profile.changedAt + maxAge * day;
  if (expired && policy?.hardExpiry === true) {
    throw accessDenied("The password has expired. An administrator has to set another one.");
  }
  return expired || profile.resetRequired ? "password-change" : "password";
}
