import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import type { Entity } from "../../session/actor.ts";
import { judgeSecret } from "./authenticate-secret.ts";
import { judgeSshKey } from "./authenticate-ssh-key.ts";
import { authenticationLifetime, authenticationTokens } from "./authentication-token.ts";
import { validation } from "./faults.ts";
import { ownRequirement } from "./requirements.ts";
import { holderOf } from "./user-credential.ts";
import type { Credential, Judged } from "./user-credential.ts";

type Question = RolecallOperations["Authenticate"]["input"];
type Answer = RolecallOperations["Authenticate"]["output"];

/**
 * A service outside was shown a password, a secret or an SSH key and asks whose it is. The caller is the service; it needs
 * rolecall:Authenticate on itself (`service/NAME`). A refusal is one answer, whatever the reason: that is told to the trail
 * of the account whose credential it was.
 */
export const authenticate = operation("rolecall", "Authenticate", {
  writes: false,
  authorize: (input, _loaded, context) => ownRequirement(context, "Authenticate", `service/${input.Service}`),
  handle: async (input, _loaded, context) => {
    requireOneProof(input);
    const judged = await (input.SshKey === undefined ? judgeSecret(input, context) : judgeSshKey(input, context));
    const { credential, refusal } = judged;
    const holder = credential === null ? null : await holderOf(credential, context);
    note(input, judged, holder, context);
    if (credential === null || holder === null || refusal !== null) return refused(judged, context);
    return authenticated(input, credential, holder, context);
  },
});

function requireOneProof({ Password, Secret, SshKey, UserName, SshPublicKeyId }: Question): void {
  if ([Password, Secret, SshKey].filter((proof) => proof !== undefined).length !== 1) {
    throw validation("Give one of Password, Secret and SshKey.");
  }
  if (Password !== undefined && UserName === undefined) throw validation("A Password needs a UserName.");
  if (Secret !== undefined && UserName !== undefined)
    throw validation("A Secret has the name in it: leave UserName out.");
  if (SshKey === undefined && SshPublicKeyId !== undefined) throw validation("SshPublicKeyId needs a SshKey.");
}

/** Nothing but that, except where the service has to choose among users of its account. */
async function refused({ holders = [] }: Judged, context: OperationContext): Promise<Answer> {
  const told = [];
  for (const credential of holders) {
    const holder = await holderOf(credential, context);
    if (holder !== null) told.push({ Principal: principalOf(holder), SshPublicKeyId: credential.id });
  }
  const Holders = told.length === 0 ? undefined : told;
  return { Authenticated: false, Holders, EventId: context.request.requestId };
}

function authenticated(input: Question, credential: Credential, holder: Entity, context: OperationContext): Answer {
  const { id, proof } = credential;
  const expiresAt = Math.min(context.request.now + authenticationLifetime, credential.expiresAt ?? Infinity);
  const tokens = authenticationTokens(context.environment.tokens, context.caller, input.Service);
  return {
    Authenticated: true,
    Principal: principalOf(holder),
    CredentialId: id,
    Token: tokens.write({ credentialId: id, proof, expiresAt }),
    TokenExpiration: new Date(expiresAt),
    EventId: context.request.requestId,
  };
}

function principalOf({ account, arn, id, name }: Entity): NonNullable<Answer["Principal"]> {
  return { Type: "User", Arn: arn, UserId: id, UserName: name, Account: account };
}

/**
 * The trail of the credential's account has whom it was about and why it was refused. Where that is not the service's
 * account, the service's own record has no more of a refusal than the answer.
 */
function note(
  input: Question,
  { credential, refusal }: Judged,
  holder: Entity | null,
  context: OperationContext,
): void {
  const verified = refusal === null && holder !== null;
  if (credential === null || holder === null) {
    context.trailNote(refusal === "ambiguous" ? { verified, fault: refusal } : { verified });
    return;
  }
  const askedFor = { arn: holder.arn, principalId: holder.id, credentialId: credential.id };
  const whole = { verified, askedFor, ...(refusal === null ? {} : { fault: refusal }) };
  const foreign = credential.account !== context.account;
  context.trailNote(foreign && !verified ? { verified } : whole);
  if (!foreign) return;
  const { Service, UserName, SourceIp } = input;
  const parameters = { Service, UserName, SourceIp };
  context.alsoConcerns({ account: credential.account, parameters, note: whole, apart: !verified });
}
