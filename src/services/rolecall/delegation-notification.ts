import { operation } from "../../operation/operation.ts";
import type { OperationContext } from "../../operation/context.ts";
import { compile } from "../../policy/index.ts";
import { isLimited } from "../../session/actor.ts";
import { userId } from "../../session/principal.ts";
import { issueTradeInToken } from "../../session/trade-in-token.ts";
import { byId, endOfAccess, stateAt } from "../../store/iam/delegation-requests.ts";
import type { DelegationRequestRecord, RequestState } from "../../store/iam/delegation-requests.ts";
import { notFound } from "./faults.ts";
import { ownRequirement } from "./requirements.ts";

/**
 * What AWS publishes to the requestor's SNS topic. There is no SNS here: he fetches it, signed, and so nobody else can
 * have the token, and it is kept nowhere. Whoever created the request needs no permission of his own.
 */
export const getDelegationNotifications = operation("rolecall", "GetDelegationNotifications", {
  writes: false,
  load: async (input, { tx, account }) => {
    const record = await byId(tx, input.DelegationRequestId);
    return record?.requestorAccount === account ? record : null;
  },
  authorize: ({ DelegationRequestId: id }, record, context) => {
    const { caller } = context;
    const isCreator = record?.requestorId === userId(caller) && !isLimited(caller);
    return ownRequirement(context, "GetDelegationNotifications", `delegation-request/${id}`).map((requirement) => ({
      ...requirement,
      resourcePolicy: isCreator ? ofCreator : null,
    }));
  },
  handle: ({ DelegationRequestId: id }, record, context) => {
    if (record === null) throw notFound(`The delegation request ${id} does not exist.`);
    return { NotificationChannel: record.notificationChannel, Notifications: notificationsOf(record, context) };
  },
});

/** Those of each state but the first, which is the requestor's own doing; then the token, as long as it is good. */
function notificationsOf(record: DelegationRequestRecord, { environment, request: { now } }: OperationContext) {
  const { history, id, ownerAccount, requestorAccount, workflowId } = record;
  const common = { RequestId: id, RequestorWorkflowId: workflowId, OwnerAccountId: ownerAccount ?? undefined };
  const changes: { readonly state: RequestState; readonly at: number }[] = history.slice(1);
  if (stateAt(record, now) === "EXPIRED") changes.push({ state: "EXPIRED", at: record.expiresAt });
  const told = changes.map(({ state, at }) => ({
    ...common,
    Type: "StateChange" as const,
    State: state,
    UpdatedAt: new Date(at),
  }));
  const end = endOfAccess(record);
  if (end === null || now >= end || stateAt(record, now) !== "FINALIZED") return told;
  const token = {
    ...common,
    Type: "ExchangeToken" as const,
    State: "FINALIZED",
    UpdatedAt: new Date(record.updatedAt),
    ExchangeToken: issueTradeInToken(environment.tokens, { requestId: id, account: requestorAccount }),
    ExpiresAt: new Date(end),
  };
  return [...told, token];
}

const ofCreator = compile(
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "rolecall:GetDelegationNotifications", Resource: "*" }],
  }),
  "resource",
  { id: "the default permissions for delegation requests" },
);
