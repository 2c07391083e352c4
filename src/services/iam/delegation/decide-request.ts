import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { isLimited } from "../../../session/actor.ts";
import { principalArn, userId } from "../../../session/principal.ts";
import type { Approver } from "../../../store/iam/delegation-requests.ts";
import { iamFault } from "../entity/faults.ts";
import { existingRequest, findRequest, isOwner, requirementOnRequest } from "./found-request.ts";
import { take } from "./lifecycle.ts";

/** What the root of an account may accept, in seconds (IAM User Guide, access_policies-temporary-delegation). */
const longestOfRoot = 4 * 60 * 60;

/** Takes a request for the caller: from here on it is his account's, and his. */
export const associateDelegationRequest = operation("iam", "AssociateDelegationRequest", {
  writes: true,
  load: (input, context) => findRequest(input.DelegationRequestId, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:AssociateDelegationRequest", found, context)],
  handle: async (_, found, context) => {
    const { account, caller } = context;
    await take("associated", existingRequest(found), context, {
      ownerAccount: account,
      ownerArn: principalArn(caller),
      ownerId: userId(caller),
    });
    return {};
  },
});

/** Leaves the decision to somebody with more permissions. */
export const updateDelegationRequest = operation("iam", "UpdateDelegationRequest", {
  writes: true,
  load: (input, context) => findRequest(input.DelegationRequestId, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:UpdateDelegationRequest", found, context)],
  handle: async ({ Notes: notes }, found, context) => {
    await take("forwarded", existingRequest(found), context, notes === undefined ? {} : { notes });
    return {};
  },
});

export const acceptDelegationRequest = operation("iam", "AcceptDelegationRequest", {
  writes: true,
  load: (input, context) => findRequest(input.DelegationRequestId, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:AcceptDelegationRequest", found, context)],
  handle: async (_, found, context) => {
    const request = existingRequest(found);
    if (context.caller.principal.type === "Root" && request.sessionDuration > longestOfRoot) {
      throw iamFault("AccessDenied", "Root users may only accept delegation requests of 4 hours or less.");
    }
    await take("accepted", request, context, { approver: approverOf(context) });
    return {};
  },
});

export const rejectDelegationRequest = operation("iam", "RejectDelegationRequest", {
  writes: true,
  load: (input, context) => findRequest(input.DelegationRequestId, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:RejectDelegationRequest", found, context)],
  handle: async ({ Notes: rejectionReason }, found, context) => {
    await take("rejected", existingRequest(found), context, { rejectionReason: rejectionReason ?? null });
    return {};
  },
});

/** Releases the token: the requestor finds it where his notifications are, and the time of the session runs. */
export const sendDelegationToken = operation("iam", "SendDelegationToken", {
  writes: true,
  load: (input, context) => findRequest(input.DelegationRequestId, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:SendDelegationToken", found, context)],
  handle: async (_, found, context) => {
    const request = existingRequest(found);
    if (request.state === "ACCEPTED" && request.onlySendByOwner && !isOwner(request, context.caller)) {
      throw iamFault("AccessDenied", `Only the owner of the delegation request ${request.id} may send its token.`);
    }
    await take("sent", request, context, { sentAt: context.request.now });
    return {};
  },
});

/**
 * The identity that delegated credentials are of, in the state in which it accepts (IAM API, AcceptDelegationRequest). What
 * limits it must limit them too: that of session policies cannot be put together with the policy that is asked for, so
 * whoever has some accepts nothing.
 */
function approverOf({ caller, account }: OperationContext): Approver {
  const { principal, session } = caller;
  if (isLimited(caller)) {
    throw iamFault("AccessDenied", "A session that session policies limit cannot accept delegation requests.");
  }
  const arn = principalArn(caller);
  const state = {
    tags: session?.tags ?? [],
    ...(session?.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
  };
  switch (principal.type) {
    case "Root":
      return { arn, kind: "user", issuerId: account, sessionName: "root", ...state };
    case "User":
      return { arn, kind: "user", issuerId: principal.id, sessionName: caller.entity!.name, ...state };
    case "RoleSession":
      return { arn, kind: "role", issuerId: principal.roleId, sessionName: principal.sessionName, ...state };
    case "FederatedUser":
    case "Service":
    case "WebIdentity":
    case "SAML":
      throw iamFault("AccessDenied", "Only users, roles and the root of an account can accept delegation requests.");
  }
}
