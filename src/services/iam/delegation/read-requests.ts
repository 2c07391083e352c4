import { parseArn } from "../../../arn/arn.ts";
import { operation } from "../../../operation/operation.ts";
import { listOwned } from "../../../store/iam/delegation-requests.ts";
import { invalidInput } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";
import { describedRequest } from "./describe.ts";
import { existingRequest, findRequest, requirementOnOwned, requirementOnRequest } from "./found-request.ts";
import { checkPermissions } from "./permission-check.ts";

export const getDelegationRequest = operation("iam", "GetDelegationRequest", {
  writes: false,
  load: (input, context) => findRequest(input.DelegationRequestId, context),
  authorize: (_, found, context) => [requirementOnRequest("iam:GetDelegationRequest", found, context)],
  handle: async (input, found, context) => {
    const record = existingRequest(found);
    return {
      DelegationRequest: describedRequest(record, context.request.now),
      ...(input.DelegationPermissionCheck === true ? await checkPermissions(record.policy, context) : {}),
    };
  },
});

export const listDelegationRequests = operation("iam", "ListDelegationRequests", {
  writes: false,
  authorize: (input, _, context) => [requirementOnOwned(input.OwnerId, context)],
  handle: (input, _, { tx, account, request }) => {
    const owner = input.OwnerId;
    // The text is ours: only the code is documented.
    if (owner !== undefined && parseArn(owner) === null) throw invalidInput(`OwnerId ${owner} is not an ARN.`);
    return pages.list("ListDelegationRequests", input, {
      fetch: (after, limit) => listOwned(tx, account, { owner, after, limit }),
      keyOf: ({ id }) => id,
      show: (record) => describedRequest(record, request.now),
    });
  },
});
