/** Resource and NotResource: the six parts of an ARN, and the formats that the service knows. */
import { partitions } from "../../arn/partition.ts";
import { matchesPattern, patternOf } from "../pattern.ts";
import type { JsonString } from "../json.ts";
import { redundantOf } from "./actions.ts";
import type { Report } from "./finding.ts";
import { didYouMean, nearest } from "./nearest.ts";
import type { ServiceData, ServiceDescription } from "./services.ts";
import type { StatementView } from "./statement.ts";

export function checkResources(report: Report, statement: StatementView, services: ServiceData | undefined): void {
  for (const list of [statement.resources, statement.notResources]) {
    for (const resource of list) checkResource(report, resource, services);
    const redundant = redundantOf(list, (text) => text);
    if (redundant.length > 0) {
      report.add("REDUNDANT_RESOURCE", redundant[0]!, { redundantResourceCount: redundant.length });
    }
  }
}

function checkResource(report: Report, node: JsonString, services: ServiceData | undefined): void {
  if (node.value === "*") return;
  const parts = node.value.split(":");
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
  if (!/[*?$]/.test(partition) && !(partitions as readonly string[]).includes(partition)) {
    report.add("INVALID_PARTITION", node, { service, partition, partitions: partitions.join(", ") });
  }
  if (/[*?]/.test(service)) {
    report.add("WILDCARD_IN_SERVICE_NAME", node);
    return;
  }
  // IAM's own policies have the account `aws`, as in arn:aws:iam::aws:policy/ReadOnlyAccess.
  if (account !== "" && account !== "aws" && !/[*?$]/.test(account) && !/^\d{12}$/.test(account)) {
    report.add("INVALID_ARN_ACCOUNT", node, { account });
  }
  if (services !== undefined) {
    checkFormat(report, node, { service, region, account, resource: parts.slice(5).join(":") }, services);
  }
}

interface Parts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

function checkFormat(report: Report, node: JsonString, parts: Parts, services: ServiceData): void {
  const { service } = parts;
  if (!services.prefixes.has(service)) {
    // Prefixes of ARNs and of actions are not always the same (execute-api, elasticloadbalancing): an unknown one is
    // reported only where it is probably misspelt.
    if (services.prefixes.has(service.toLowerCase())) report.add("INVALID_ARN_SERVICE_CASE", node, { service });
    else {
      const meant = nearest(service, services.prefixes);
      if (meant !== null) report.add("INVALID_SERVICE", node, { service, suggestion: didYouMean(meant) });
    }
    return;
  }
  const description = services.service(service);
  if (description === undefined || description.resourceTypes.length === 0) return;
  const formats = formatsOf(description).filter(
    // Backup names the recovery points of other services: arn:${Partition}:${Vendor}:…
    (format) => format.service === service || format.service.includes("${"),
  );
  const fitting = formats.filter((format) => overlaps(format.resource, parts.resource));
  if (fitting.length === 0) {
    if (formats.length > 0) report.add("INVALID_ARN_RESOURCE", node, { formats: examples(description) });
    return;
  }
  if (fitting.every(({ account }) => account === "") && parts.account !== "" && parts.account !== "*") {
    report.add("ARN_ACCOUNT_NOT_ALLOWED", node, { service });
  }
  if (fitting.every(({ region }) => region === "") && parts.region !== "" && parts.region !== "*") {
    report.add("ARN_REGION_NOT_ALLOWED", node, { service });
  }
  if (fitting.every(({ region }) => region !== "") && parts.region === "") {
    report.add("MISSING_ARN_REGION", node, { service });
  }
}

function formatsOf(description: ServiceDescription): Parts[] {
  return description.resourceTypes.map(({ arn }) => {
    const [, , service = "", region = "", account = "", ...resource] = arn.split(":");
    return { service, region, account, resource: resource.join(":") };
  });
}

/**
 * Whether a resource as written can name a resource of a format. Both may leave text open, the one by wildcards and
 * variables, the other by `${…}`: they are compared up to the first place that either leaves open.
 */
function overlaps(format: string, written: string): boolean {
  const formatPattern = format.replaceAll(/\$\{[^}]*\}/g, "*");
  const open = /[*?]|\$\{/.exec(written)?.index;
  if (open === undefined) return matchesPattern(patternOf(formatPattern), written);
  const fixed = written.slice(0, open);
  const formatOpen = formatPattern.indexOf("*");
  const formatFixed = formatOpen < 0 ? formatPattern : formatPattern.slice(0, formatOpen);
  return fixed.length <= formatFixed.length
    ? formatFixed.startsWith(fixed)
    : formatOpen >= 0 && fixed.startsWith(formatFixed);
}

function examples(description: ServiceDescription): string {
  const shown = description.resourceTypes.slice(0, 5).map(({ arn }) => arn);
  return shown.join(", ") + (description.resourceTypes.length > shown.length ? ", …" : "");
}
