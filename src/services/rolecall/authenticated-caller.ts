import { parseArn } from "../../arn/arn.ts";
import type { Fault } from "../../contracts/fault.ts";
import type { OperationContext } from "../../operation/context.ts";
import type { Signer } from "../../session/actor.ts";
import { expiredToken, invalidToken } from "../../session/invalid-token.ts";
import { userActor } from "../../session/principal.ts";
import { authenticationTokens } from "./authentication-token.ts";
import { credentialById, holderOf, refusalOf } from "./user-credential.ts";

/**
 * Who is behind a token of rolecall:Authenticate, as it stands now: the credential is still there, active and the same, and
 * so is its user, who has long-term credentials.
 *
 * @param service as it is named to rolecall:Authorize
 */
export async function authenticatedCaller(
  token: string,
  service: string,
  context: OperationContext,
): Promise<Signer | Fault> {
  const { environment, request, tx } = context;
  const known = authenticationTokens(environment.tokens, context.caller, service).read(token);
  if (known === null) return invalidToken();
  const credential = await credentialById(tx, known.credentialId);
  if (credential === null || credential.proof !== known.proof) return invalidToken();
  if (known.expiresAt <= request.now) return expiredToken(credential.account);
  if (refusalOf(credential, request.now) !== null) return invalidToken(credential.account);
  const holder = await holderOf(credential, context);
  if (holder === null) return invalidToken(credential.account);
  return userActor(holder, parseArn(holder.arn)!.partition, credential.id, null);
}
