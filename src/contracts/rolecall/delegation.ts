/** What a requestor of temporary access is told: the messages that AWS publishes to his SNS topic. */
import { list, optional, structure } from "../value-of.ts";
import { accountId, instant, text } from "./values.ts";

/** A name of AWS's (API Reference, delegationRequestIdType). */
export const delegationRequestId = { type: "string", min: 16, max: 128, pattern: "[\\w-]+" } as const;

/** Members as in AWS's messages (IAM User Guide, temporary-delegation-building-integration, "Notification Message Format"). */
const notification = structure({
  Type: { type: "string", enum: ["StateChange", "ExchangeToken"] },
  RequestId: text,
  RequestorWorkflowId: text,
  State: text,
  OwnerAccountId: optional(accountId),
  UpdatedAt: instant,
  ExchangeToken: optional({ type: "string", sensitive: true }),
  ExpiresAt: optional(instant),
});

export const notifications = list(notification, 0, 20);
