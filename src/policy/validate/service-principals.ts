/** Conditions that no request of a service can meet. */
import type { Report } from "./finding.ts";
import type { StatementView } from "./statement.ts";

/**
 * Keys about organization and tags of the caller: they are there for members of an organization and for users and roles
 * (reference_policies_condition-keys#condition-keys-principalorgid, -principalorgpaths, -principaltag), and a service's
 * own principal is none of these. aws:PrincipalOrgID is the example of access-analyzer-reference-policy-checks.
 */
const keysOfMembers = /^aws:(PrincipalOrgID|PrincipalOrgPaths|PrincipalTag\/.+)$/i;

/** With IfExists, and under Null, a missing key is provided for. */
export function checkServicePrincipals(report: Report, { principals, clauses }: StatementView): void {
  if (!principals.some(({ type }) => type === "Service")) return;
  for (const { key, name } of clauses) {
    if (name === null || name.type === "Null" || name.ifExists || !keysOfMembers.test(key.value)) continue;
    report.add("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", key, { conditionKeys: key.value });
  }
}
