/** Regions named in ARNs and in conditions: do they exist, and in the partition of the ARN. */
import type { JsonString } from "../../json/read.ts";
import { matchesPattern, patternOf } from "../match/pattern.ts";
import type { Report } from "./finding.ts";
import type { ClauseView, StatementView } from "./statement.ts";
import { textOf } from "./statement.ts";

/** The Regions of each partition, as an argument: this library reads no files, and Regions are added every year. */
export type RegionData = Readonly<Record<string, readonly string[]>>;

/**
 * Keys whose values are names of Regions (reference_policies_condition-keys#condition-keys-requestedregion, and the
 * Service Authorization Reference for those of services).
 */
const regionKeys: ReadonlySet<string> = new Set([
  "account:targetregion",
  "aws:requestedregion",
  "batch:awslogsregion",
  "cloudformation:targetregion",
  "dsql:witnessregion",
  "ec2:region",
  "ec2:vpceserviceregion",
  "identitystore:primaryregion",
  "kms:primaryregion",
  "kms:replicaregion",
  "secretsmanager:addreplicaregions",
  "secretsmanager:secretprimaryregion",
  "ses:replicaregion",
  "sso:primaryregion",
]);

/** Values of conditions on Regions. */
export function checkRegionValues(report: Report, statement: StatementView, regions: RegionData | undefined): void {
  if (regions === undefined) return;
  for (const clause of statement.clauses) {
    if (clause.name?.type === "String" && regionKeys.has(clause.key.value.toLowerCase()))
      checkClause(report, clause, Object.values(regions).flat());
  }
}

function checkClause(report: Report, { name, values }: ClauseView, known: readonly string[]): void {
  for (const value of values) {
    const region = textOf(value);
    // Without Like a wildcard is itself the mistake, and reported as that.
    if (region.includes("${") || (/[*?]/.test(region) && !name!.base.includes("Like"))) continue;
    const text = name!.base.endsWith("IgnoreCase") ? region.toLowerCase() : region;
    if (!names(text, known)) report.add("INVALID_REGION", value, { region });
  }
}

/** The Region of an ARN, which has to be one of its partition. That the service is there is not known here. */
export function checkArnRegion(
  report: Report,
  node: JsonString,
  { partition, region }: { partition: string; region: string },
  regions: RegionData | undefined,
): void {
  if (regions === undefined || region === "" || region.includes("$") || partition.includes("$")) return;
  const pattern = patternOf(partition);
  const known = Object.keys(regions).filter((name) => matchesPattern(pattern, name));
  // A partition that is not known is reported as that.
  if (known.length === 0) return;
  if (
    !names(
      region,
      known.flatMap((name) => regions[name]!),
    )
  )
    report.add("INVALID_ARN_REGION", node, { region });
}

function names(text: string, known: readonly string[]): boolean {
  const pattern = patternOf(text);
  return known.some((region) => matchesPattern(pattern, region));
}
