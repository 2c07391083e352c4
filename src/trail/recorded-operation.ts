import type { OperationContract } from "../contracts/model.ts";
import { secretsIn } from "../contracts/secrets.ts";
import type { Secrets } from "../contracts/secrets.ts";

/** What every record of an operation says alike, and what none may say: it follows from the contract. */
export interface RecordedOperation {
  /** The service as CloudTrail names it, e.g. `iam.amazonaws.com`. */
  readonly eventSource: string;
  readonly eventName: string;
  /** What kind of event it is to CloudTrail. */
  readonly eventType: "AwsApiCall" | "AwsConsoleSignIn";
  readonly readOnly: boolean;
  /** Whether a record has the answer (responseElements). */
  readonly answers: boolean;
  readonly secrets: { readonly input: Secrets; readonly output: Secrets };
}

/**
 * A sign-in as that to AWS's console (CloudTrail User Guide, "AWS Management Console sign-in events"): what came and what
 * was answered are in no record, only whether it succeeded. The one who failed is named if he is there.
 */
export const consoleSignIn: RecordedOperation = {
  eventSource: "signin.amazonaws.com",
  eventName: "ConsoleLogin",
  eventType: "AwsConsoleSignIn",
  readOnly: false,
  answers: true,
  secrets: { input: "all", output: "all" },
};

export function recordedOperation(eventSource: string, contract: OperationContract): RecordedOperation {
  const { name, readOnly, answerRecorded, input, output } = contract;
  return {
    eventSource,
    eventName: name,
    eventType: "AwsApiCall",
    readOnly,
    answers: !readOnly || answerRecorded === true,
    secrets: { input: secretsIn(input), output: secretsIn(output) },
  };
}

/** One that no contract has: a call that names none of the service, or one that was made without the server. */
export function recordedOutsideContracts(eventSource: string, eventName: string): RecordedOperation {
  return {
    eventSource,
    eventName,
    eventType: "AwsApiCall",
    readOnly: false,
    answers: true,
    secrets: { input: null, output: null },
  };
}
