/**
 * What AWS says about the entries of Resource and NotResource, with its messages (shared by all kinds of document that
 * have resources). The messages and their order come from documents that moto recorded against CreatePolicy.
 */
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

const unqualifiedVendor = "Resource vendor must be fully qualified and cannot contain regexes.";

/** AWS's message about one entry; null when there is nothing wrong with it. */
export function resourceFault(resource: string, partitions: ReadonlySet<string>): string | null {
  if (resource === "*") return null;
  const [prefix, partition, ...rest] = resource.split(":");
  if (prefix === resource) return `Resource ${resource} must be in ARN format or "*".`;
  // AWS names the ARN that it understood: the first segment is taken for "arn" whatever it is.
  if (prefix !== "arn" || !partitions.has(partition!)) {
    if (prefix === "arn" || partition !== "" || rest.length > 0) return partitionFault(partition!, rest);
    return `Resource ${resource} must be in ARN format or "*".`;
  }
  const [service, region, account, ...tail] = rest;
  // A wildcard service is refused with the same words (seen in 2026 for arn:aws:*:*:*:*).
  if (service === undefined || /[*?]/.test(service)) return unqualifiedVendor;
  if (service === "iam" && region !== undefined && region !== "") {
    return `IAM resource ${resource} cannot contain region information.`;
  }
  // Access points and access grants are S3 resources with a Region; they have an account, buckets have none.
  if (service === "s3" && region !== undefined && region !== "" && (account ?? "") === "") {
    return `Resource ${resource} can not contain region information.`;
  }
  return service === "iam" ? iamPathFault(tail.join(":")) : null;
}

function partitionFault(partition: string, rest: readonly string[]): string {
  const [service, region, account, ...tail] = rest;
  const understood = [service || (rest.length > 1 ? "" : "*"), region ?? "*", account ?? "*"];
  const name = tail.length > 0 ? tail.join(":") : "*";
  return `Partition "${partition}" is not valid for resource "arn:${partition}:${understood.join(":")}:${name}".`;
}

function iamPathFault(path: string): string | null {
  // arn:aws:iam::*:root is in policies that AWS publishes (three of them in 2026), though the message does not list it.
  if (path === "*" || path === "root" || iamPaths.some((start) => path.startsWith(start))) return null;
  return `IAM resource path must either be "*" or start with ${iamPaths.join(", ")}.`;
}

/** AWS's older parser refuses some ARNs with fewer than six segments, with a message that names nothing. */
export function failsLegacyParsing(resource: string): boolean {
  if (resource === "*" || !resource.includes(":")) return false;
  const segments = resource.split(":");
  return (segments.length < 6 && resource.includes("::")) || segments[2] === "";
}
