import { packedPolicyTooLarge, packedTagsTooLarge } from "./faults.ts";
import type { SessionPolicies } from "./session-policies.ts";
import { sessionPolicyTextLimit } from "./session-policies.ts";
import type { SessionTag } from "./session-tags.ts";

/**
 * The space that AWS allotted to the tags of a session, fitted to what it answered: six tags of 266 characters are 61 %
 * (CloudTrail event of EKS, April 2024), nine of 2,268 are 498 % (aws-actions/configure-aws-credentials#1898, July 2026),
 * two of 4 are 2 % (CloudTrail event, July 2021). Those it meets; six of about 330 that it said are 74 %, and nine that
 * are 112 % (aws/containers-roadmap#2413, August 2024), it meets within two.
 */
const tagSpaceBytes = 460;
const bytesBesideEachTag = 3;

/** Percent of the space of tags, inherited ones too; above 100 they are too large. */
export function tagPercent(tags: readonly SessionTag[]): number {
  let bytes = 0;
  for (const { key, value } of tags) bytes += Buffer.byteLength(key) + Buffer.byteLength(value) + bytesBesideEachTag;
  return Math.floor((bytes * 100) / tagSpaceBytes);
}

/** Percent of the limit of plain text: an oversized one must not hide behind good compression. */
export function policyPercent({ policy, policyArns }: SessionPolicies): number {
  const length = (policy?.length ?? 0) + policyArns.reduce((sum, arn) => sum + arn.length, 0);
  return Math.ceil((length * 100) / sessionPolicyTextLimit);
}

/**
 * The fuller of the two, in percent.
 *
 * In September 2026 AWS made the token's 4,096 characters the only limit of tags. What fits into the narrower space fits
 * there, before and since: `compatibility: aws` leaves it out.
 *
 * @throws Fault PackedPolicyTooLarge
 */
export function packedPercent(
  tags: readonly SessionTag[],
  policies: SessionPolicies,
  compatibility: "strict" | "aws",
): number {
  const ofTags = compatibility === "aws" ? 0 : tagPercent(tags);
  if (ofTags > 100) throw packedTagsTooLarge(ofTags);
  const ofPolicies = policyPercent(policies);
  if (ofPolicies > 100) throw packedPolicyTooLarge(ofPolicies);
  return Math.max(ofTags, ofPolicies);
}
