/**
 * A service that acts for anybody's resource must be held to one's own (IAM User Guide, confused-deputy).
 */
import { isPositive } from "../grammar/operators.ts";
import type { PolicyKind } from "../types.ts";
import type { Report } from "./finding.ts";
import type { StatementView } from "./statement.ts";

/** Keys that say for whose resource a service acts. */
const sourceKeys: ReadonlySet<string> = new Set([
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
]);

/**
 * In trust policies most services act for resources of the role's own account, so there it is reported only where AWS
 * documents that the service acts for others (rolesanywhere/latest/userguide/trust-model).
 */
const actsForOthers: ReadonlySet<string> = new Set(["rolesanywhere.amazonaws.com"]);

export function checkConfusedDeputy(report: Report, statement: StatementView, kind: PolicyKind): void {
  if (statement.effect !== "Allow" || (kind !== "resource" && kind !== "trust")) return;
  const service = statement.principals.find(
    ({ type, node }) => type === "Service" && (kind === "resource" || actsForOthers.has(node.value)),
  );
  if (service === undefined) return;
  const positive = statement.clauses.filter((clause) => clause.name !== null && isPositive(clause.name));
  if (positive.some(({ key }) => sourceKeys.has(key.value.toLowerCase()))) return;
  const referer = positive.find(({ key }) => key.value.toLowerCase() === "aws:referer");
  if (referer === undefined) {
    report.add("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", service.node);
  } else {
    report.add("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", referer.key, {
      servicePrincipalPrefix: service.node.value.split(".")[0]!,
      key: referer.key.value,
    });
  }
}
