import type { Registry } from "../../../operation/operation.ts";
import { createDelegationRequest } from "./create-request.ts";
import {
  acceptDelegationRequest,
  associateDelegationRequest,
  rejectDelegationRequest,
  sendDelegationToken,
  updateDelegationRequest,
} from "./decide-request.ts";
import { getDelegationRequest, listDelegationRequests } from "./read-requests.ts";
import { getHumanReadableSummary } from "./summary.ts";

export const delegationOperations = {
  CreateDelegationRequest: createDelegationRequest,
  GetDelegationRequest: getDelegationRequest,
  ListDelegationRequests: listDelegationRequests,
  AssociateDelegationRequest: associateDelegationRequest,
  UpdateDelegationRequest: updateDelegationRequest,
  AcceptDelegationRequest: acceptDelegationRequest,
  RejectDelegationRequest: rejectDelegationRequest,
  SendDelegationToken: sendDelegationToken,
  GetHumanReadableSummary: getHumanReadableSummary,
} satisfies Partial<Registry<"iam">>;
