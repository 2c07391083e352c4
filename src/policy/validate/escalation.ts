/** Allows of iam:PassRole and iam:CreateServiceLinkedRole that reach further than one role. */
import { memberOf } from "../../json/read.ts";
import { matchesPattern, patternOf } from "../match/pattern.ts";
import type { IssueCode, Report } from "./finding.ts";
import { textOf } from "./statement.ts";
import type { StatementView } from "./statement.ts";

/** How the action got into the statement. */
type Through = "Action" | "StarInAction" | "NotAction";

interface Rule {
  readonly action: string;
  /** A condition on this key narrows the statement to a service. */
  readonly narrowedBy: string;
  readonly codes: Readonly<Record<Through, { readonly star: IssueCode; readonly notResource: IssueCode }>>;
}

const rules: readonly Rule[] = [
  {
    action: "iam:passrole",
    narrowedBy: "iam:passedtoservice",
    codes: {
      Action: { star: "PASS_ROLE_WITH_STAR_IN_RESOURCE", notResource: "PASS_ROLE_WITH_NOT_RESOURCE" },
      StarInAction: {
        star: "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        notResource: "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
      },
      NotAction: {
        star: "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        notResource: "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
      },
    },
  },
  {
    action: "iam:createservicelinkedrole",
    narrowedBy: "iam:awsservicename",
    codes: {
      Action: { star: "CREATE_SLR_WITH_STAR_IN_RESOURCE", notResource: "CREATE_SLR_WITH_NOT_RESOURCE" },
      StarInAction: {
        star: "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        notResource: "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
      },
      NotAction: {
        star: "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        notResource: "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
      },
    },
  },
];

export function checkEscalation(report: Report, statement: StatementView): void {
  if (statement.effect !== "Allow") return;
  for (const rule of rules) {
    const through = throughOf(statement, rule.action);
    if (through === null || isNarrowed(statement, rule.narrowedBy)) continue;
    const notResource = memberOf(statement.node, "NotResource");
    if (notResource !== undefined) {
      report.add(rule.codes[through].notResource, notResource);
      continue;
    }
    const star = statement.resources.find(({ value }) => takesAnyRole(value));
    if (star !== undefined) report.add(rule.codes[through].star, star);
  }
}

function throughOf(statement: StatementView, action: string): Through | null {
  const matches = (text: string) => matchesPattern(patternOf(text.toLowerCase()), action);
  if (statement.notActions.length > 0)
    return statement.notActions.some(({ value }) => matches(value)) ? null : "NotAction";
  const found = statement.actions.filter(({ value }) => matches(value));
  if (found.length === 0) return null;
  return found.some(({ value }) => value.toLowerCase() === action) ? "Action" : "StarInAction";
}

/**
 * IAM fills these keys in for every request of the action, so that IfExists makes no difference (recorded from AWS, March
 * 2026: Access Analyzer takes most of its own policies with IfExists for narrowed). A value that begins with a wildcard
 * names no service.
 */
function isNarrowed({ clauses }: StatementView, key: string): boolean {
  return clauses.some(
    ({ key: { value }, name, values }) =>
      value.toLowerCase() === key &&
      name?.type === "String" &&
      !name.negated &&
      name.quantifier !== "all" &&
      values.every((one) => !/^[*?]/.test(textOf(one))),
  );
}

/** Whether nothing of a role's own path and name is written out: `*`, `arn:aws:iam::111122223333:role/*`. */
function takesAnyRole(resource: string): boolean {
  if (!/[*?]/.test(resource)) return false;
  return matchesPattern(patternOf(resource.replaceAll(/\$\{[^}]*\}/g, "*")), anyRole(resource));
}

/** An ARN with the fixed first parts of a pattern and a role that no pattern names. */
function anyRole(pattern: string): string {
  const [, partition, , , account] = pattern.split(":");
  const plain = (text: string | undefined, otherwise: string) =>
    text === undefined || text === "" || /[*?$]/.test(text) ? otherwise : text;
  return `arn:${plain(partition, "aws")}:iam::${plain(account, "111122223333")}:role/aws-service-role/~/~`;
}
