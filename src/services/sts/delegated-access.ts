import { assumedRoleArn, rootArn } from "../../arn/arn.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import type { SessionGrant } from "../../session/grant.ts";
import { lineageOf } from "../../session/lineage.ts";
import { InvalidToken } from "../../session/token.ts";
import { openTradeInToken } from "../../session/trade-in-token.ts";
import { byId, endOfAccess, stateAt } from "../../store/iam/delegation-requests.ts";
import type { Approver, DelegationRequestRecord } from "../../store/iam/delegation-requests.ts";
import { accessDenied, stsFault, validationError } from "./faults.ts";
import { issueSession } from "./issue.ts";

/**
 * STS API, GetDelegatedAccessToken: what a delegation request ends in. The credentials are those of whoever accepted, within
 * the policy that was asked for, and end when the time that was asked for is over, counted from the token's release. Until
 * then the token may be traded in again (IAM User Guide, temporary-delegation-building-integration, "Multiple
 * Redemptions").
 */
export const getDelegatedAccessToken = operation("sts", "GetDelegatedAccessToken", {
  writes: false,
  authorize: (_input, _loaded, context) => [
    { action: "sts:GetDelegatedAccessToken", resource: "*", resourceAccount: context.account },
  ],
  async handle(input, _loaded, context) {
    const request = await tradedIn(input.TradeInToken, context);
    const approver = request.approver!;
    const arn = await presentArn(approver, request, context);
    const issued = issueSession(context, grantOf(request, approver, context));
    note(request, approver, context);
    return {
      Credentials: issued.credentials,
      PackedPolicySize: issued.sizes.PackedPolicySize,
      AssumedPrincipal: arn,
    };
  },
});

/**
 * The request whose token it is. The texts are ours; one answer to all that is no token of the caller's account.
 *
 * @throws Fault ValidationError, ExpiredTradeInTokenException
 */
async function tradedIn(token: string, context: OperationContext): Promise<DelegationRequestRecord> {
  const { account, environment, request, tx } = context;
  const { requestId, account: requestor } = opened(token, environment.tokens);
  if (requestor !== account) throw invalid();
  const record = await byId(tx, requestId);
  if (record === null || record.requestorAccount !== account) throw invalid();
  if (stateAt(record, request.now) !== "FINALIZED" || request.now >= endOfAccess(record)!) {
    throw stsFault("ExpiredTradeInTokenException", "The trade-in token has expired.");
  }
  return record;
}

function opened(token: string, tokens: OperationContext["environment"]["tokens"]) {
  try {
    return openTradeInToken(tokens, token);
  } catch (error) {
    if (error instanceof InvalidToken) throw invalid();
    throw error;
  }
}

function invalid() {
  return validationError("The trade-in token is not valid.");
}

function grantOf(request: DelegationRequestRecord, approver: Approver, context: OperationContext): SessionGrant {
  const { caller } = context;
  const now = Math.floor(context.request.now / 1000) * 1000;
  return {
    kind: approver.kind,
    account: request.ownerAccount!,
    issuerId: approver.issuerId,
    sessionName: approver.sessionName,
    duration: (endOfAccess(request)! - now) / 1000,
    // The person behind it is who got it; whose permissions it has, the session says.
    lineage: lineageOf(caller),
    // Who has it has shown no second factor.
    mfaAt: undefined,
    sourceIdentity: approver.sourceIdentity,
    tags: approver.tags,
    policies: { policy: request.policy, policyArns: [] },
    delegation: { account: request.requestorAccount, requestId: request.id },
    context: {},
  };
}

/** The approver's ARN as it is now. @throws Fault AccessDenied where there is no such identity any more */
async function presentArn(
  { kind, issuerId, sessionName }: Approver,
  { ownerAccount }: DelegationRequestRecord,
  { environment, partition, tx }: OperationContext,
): Promise<string> {
  const account = ownerAccount!;
  if (issuerId === account) return rootArn(partition, account);
  const entity = await environment.authenticator.entity(tx, account, kind, issuerId);
  if (entity === null) throw accessDenied("Whoever accepted the delegation request does not exist any more.");
  return kind === "user" ? entity.arn : assumedRoleArn(partition, account, entity.name, sessionName);
}

/** The account whose permissions they are has a record of it. */
function note(request: DelegationRequestRecord, approver: Approver, context: OperationContext): void {
  const { id, ownerAccount, requestorAccount } = request;
  context.trailNote({ delegation: { requestId: id, requestorAccount, ownerAccount, approver: approver.arn } });
  if (ownerAccount !== context.account) context.alsoConcerns({ account: ownerAccount!, parameters: {} });
}
