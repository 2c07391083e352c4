/**
 * Identity policies, permissions boundaries, session policies, and the statements of SCPs: no Principal.
 *
 * AWS reports the first failing stage only: form, version, the older parser, Sids, actions present,
 * resources, actions, resources present. The order and the messages are those that moto recorded against CreatePolicy.
 */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { documentElements, statementElements } from "../document/parse.ts";
import { actionFault } from "./actions.ts";
import { isPolicyDate } from "./dates.ts";
import { elementStrings, hasRepeatedSid, isCondition, statementsOf, stringsOf } from "./elements.ts";
import { PolicyGrammarError } from "./fault.ts";
import { parseOperatorName } from "./operators.ts";
import { failsLegacyParsing, resourceFault } from "./resources.ts";

export const syntaxErrors = "Syntax errors in policy.";
const legacyParsing = "The policy failed legacy parsing";

export interface IdentityRules {
  readonly partitions: ReadonlySet<string>;
  /** Whether the Version must be 2012-10-17. */
  readonly requireVersion: boolean;
}

/** Throws PolicyGrammarError. */
export function checkIdentity(root: JsonNode, rules: IdentityRules): void {
  const statements = checkForm(root);
  const version = memberOf(root as JsonObject, "Version");
  if (rules.requireVersion && (version?.kind !== "string" || version.value !== "2012-10-17")) {
    throw new PolicyGrammarError("Policy document must be version 2012-10-17 or greater.");
  }
  for (const statement of statements) {
    if (memberOf(statement, "Principal") !== undefined || memberOf(statement, "NotPrincipal") !== undefined) {
      throw new PolicyGrammarError("Policy document should not specify a principal.");
    }
  }
  checkPermissions(statements, rules.partitions, checkSids);
}

/**
 * The stages after version and principals, which all kinds with resources share; `checkIds` is the kind's own rule for
 * statement ids. Throws PolicyGrammarError.
 */
export function checkPermissions(
  statements: readonly JsonObject[],
  partitions: ReadonlySet<string>,
  checkIds: (statements: readonly JsonObject[]) => void,
): void {
  if (!statements.every(passesLegacyParsing)) throw new PolicyGrammarError(legacyParsing);
  const resources = firstResourceFault(statements, partitions);
  checkIds(statements);
  requireEntries(statements, "Action", "Policy statement must contain actions.");
  if (resources !== null) throw new PolicyGrammarError(resources);
  for (const element of ["Action", "NotAction"]) {
    for (const statement of statements) {
      for (const action of elementStrings(statement, element)) {
        const fault = actionFault(action);
        if (fault !== null) throw new PolicyGrammarError(fault);
      }
    }
  }
  requireEntries(statements, "Resource", "Policy statement must contain resources.");
}

/**
 * CreatePolicy's message names `[0-9A-Za-z]*` (public CloudTrail records of 2021), yet documents with an underscore are
 * among those that moto lists as accepted: the underscore passes here, and `validate` reports it.
 */
export function checkSids(statements: readonly JsonObject[]): void {
  for (const statement of statements) {
    const sid = memberOf(statement, "Sid");
    if (sid?.kind !== "string" || /^\w*$/.test(sid.value)) continue;
    throw new PolicyGrammarError(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    );
  }
  checkUniqueSids(statements);
}

/** Throws PolicyGrammarError. */
export function checkUniqueSids(statements: readonly JsonObject[]): void {
  if (!hasRepeatedSid(statements)) return;
  throw new PolicyGrammarError("Statement IDs (SID) in a single policy must be unique.");
}

/** JSON types and names of all elements; returns the statements. Throws PolicyGrammarError. */
export function checkForm(root: JsonNode): readonly JsonObject[] {
  const statements = root.kind === "object" && isDocument(root) ? statementsOf(root) : null;
  if (statements === null || !statements.every(isStatement)) throw new PolicyGrammarError(syntaxErrors);
  return statements;
}

function isDocument(root: JsonObject): boolean {
  const version = memberOf(root, "Version");
  const id = memberOf(root, "Id");
  return (
    root.members.every(({ key }) => documentElements.has(key.value)) &&
    (version === undefined || (version.kind === "string" && /^(2012|2008)-10-17$/.test(version.value))) &&
    (id === undefined || id.kind === "string")
  );
}

function isStatement(statement: JsonObject): boolean {
  const names = new Set(statement.members.map(({ key }) => key.value));
  for (const name of ["Action", "Resource", "Principal"]) if (names.has(name) && names.has(`Not${name}`)) return false;
  return names.has("Effect") && statement.members.every(({ key, value }) => isElement(key.value, value));
}

function isElement(name: string, value: JsonNode): boolean {
  switch (name) {
    case "Sid":
      return value.kind === "string";
    case "Effect":
      return value.kind === "string" && /^(allow|deny)$/i.test(value.value);
    case "Action":
    case "NotAction":
      return stringsOf(value) !== null;
    case "Resource":
    case "NotResource":
      return stringsOf(value, true) !== null;
    case "Condition":
      return isCondition(value);
    default:
      return statementElements.has(name);
  }
}

function passesLegacyParsing(statement: JsonObject): boolean {
  const effect = memberOf(statement, "Effect");
  if (effect?.kind === "string" && effect.value !== "Allow" && effect.value !== "Deny") return false;
  const condition = memberOf(statement, "Condition");
  if (condition?.kind !== "object") return true;
  return condition.members.every(({ key, value }) => {
    if (value.kind !== "object" || parseOperatorName(key.value)?.type !== "Date") return true;
    return value.members.every((member) => dates(member.value).every(isPolicyDate));
  });
}

function dates(node: JsonNode): string[] {
  if (node.kind === "array") return node.items.flatMap(dates);
  if (node.kind === "string") return [node.value];
  return node.kind === "number" ? [node.text] : [];
}

/**
 * The first fault of a resource, told only after the stages between. The older parser sees the resources of a
 * statement only while no fault has been found. Throws PolicyGrammarError when it refuses.
 */
function firstResourceFault(statements: readonly JsonObject[], partitions: ReadonlySet<string>): string | null {
  let first: string | null = null;
  for (const statement of statements) {
    const resources = [...elementStrings(statement, "Resource"), ...elementStrings(statement, "NotResource")];
    for (const resource of resources) first ??= resourceFault(resource, partitions);
    if (first === null && resources.some(failsLegacyParsing)) throw new PolicyGrammarError(legacyParsing);
  }
  return first;
}

function requireEntries(statements: readonly JsonObject[], element: "Action" | "Resource", message: string): void {
  for (const statement of statements) {
    if (elementStrings(statement, element).length + elementStrings(statement, `Not${element}`).length === 0) {
      throw new PolicyGrammarError(message);
    }
  }
}
