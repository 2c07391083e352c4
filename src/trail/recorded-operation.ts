import type { OperationContract } from "../contracts/model.ts";
import { secretsIn } from "../contracts/secrets.ts";
import type { Secrets } from "../contracts/secrets.ts";

/** What every record of an operation says alike, and what none may say: it follows from the contract. */
export interface RecordedOperation {
  /** The service as CloudTrail names it, e.g. `iam.amazonaws.com`. */
  readonly eventSource: string;
  readonly eventName: string;
  readonly readOnly: boolean;
  /** Whether a record has the answer (responseElements). */
  readonly answers: boolean;
  readonly secrets: { readonly input: Secrets; readonly output: Secrets };
}

export function recordedOperation(eventSource: string, contract: OperationContract): RecordedOperation {
  const { name, readOnly, answerRecorded, input, output } = contract;
  return {
    eventSource,
    eventName: name,
    readOnly,
    answers: !readOnly || answerRecorded === true,
    secrets: { input: secretsIn(input), output: secretsIn(output) },
  };
}

/** One that no contract has: a call that names none of the service, or one that was made without the server. */
export function recordedOutsideContracts(eventSource: string, eventName: string): RecordedOperation {
  return { eventSource, eventName, readOnly: false, answers: true, secrets: { input: null, output: null } };
}
