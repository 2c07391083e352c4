import type { CallFacts } from "./facts.ts";

/**
 * What the record of a sign-in has that others do not (CloudTrail User Guide, "AWS Management Console sign-in events").
 */
export function isSignIn({ operation }: CallFacts): boolean {
  return operation.eventType === "AwsConsoleSignIn";
}

/** responseElements, as JSON. */
export function signInResponse({ fault }: CallFacts): string {
  return fault === null ? '{"ConsoleLogin":"Success"}' : '{"ConsoleLogin":"Failure"}';
}

/** additionalEventData. @param additional may say that a second factor was shown */
export function signInDetails({ additional }: CallFacts): Readonly<Record<string, unknown>> {
  return { MobileVersion: "No", MFAUsed: "No", ...additional };
}

/**
 * Who could not prove to be the one he says. A name that nobody has is hidden, as on AWS: it may be a password that was
 * typed into the wrong place.
 */
export function claimedIdentity({ aboutUser }: CallFacts, account: string): object {
  const userName = aboutUser ?? "HIDDEN_DUE_TO_SECURITY_REASONS";
  return { type: "IAMUser", principalId: "", accountId: account, accessKeyId: "", userName };
}
