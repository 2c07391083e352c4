import type { DelegationRequest } from "../../../contracts/iam/types.gen.ts";
import { stateAt } from "../../../store/iam/delegation-requests.ts";
import type { DelegationRequestRecord } from "../../../store/iam/delegation-requests.ts";

/** @param now milliseconds since the epoch */
export function describedRequest(record: DelegationRequestRecord, now: number): DelegationRequest {
  return {
    DelegationRequestId: record.id,
    OwnerAccountId: record.ownerAccount ?? undefined,
    Description: record.description,
    RequestMessage: record.requestMessage ?? undefined,
    Permissions: {
      PolicyTemplateArn: record.templateArn,
      Parameters: record.parameters.map(({ name, type, values }) => ({ Name: name, Values: values, Type: type })),
    },
    PermissionPolicy: record.policy,
    RolePermissionRestrictionArns: record.boundaryArns.length === 0 ? undefined : record.boundaryArns,
    OwnerId: record.ownerArn ?? undefined,
    ApproverId: record.approver?.arn,
    State: stateAt(record, now),
    ExpirationTime: new Date(record.expiresAt),
    RequestorId: record.requestorAccount,
    RequestorName: record.requestorName,
    CreateDate: new Date(record.createdAt),
    SessionDuration: record.sessionDuration,
    RedirectUrl: record.redirectUrl ?? undefined,
    Notes: record.notes ?? undefined,
    RejectionReason: record.rejectionReason ?? undefined,
    OnlySendByOwner: record.onlySendByOwner,
    UpdatedTime: new Date(record.updatedAt),
  };
}
