/**
 * Who makes roles with delegated permissions leaves something behind that outlasts them: such roles have a permissions
 * boundary that the approver saw (IAM User Guide, access_policies-temporary-delegation: "must attach a permission boundary
 * to any IAM role created through temporary delegation").
 */
import { matchesPattern, patternOf } from "../../../policy/match/pattern.ts";
import type { ConditionClause, PolicyDocument, Statement } from "../../../policy/index.ts";

/** A policy that would let roles be made without one; its message is for whoever asked. */
export class UnboundedRole extends Error {}

const givesBoundary = ["iam:CreateRole", "iam:PutRolePermissionsBoundary"];
const takesBoundary = "iam:DeleteRolePermissionsBoundary";

/** @returns the boundaries that roles made under a policy must have; none where it makes none @throws UnboundedRole */
export function boundariesOf({ statements }: PolicyDocument): readonly string[] {
  const boundaries = new Set<string>();
  const denied = statements.filter(isWholeDenial);
  const allowing = (action: string): readonly Statement[] =>
    denied.some((one) => reaches(one, action))
      ? []
      : statements.filter((one) => one.effect === "Allow" && reaches(one, action));
  for (const action of givesBoundary) {
    for (const { condition = [] } of allowing(action)) {
      const named = condition.filter(namesBoundaries).flatMap(({ values }) => values);
      if (named.length === 0) throw new UnboundedRole(wanted(action));
      for (const arn of named) boundaries.add(arn);
    }
  }
  if (allowing(takesBoundary).length > 0) throw new UnboundedRole(`The policy must not allow ${takesBoundary}.`);
  return [...boundaries];
}

function wanted(action: string): string {
  return (
    `A statement that allows ${action} must name the permissions boundary of the roles: StringEquals or ArnEquals on ` +
    "iam:PermissionsBoundary, with ARNs without wildcards."
  );
}

function isWholeDenial({ effect, resource, condition = [] }: Statement): boolean {
  return effect === "Deny" && condition.length === 0 && (resource ?? []).includes("*");
}

/** Whether a statement speaks of an action. */
export function reaches({ action, notAction }: Statement, name: string): boolean {
  const names = (pattern: string) => matchesPattern(patternOf(pattern.toLowerCase()), name.toLowerCase());
  return notAction === undefined ? (action ?? []).some(names) : !notAction.some(names);
}

/** Exactly, and present: with IfExists or ForAllValues a role without one would pass. */
function namesBoundaries({ operator, key, values }: ConditionClause): boolean {
  return (
    key.toLowerCase() === "iam:permissionsboundary" &&
    /^(?:StringEquals|ArnEquals)$/i.test(operator) &&
    values.length > 0 &&
    !values.some((value) => /[*?$]/.test(value))
  );
}
