/**
 * What AWS says about the entries of Resource and NotResource, with its messages (shared by all kinds of document that
 * have resources). The messages and their order come from documents that moto recorded against CreatePolicy.
 *
 * A variable may stand for any segment, and for the whole (observed on AWS, September 2026, radkawar/stackd captures).
 */
import { cutAtColons, isPlace, isVariable } from "./segments.ts";

const iamPaths = [
  "user/",
  "federated-user/",
  "role/",
  "group/",
  "instance-profile/",
  "mfa/",
  "server-certificate/",
  "policy/",
  "sms-mfa/",
  "saml-provider/",
  "oidc-provider/",
  "report/",
  "access-report/",
] as const;

/** Types that came after the message was recorded (Service Authorization Reference for IAM). */
const newerPaths = ["delegation-request/", "role-template/"] as const;

const unqualifiedVendor = "Resource vendor must be fully qualified and cannot contain regexes.";

/** AWS's message about one entry; null when there is nothing wrong with it. */
export function resourceFault(resource: string, partitions: ReadonlySet<string>): string | null {
  if (resource === "*" || isVariable(resource)) return null;
  const [prefix, partition, ...rest] = cutAtColons(resource);
  if (prefix === resource) return notAnArn(resource);
  // AWS names the ARN that it understood: the first segment is taken for "arn" whatever it is.
  if (prefix !== "arn" || !(partitions.has(partition!) || isVariable(partition!))) {
    if (prefix === "arn" || partition !== "" || rest.length > 0) return partitionFault(partition!, rest);
    return notAnArn(resource);
  }
  // What is missing at the end is completed with `*`.
  const [service, region = "", account = "*", ...tail] = rest;
  // A wildcard service is refused with the same words (seen in 2026 for arn:aws:*:*:*:*).
  if (service === undefined || /[*?]/.test(service)) return unqualifiedVendor;
  if (service === "iam") return iamFault(resource, region, tail.length === 0 ? "*" : tail.join(":"));
  // Access points and access grants are S3 resources with a Region; they have an account, buckets have none.
  const regionalBucket = service === "s3" && region !== "" && account === "";
  return regionalBucket ? `Resource ${resource} can not contain region information.` : null;
}

export function notAnArn(resource: string): string {
  return `Resource ${resource} must be in ARN format or "*".`;
}

function partitionFault(partition: string, rest: readonly string[]): string {
  const [service, region, account, ...tail] = rest;
  const understood = [service || (rest.length > 1 ? "" : "*"), region ?? "*", account ?? "*"];
  const name = tail.length > 0 ? tail.join(":") : "*";
  return `Partition "${partition}" is not valid for resource "arn:${partition}:${understood.join(":")}:${name}".`;
}

function iamFault(resource: string, region: string, path: string): string | null {
  if (region !== "") return `IAM resource ${resource} cannot contain region information.`;
  if (path === "*" || path === "root" || path.startsWith("${")) return null;
  if ([...iamPaths, ...newerPaths].some((start) => path.startsWith(start))) return null;
  return `IAM resource path must either be "*", root, or start with ${iamPaths.join(", ")}.`;
}

/** Whether segments are missing at the end. */
export function isIncomplete(resource: string): boolean {
  return resource !== "*" && !isVariable(resource) && cutAtColons(resource).length < 6;
}

/**
 * AWS's older parser refuses, with a message that names nothing, some ARNs with fewer than six segments, and those with a
 * placeholder for a Region or an account: `<ACCOUNT_ID>`, `ACCOUNT_ID`, `{account}`, `${AWS::AccountId}`; `account-id` passes
 * (serverless/serverless#3967, ryanto/next-s3-upload#58).
 */
export function failsLegacyParsing(resource: string): boolean {
  if (resource === "*" || !resource.includes(":") || isVariable(resource)) return false;
  const segments = cutAtColons(resource);
  return (segments.length < 6 && resource.includes("::")) || segments[2] === "" || !segments.slice(3, 5).every(isPlace);
}
