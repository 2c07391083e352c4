/**
 * Identity policies, permissions boundaries, session policies, and the statements of SCPs: no Principal.
 *
 * AWS reports the first failing stage only: form, version, principals, the older parser, Sids, actions present,
 * resources, resources present, actions. The order and the messages are those that moto recorded against CreatePolicy, with
 * what has changed since (recorded from AWS, LocalStack snapshots, 2026): resources must be there before actions are read.
 */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { documentElements, statementElements } from "../document/parse.ts";
import { actionFault } from "./actions.ts";
import { elementStrings, isCondition, statementsOf, stringsOf } from "./elements.ts";
import { PolicyGrammarError } from "./fault.ts";
import { failsLegacyParsing, isIncomplete, notAnArn, resourceFault } from "./resources.ts";
import { checkSids } from "./sids.ts";
import { hasReadableValues } from "./values.ts";

export const syntaxErrors = "Syntax errors in policy.";
const legacyParsing = "The policy failed legacy parsing";

export interface IdentityRules {
  readonly partitions: ReadonlySet<string>;
  /** Whether the Version must be 2012-10-17. */
  readonly requireVersion: boolean;
  /** Session policies are stored by STS, which reads ARNs and values otherwise than IAM. */
  readonly storedBy: "IAM" | "STS";
}

/** Throws PolicyGrammarError. */
export function checkIdentity(text: string, root: JsonNode, rules: IdentityRules): void {
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
  if (rules.storedBy === "IAM") {
    if (beginsWithSpace(text)) throw new PolicyGrammarError(legacyParsing, { hint: () => spaceHint });
    if (hasLateVersion(root as JsonObject)) {
      const hint = () => "Write Version before Statement, or the statement in a list.";
      throw new PolicyGrammarError(legacyParsing, { hint });
    }
  }
  checkPermissions(statements, { ...rules, checkIds: checkSids });
}

export const spaceHint = "Remove the white space before the first brace.";

/** The older parser wants the brace first (hashicorp/terraform#14652, velero-io/velero#1494). */
export function beginsWithSpace(text: string): boolean {
  return /^[ \t\r\n]/.test(text);
}

/**
 * The older parser wants Version before a Statement that is no list (99designs/iamy#65,
 * hashicorp/terraform-provider-aws#22879).
 */
function hasLateVersion(root: JsonObject): boolean {
  const names = root.members.map(({ key }) => key.value);
  return memberOf(root, "Statement")?.kind === "object" && names.indexOf("Version") > names.indexOf("Statement");
}

export interface PermissionRules {
  readonly partitions: ReadonlySet<string>;
  readonly storedBy: "IAM" | "STS";
  /** The kind's own rule for statement ids. */
  readonly checkIds: (statements: readonly JsonObject[]) => void;
}

/** The stages after version and principals, which all kinds with resources share. Throws PolicyGrammarError. */
export function checkPermissions(statements: readonly JsonObject[], rules: PermissionRules): void {
  const isRead = (statement: JsonObject) =>
    hasExactEffect(statement) && (rules.storedBy === "STS" || hasReadableValues(statement));
  if (!statements.every(isRead)) throw new PolicyGrammarError(legacyParsing);
  const resources = firstResourceFault(statements, rules);
  rules.checkIds(statements);
  requireEntries(statements, "Action", "Policy statement must contain actions.");
  if (resources !== null) throw new PolicyGrammarError(resources);
  requireEntries(statements, "Resource", "Policy statement must contain resources.");
  for (const element of ["Action", "NotAction"]) {
    for (const statement of statements) {
      for (const action of elementStrings(statement, element)) {
        const fault = actionFault(action);
        if (fault !== null) throw new PolicyGrammarError(fault);
      }
    }
  }
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

function hasExactEffect(statement: JsonObject): boolean {
  const effect = memberOf(statement, "Effect");
  return effect?.kind !== "string" || effect.value === "Allow" || effect.value === "Deny";
}

/**
 * The first fault of a resource, told only after the stages between. The older parser sees the resources of a
 * statement only while no fault has been found. Throws PolicyGrammarError when it refuses.
 */
function firstResourceFault(
  statements: readonly JsonObject[],
  { partitions, storedBy }: Pick<PermissionRules, "partitions" | "storedBy">,
): string | null {
  let first: string | null = null;
  for (const statement of statements) {
    const resources = [...elementStrings(statement, "Resource"), ...elementStrings(statement, "NotResource")];
    for (const resource of resources) {
      first ??= resourceFault(resource, partitions);
      // IAM completes an ARN with `*`; STS refuses it (observed on AWS, September 2026). The words are ours.
      if (storedBy === "STS" && isIncomplete(resource)) first ??= notAnArn(resource);
    }
    const unread = first === null ? resources.find(failsLegacyParsing) : undefined;
    if (unread !== undefined) {
      const hint = () =>
        `Write the ARN ${unread} in full, with a Region and an account of letters, digits and hyphens.`;
      throw new PolicyGrammarError(legacyParsing, { hint });
    }
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
