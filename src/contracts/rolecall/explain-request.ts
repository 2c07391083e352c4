/** rolecall:ExplainRequest: why a recorded request was decided as it was. */
import { list, optional, structure } from "../value-of.ts";
import { federationChecks } from "./check-federation.ts";
import { layer, outcome, text } from "./values.ts";

export const recordId = { type: "string", pattern: "[0-9a-fA-F-]{36}" } as const;
/** That of its answer (x-amzn-RequestId), or its authorization id (clock/authorization-id.ts). */
export const requestId = { type: "string", pattern: "[0-9a-fA-F-]{36}|[0-9a-z]{25}" } as const;
export const policyMoment = { type: "string", enum: ["moment", "now"] } as const;

/**
 * A call looks through a bounded part of the trail and explains a bounded number of requirements: with NextToken it goes on.
 * Where the record is not found yet, all else is absent.
 */
export const explainRequestOutput = structure({
  NextToken: optional(text),
  EventId: optional(text),
  RequestId: optional(text),
  /** ISO 8601, seconds, UTC. */
  EventTime: optional(text),
  /** `service:Operation` */
  Action: optional(text),
  AccountId: optional(text),
  ErrorCode: optional(text),
  ErrorMessage: optional(text),
  /** Of a refused call that brought a token or an assertion: what was looked at of it. */
  Checks: optional(federationChecks),
  /** Which policies explain; absent where nothing was decided. */
  Policies: optional(policyMoment),
  /** One for each requirement that was decided; empty for a request that was refused before that. */
  Explanations: list(
    structure({
      Action: text,
      Resource: text,
      ResourceAccount: text,
      Principal: text,
      /** As it was decided then. */
      RecordedOutcome: outcome,
      /** By the policies that explain. */
      Outcome: outcome,
      /** In words. */
      Summary: text,
      /** Layers that belong to somebody else and are left out. */
      Withheld: list(layer, 0, 8),
      /** JSON text: the `Explanation` of `rolecall/policy`. */
      Explanation: text,
    }),
    0,
    1000,
  ),
});
