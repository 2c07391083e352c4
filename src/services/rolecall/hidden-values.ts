import { knownContextKey } from "../../policy/context-key.ts";
import type { StatementExplanation, VariableExplanation } from "../../policy/index.ts";
import { foldName } from "../../policy/name.ts";
import type { Sight } from "./sight.ts";

/**
 * One's own policy may ask for what belongs to the other account: tags of its role or of its user, how somebody signed in
 * there. It is told that a condition failed, or that a key is missing, and not what the other account has there, as on AWS
 * ("context key values" of another organization are not returned: IAM User Guide, authorization ids).
 */
export function withoutHiddenValues(statement: StatementExplanation, sight: Sight): StatementExplanation {
  const { conditions, resource } = statement;
  const variables = [...resource.variables, ...conditions.flatMap((condition) => condition.variables)];
  const hidden = [...conditions, ...variables].filter((one) => isHidden(one, sight)).flatMap(({ seen }) => seen ?? []);
  if (hidden.length === 0) return statement;
  const mask = <T extends Seen>(one: T): T => ({
    ...one,
    seen: isHidden(one, sight) ? null : one.seen,
    words: masked(one.words, hidden),
  });
  return {
    ...statement,
    words: masked(statement.words, hidden),
    resource: { ...resource, variables: resource.variables.map(mask) },
    conditions: conditions.map((condition) => ({ ...mask(condition), variables: condition.variables.map(mask) })),
  };
}

/** A key with what the request has there: of a condition or of a policy variable. */
type Seen = Pick<VariableExplanation, "key" | "seen" | "words">;

/** Who it was is told with every explanation. */
const told: ReadonlySet<string> = new Set(["aws:PrincipalArn", "aws:PrincipalAccount"]);

function isHidden({ key, seen }: Seen, sight: Sight): boolean {
  const known = knownContextKey(foldName(key));
  if (seen === null || known === undefined || told.has(known.name)) return false;
  if (known.source === "resource") return !sight.resource;
  return (known.source === "principal" || known.source === "session") && !sight.principal;
}

/** Rather a word too many than a value. Words have values as JSON writes them. */
function masked(words: string, values: readonly string[]): string {
  return values
    .map((value) => JSON.stringify(value).slice(1, -1))
    .filter((value) => value !== "")
    .reduce((text, value) => text.replaceAll(value, "(not shown)"), words);
}
