import { knownContextKey } from "../../policy/context-key.ts";
import type { ConditionExplanation, StatementExplanation } from "../../policy/index.ts";
import { foldName } from "../../policy/name.ts";
import type { ContextValue } from "../../policy/types.ts";
import type { Sight } from "./sight.ts";

/**
 * One's own policy may ask for what belongs to the other account: tags of its role or of its user, how somebody signed in
 * there. It is told that a condition failed, or that a key is missing, and not what the other account has there, as on AWS
 * ("context key values" of another organization are not returned: IAM User Guide, authorization ids).
 */
export function withoutHiddenValues(statement: StatementExplanation, sight: Sight): StatementExplanation {
  const hidden = statement.conditions.filter((condition) => isHidden(condition, sight));
  if (hidden.length === 0) return statement;
  return {
    ...statement,
    words: hidden.reduce((words, { seen }) => masked(words, seen), statement.words),
    conditions: statement.conditions.map((condition) =>
      hidden.includes(condition)
        ? { ...condition, seen: null, words: masked(condition.words, condition.seen) }
        : condition,
    ),
  };
}

/** Who it was is told with every explanation. */
const told: ReadonlySet<string> = new Set(["aws:PrincipalArn", "aws:PrincipalAccount"]);

function isHidden({ key, missing }: ConditionExplanation, sight: Sight): boolean {
  const known = knownContextKey(foldName(key));
  if (missing || known === undefined || told.has(known.name)) return false;
  if (known.source === "resource") return !sight.resource;
  return (known.source === "principal" || known.source === "session") && !sight.principal;
}

/** Rather a word too many than a value. */
function masked(words: string, seen: ContextValue | null): string {
  const values = typeof seen === "string" ? [seen] : (seen ?? []);
  return values.filter((value) => value !== "").reduce((text, value) => text.replaceAll(value, "(not shown)"), words);
}
