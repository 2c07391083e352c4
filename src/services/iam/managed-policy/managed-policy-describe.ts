import type { AwsManagedPolicy } from "../../../authorization/aws-managed-policies.ts";
import type { ManagedPolicyDetail, Policy, PolicyVersion } from "../../../contracts/iam/types.gen.ts";
import type { PolicyUsage } from "../../../store/iam/attachments.ts";
import type { PolicyRecord } from "../../../store/iam/policies.ts";
import type { PolicyVersionRecord } from "../../../store/iam/policy-versions.ts";
import { describedTag } from "../entity/describe.ts";

/** What stands for a managed policy on the wire, in the forms that the operations give it. */

export function versionId(number: number): string {
  return `v${number}`;
}

/** ListPolicies' form: without description and tags (API reference, Policy). */
export function listedPolicy(policy: PolicyRecord): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: versionId(policy.defaultVersion),
    AttachmentCount: policy.attachmentCount,
    PermissionsBoundaryUsageCount: policy.boundaryUsageCount,
    IsAttachable: policy.attachable,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** CreatePolicy's form: tags only where there are some (recorded), no description (API reference, Policy). */
export function createdPolicy(policy: PolicyRecord): Policy {
  if (policy.tags.length === 0) return listedPolicy(policy);
  return { ...listedPolicy(policy), Tags: policy.tags.map(describedTag) };
}

/** GetPolicy's form: the only one with the description; tags are there even when there are none. */
export function describedPolicy(policy: PolicyRecord): Policy {
  return { ...listedPolicy(policy), ...descriptionOf(policy), Tags: policy.tags.map(describedTag) };
}

/** An AWS managed policy as one account sees it: how often is its own affair. */
export function listedAwsPolicy(policy: AwsManagedPolicy, usage: PolicyUsage | undefined): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: usage?.attachments ?? 0,
    PermissionsBoundaryUsageCount: usage?.boundaries ?? 0,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.createdAt),
  };
}

/** Version lists leave the document out (API reference, ListPolicyVersions). */
export function listedVersion(version: PolicyVersionRecord): PolicyVersion {
  return {
    VersionId: versionId(version.number),
    IsDefaultVersion: version.isDefault,
    CreateDate: new Date(version.createdAt),
  };
}

export function describedVersion(version: PolicyVersionRecord): PolicyVersion {
  return { Document: version.document, ...listedVersion(version) };
}

/** The one version of an AWS managed policy that is known. */
export function listedAwsVersion(policy: AwsManagedPolicy): PolicyVersion {
  return { VersionId: policy.defaultVersionId, IsDefaultVersion: true, CreateDate: new Date(policy.createdAt) };
}

export function describedAwsVersion(policy: AwsManagedPolicy): PolicyVersion {
  return { Document: policy.document, ...listedAwsVersion(policy) };
}

/** GetAccountAuthorizationDetails' form: with every version and its document. */
export function detailedPolicy(policy: PolicyRecord, versions: readonly PolicyVersionRecord[]): ManagedPolicyDetail {
  return { ...listedPolicy(policy), ...descriptionOf(policy), PolicyVersionList: versions.map(describedVersion) };
}

export function detailedAwsPolicy(policy: AwsManagedPolicy, usage: PolicyUsage | undefined): ManagedPolicyDetail {
  return { ...listedAwsPolicy(policy, usage), PolicyVersionList: [describedAwsVersion(policy)] };
}

function descriptionOf(policy: PolicyRecord): { Description?: string } {
  return policy.description === null || policy.description === "" ? {} : { Description: policy.description };
}
