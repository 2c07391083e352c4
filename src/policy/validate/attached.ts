/** Whether a resource's policy speaks of what it is attached to. */
import { cutAtColons } from "../grammar/segments.ts";
import { matchesPattern, patternOf } from "../match/pattern.ts";
import { actionsOf } from "./actions.ts";
import type { Report } from "./finding.ts";
import { fitsFormat } from "./formats.ts";
import type { ActionData, ServiceData } from "./services.ts";
import type { StatementView } from "./statement.ts";

/**
 * What a resource's policy is attached to, by the names of ValidatePolicy's validatePolicyResourceType (Access Analyzer
 * API Reference, ValidatePolicy). Its AWS::IAM::AssumeRolePolicyDocument is the kind `trust`.
 */
export const attachedTypes = [
  "AWS::S3::Bucket",
  "AWS::S3::AccessPoint",
  "AWS::S3::MultiRegionAccessPoint",
  "AWS::S3ObjectLambda::AccessPoint",
  "AWS::DynamoDB::Table",
] as const;
export type AttachedType = (typeof attachedTypes)[number];

/** Resource types by their names in the Service Authorization Reference. */
interface Attachment {
  readonly service: string;
  /** An action of one of these may apply. */
  readonly actions: readonly string[];
  /** ARNs of these may be named. */
  readonly resources: readonly string[];
  /** Lower-cased keys that are no use in such a policy. */
  readonly irrelevant: readonly string[];
}

/**
 * Access points take requests for their bucket and its objects (S3 User Guide, access-points-service-api-support); the
 * Service Authorization Reference does not list them with each of these actions.
 */
const throughAccessPoints = ["accesspoint", "accesspointobject", "bucket", "object"];

/** s3:ResourceAccount is AWS's own example of a key that a policy of the resource has no use for. */
const attachments: Readonly<Record<AttachedType, Attachment>> = {
  "AWS::S3::Bucket": {
    service: "s3",
    actions: ["bucket", "object"],
    resources: ["bucket", "object"],
    irrelevant: ["s3:resourceaccount"],
  },
  "AWS::S3::AccessPoint": {
    service: "s3",
    actions: throughAccessPoints,
    resources: ["accesspoint", "accesspointobject"],
    irrelevant: ["s3:resourceaccount"],
  },
  "AWS::S3::MultiRegionAccessPoint": {
    service: "s3",
    actions: [...throughAccessPoints, "multiregionaccesspoint"],
    resources: ["multiregionaccesspoint"],
    irrelevant: [],
  },
  "AWS::S3ObjectLambda::AccessPoint": {
    service: "s3-object-lambda",
    actions: ["objectlambdaaccesspoint"],
    resources: ["objectlambdaaccesspoint"],
    irrelevant: [],
  },
  "AWS::DynamoDB::Table": {
    service: "dynamodb",
    actions: ["table", "index"],
    resources: ["table", "index"],
    irrelevant: [],
  },
};

/** @param services without them only what names another service is reported */
export function checkAttached(
  report: Report,
  statement: StatementView,
  attached: AttachedType,
  services: ServiceData | undefined,
): void {
  const attachment = attachments[attached];
  for (const node of statement.actions) {
    if (isForeignAction(node.value, attachment, services))
      report.add("UNSUPPORTED_ACTION_IN_POLICY", node, { action: node.value, resourceType: attached });
  }
  for (const node of [...statement.resources, ...statement.notResources]) {
    if (isForeignResource(node.value, attachment, services))
      report.add("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", node, { resourceType: attached });
  }
  for (const { key } of statement.clauses) {
    if (attachment.irrelevant.includes(key.value.toLowerCase()))
      report.add("IRRELEVANT_CONDITION_KEY_IN_POLICY", key, { key: key.value, resourceType: attached });
  }
}

/** An action that does not exist is reported elsewhere; a pattern is foreign when nothing that it stands for applies. */
function isForeignAction(action: string, { service, actions }: Attachment, services: ServiceData | undefined): boolean {
  const colon = action.indexOf(":");
  if (colon <= 0 || action.includes("${")) return false;
  if (!matchesPattern(patternOf(action.slice(0, colon).toLowerCase()), service)) return true;
  if (services === undefined || /[*?]/.test(action.slice(0, colon))) return false;
  const named = actionsOf(action, services);
  const applies = ({ resourceTypes }: ActionData) => resourceTypes.some((type) => actions.includes(type));
  return named.length > 0 && !named.some(applies);
}

function isForeignResource(text: string, attachment: Attachment, services: ServiceData | undefined): boolean {
  const [arn, , service = "", ...rest] = cutAtColons(text);
  // What is no ARN, or only the beginning of one, is reported elsewhere.
  if (arn !== "arn" || rest.length < 3 || service.includes("${")) return false;
  if (!matchesPattern(patternOf(service), attachment.service)) return true;
  const described = services?.service(attachment.service)?.resourceTypes;
  if (described === undefined) return false;
  return !described.some(({ name, arn: format }) => attachment.resources.includes(name) && fitsFormat(format, text));
}
