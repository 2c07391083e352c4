import { Fault } from "../contracts/fault.ts";
import type { Actor } from "../session/actor.ts";
import { signInOf } from "../session/sign-in.ts";
import { principalArn } from "../session/principal.ts";

/** What sessions of a user may call of STS (IAM User Guide, id_credentials_temp_request: comparing STS APIs). */
const userSessionSts = new Set(["AssumeRole", "GetCallerIdentity", "GetSessionToken", "GetFederationToken"]);
const federatedSts = new Set(["GetCallerIdentity", "GetSessionToken", "GetFederationToken"]);

/** What a session may call whose user has to choose another password first. */
const passwordChange = new Set(["iam:ChangePassword", "iam:GetAccountPasswordPolicy"]);

/**
 * The limits that lie in the kind of credentials and that no policy lifts: GetSessionToken credentials call IAM only
 * with MFA, and of STS only AssumeRole and GetCallerIdentity; a federated user calls no IAM, and of STS only
 * GetCallerIdentity. (GetSessionToken and GetFederationToken refuse sessions themselves, with words of their own.) A
 * session that began with a sign-in is what the console has: all is open to it, unless its password has to be changed.
 *
 * @throws Fault InvalidClientTokenId for IAM, as AWS answers there; AccessDenied for STS
 */
export function refuseByKindOfSession(caller: Actor, service: string, operation: string): void {
  const { session } = caller;
  if (session === null || session.kind === "role") return;
  const signIn = signInOf(session);
  if (signIn === "password") return;
  if (signIn === "password-change") return requirePasswordChange(caller, `${service}:${operation}`);
  if (service === "iam" && (session.kind === "federated" || session.mfaAt === undefined)) {
    throw new Fault("InvalidClientTokenId", 403, "The security token included in the request is invalid");
  }
  if (service !== "sts") return;
  const allowed = session.kind === "federated" ? federatedSts : userSessionSts;
  if (!allowed.has(operation)) {
    const message = `User: ${principalArn(caller)} is not authorized to perform: sts:${operation}`;
    throw new Fault("AccessDenied", 403, message);
  }
}

/** @throws Fault AccessDenied */
function requirePasswordChange(caller: Actor, action: string): void {
  if (passwordChange.has(action)) return;
  const message = `User: ${principalArn(caller)} is not authorized to perform: ${action} because the password has to be changed first: with iam:ChangePassword, and a new sign-in`;
  throw new Fault("AccessDenied", 403, message);
}
