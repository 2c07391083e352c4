import { Fault } from "../contracts/fault.ts";
import type { Actor } from "../session/actor.ts";
import { isAssumedRoot } from "../session/assumed-root.ts";
import { signInOf } from "../session/sign-in.ts";
import { principalArn } from "../session/principal.ts";

/** What refuses sessions itself, with words of its own. */
const refusingItself = ["GetSessionToken", "GetFederationToken"];

/**
 * What sessions of a user may call of STS (IAM User Guide, id_credentials_temp_request: comparing STS APIs; observed on AWS,
 * September 2026, radkawar/stackd captures, of GetWebIdentityToken, which refuses federated users itself).
 */
const userSessionSts = new Set(["AssumeRole", "GetCallerIdentity", "GetWebIdentityToken", ...refusingItself]);
const federatedSts = new Set(["GetCallerIdentity", "GetWebIdentityToken", ...refusingItself]);

/** What a session may call whose user has to choose another password first. */
const passwordChange = new Set(["iam:ChangePassword", "iam:GetAccountPasswordPolicy"]);

/** Delegated credentials put nothing on: what they got would outlast them, and the policy that was accepted. */
const delegatedSts = new Set(["GetCallerIdentity"]);

/**
 * The limits that lie in the kind of credentials and that no policy lifts: GetSessionToken credentials call IAM only
 * with MFA, and of STS only AssumeRole, GetCallerIdentity and GetWebIdentityToken; a federated user calls no IAM, and of STS only
 * GetCallerIdentity. A session that began with a sign-in is what the console has: all is open to it, unless its password has to be changed.
 *
 * @throws Fault InvalidClientTokenId for IAM, as AWS answers there; AccessDenied for STS
 */
export function refuseByKindOfSession(caller: Actor, service: string, operation: string): void {
  const { session } = caller;
  if (session === null) return;
  // The policy that was accepted says what they may call of IAM.
  if (session.delegation !== undefined)
    return service === "sts" ? refuseBeyond(delegatedSts, caller, operation) : undefined;
  if (session.kind === "role") return;
  // What its task policy leaves is open to it: IAM without MFA too.
  if (isAssumedRoot(session)) return;
  const signIn = signInOf(session);
  if (signIn === "password") return;
  if (signIn === "password-change") return requirePasswordChange(caller, `${service}:${operation}`);
  if (service === "iam" && (session.kind === "federated" || session.mfaAt === undefined)) {
    throw new Fault("InvalidClientTokenId", 403, "The security token included in the request is invalid");
  }
  if (service !== "sts") return;
  refuseBeyond(session.kind === "federated" ? federatedSts : userSessionSts, caller, operation);
}

function refuseBeyond(allowed: ReadonlySet<string>, caller: Actor, operation: string): void {
  if (allowed.has(operation)) return;
  throw new Fault("AccessDenied", 403, `User: ${principalArn(caller)} is not authorized to perform: sts:${operation}`);
}

/** @throws Fault AccessDenied */
function requirePasswordChange(caller: Actor, action: string): void {
  if (passwordChange.has(action)) return;
  const message = `User: ${principalArn(caller)} is not authorized to perform: ${action} because the password has to be changed first: with iam:ChangePassword, and a new sign-in`;
  throw new Fault("AccessDenied", 403, message);
}
