/**
 * What an operation does in CloudTrail's eyes. Neither model says it (Smithy has a `readonly` trait, IAM and STS do not
 * use it), but their names do: they begin with a verb. One that is in neither list stops the generator.
 */
const READS = /^(?:Get|List|Simulate|Decode)[A-Z]/;
const WRITES = new RegExp(
  `^(?:${[
    "Accept|Acquire|Add|Associate|Assume|Attach|Change|Create|Deactivate|Delete|Detach|Disable|Enable|Generate|Put",
    "Reject|Remove|Reset|Resync|Send|Set|Tag|Untag|Update|Upload",
  ].join("|")})[A-Z]`,
);

/** Against their verb (IAM User Guide, cloudtrail-integration: the examples of its log entries). */
const EXCEPTIONS = {
  AssumeRole: true,
  AssumeRoleWithSAML: true,
  AssumeRoleWithWebIdentity: true,
  GetFederationToken: false,
  GetSessionToken: false,
};

/** Operations whose answers CloudTrail records though they read only (the same page). */
const ANSWER_RECORDED = new Set(["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]);

export function isReadOnly(operation) {
  if (Object.hasOwn(EXCEPTIONS, operation)) return EXCEPTIONS[operation];
  if (READS.test(operation)) return true;
  if (WRITES.test(operation)) return false;
  throw new Error(`${operation}: say in contracts/read-only.mjs whether it reads or writes`);
}

export function isAnswerRecorded(operation) {
  return ANSWER_RECORDED.has(operation);
}
