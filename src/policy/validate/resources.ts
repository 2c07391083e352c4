/** Resource and NotResource: the six parts of an ARN, and the formats that the service knows. */
import { cutAtColons } from "../grammar/segments.ts";
import { partitions } from "../../arn/partition.ts";
import type { JsonString } from "../../json/read.ts";
import type { Report } from "./finding.ts";
import { arnPartsOf, overlaps } from "./formats.ts";
import type { ArnParts } from "./formats.ts";
import { redundantGroups } from "./redundant-entries.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import { checkArnRegion } from "./regions.ts";
import type { RegionData } from "./regions.ts";
import { ownServices } from "./services.ts";
import type { ServiceData, ServiceDescription } from "./services.ts";
import type { StatementView } from "./statement.ts";

export function checkResources(
  report: Report,
  statement: StatementView,
  services: ServiceData | undefined,
  regions: RegionData | undefined,
): void {
  for (const list of [statement.resources, statement.notResources]) {
    for (const resource of list) checkResource(report, resource, services, regions);
    for (const group of redundantGroups(list, (text) => text)) {
      const [, first] = group;
      const values = { redundantResourceCount: group.length, redundantResource: first.value };
      report.add("REDUNDANT_RESOURCE", first, values);
    }
  }
}

function checkResource(
  report: Report,
  node: JsonString,
  services: ServiceData | undefined,
  regions: RegionData | undefined,
): void {
  if (node.value === "*") return;
  const parts = cutAtColons(node.value);
  if (parts[0] !== "arn") {
    report.add("INVALID_ARN_PREFIX", node);
    return;
  }
  const [, partition = "", service = "", region = "", account = ""] = parts;
  // A wildcard in the last part that is written takes the place of the rest: AWS stores arn:aws:s3*.
  if (parts.length < 6) {
    report.add("MISSING_ARN_FIELD", node, { fields: 6 });
    return;
  }
  const known = regions === undefined ? partitions : [...new Set([...partitions, ...Object.keys(regions)])];
  if (!/[*?$]/.test(partition) && !(known as readonly string[]).includes(partition)) {
    report.add("INVALID_PARTITION", node, { service, partition, partitions: known.join(", ") });
  }
  if (/[*?]/.test(service)) {
    report.add("WILDCARD_IN_SERVICE_NAME", node);
    return;
  }
  // IAM's own policies have the account `aws`, as in arn:aws:iam::aws:policy/ReadOnlyAccess.
  if (account !== "" && account !== "aws" && !/[*?$]/.test(account) && !/^\d{12}$/.test(account)) {
    report.add("INVALID_ARN_ACCOUNT", node, { account });
  }
  const regionFits = services === undefined || checkFormat(report, node, arnPartsOf(node.value), services);
  if (regionFits) checkArnRegion(report, node, { partition, region }, regions);
}

/** @returns false when the ARN should not have the Region that it has */
function checkFormat(report: Report, node: JsonString, parts: ArnParts, services: ServiceData): boolean {
  const { service } = parts;
  if (!services.prefixes.has(service)) {
    checkUnknownService(report, node, service, services);
    return true;
  }
  const description = services.service(service);
  if (description === undefined || description.resourceTypes.length === 0) return true;
  const formats = description.resourceTypes
    .map(({ name, arn }) => ({ name, ...arnPartsOf(arn) }))
    // Backup names the recovery points of other services: arn:${Partition}:${Vendor}:…
    .filter((format) => format.service === service || format.service.includes("${"));
  const fitting = formats.filter((format) => overlaps(format.resource, parts.resource));
  if (fitting.length === 0) {
    const code = ownServices.has(service) ? "INVALID_ARN_RESOURCE" : "UNDOCUMENTED_ARN_FORMAT";
    if (formats.length > 0 && !isRoot(parts)) report.add(code, node, { service, formats: examples(description) });
    return true;
  }
  if (fitting.every(({ account }) => account === "") && parts.account !== "" && parts.account !== "*") {
    report.add("ARN_ACCOUNT_NOT_ALLOWED", node, { service });
  }
  if (parts.account === "" && fitting.every((format) => needsAccount(format)) && !/^[*?]/.test(parts.resource)) {
    report.add("MISSING_ARN_ACCOUNT", node, { resource: parts.resource });
  }
  if (fitting.every(({ region }) => region !== "") && parts.region === "") {
    report.add("MISSING_ARN_REGION", node, { service });
  }
  const regionFits = parts.region === "" || parts.region === "*" || fitting.some(({ region }) => region !== "");
  if (!regionFits) report.add("ARN_REGION_NOT_ALLOWED", node, { service });
  return regionFits;
}

/**
 * Types of resources of which AWS owns some, whose ARNs have no account: Access Analyzer said nothing of these (recorded
 * from AWS, March 2026).
 */
const ownedByAws: ReadonlySet<string> = new Set([
  "resource-explorer-2 view",
  "ssm automation-definition",
  "ssm document",
  "ssm parameter",
]);

function needsAccount({ name, service, account }: ArnParts & { readonly name: string }): boolean {
  return account !== "" && !ownedByAws.has(`${service} ${name}`);
}

/** A variable in the place of the service may be any of them. */
function checkUnknownService(report: Report, node: JsonString, service: string, services: ServiceData): void {
  if (services.arnServices?.has(service) === true || service.includes("${")) return;
  if (services.retired?.has(service) === true) report.add("RETIRED_SERVICE", node, { service });
  else if (services.prefixes.has(service.toLowerCase())) report.add("INVALID_ARN_SERVICE_CASE", node, { service });
  else report.add("INVALID_SERVICE", node, { service, suggestion: didYouMean(nearest(service, services.prefixes)) });
}

/** The account itself, which the Service Authorization Reference does not list: AWS's own policies name it. */
function isRoot({ service, resource }: ArnParts): boolean {
  return service === "iam" && resource === "root";
}

function examples(description: ServiceDescription): string {
  const shown = description.resourceTypes.slice(0, 5).map(({ arn }) => arn);
  return shown.join(", ") + (description.resourceTypes.length > shown.length ? ", …" : "");
}
