/**
 * Trust policies of roles. Messages and order: versitygw's iamapi, which is modelled on AWS, and public logs of CreateRole;
 * "This policy contains invalid Json" was recorded by LocalStack.
 */
import { foldName } from "../name.ts";
import type { PrincipalType } from "../document/document.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { documentElements, principalTypes, statementElements } from "../document/parse.ts";
import { hasRepeatedSid, isCondition, statementsOf, stringsOf } from "./elements.ts";
import { invalidPrincipalMessage, PolicyGrammarError } from "./fault.ts";
import { checkPrincipalForm } from "./principal.ts";

export const invalidJson = "This policy contains invalid Json";
const syntaxError = "Syntax error in policy.";

/** Throws PolicyGrammarError. */
export function checkTrust(root: JsonNode): void {
  const statements = checkDocument(root);
  for (const statement of statements) checkStatement(statement);
  refuseIf(hasRepeatedSid(statements), "The Statement Ids in the policy are not unique");
}

/** Elements and Version of the document; its statements. Throws PolicyGrammarError. */
export function checkDocument(root: JsonNode): readonly JsonObject[] {
  if (root.kind !== "object") throw new PolicyGrammarError(invalidJson);
  refuseUnknown(root, documentElements);
  const version = memberOf(root, "Version");
  refuseIf(
    version !== undefined && (version.kind !== "string" || !/^(2012|2008)-10-17$/.test(version.value)),
    "The policy must contain a valid version string",
  );
  const id = memberOf(root, "Id");
  refuseIf(id !== undefined && id.kind !== "string", syntaxError);
  const statement = memberOf(root, "Statement");
  refuseIf(statement === undefined, "Missing required field Statement");
  refuseIf(
    statement?.kind === "array" && statement.items.length === 0,
    "Could not parse the policy: Statement is empty!",
  );
  const statements = statementsOf(root);
  if (statements === null) throw new PolicyGrammarError(syntaxError);
  return statements;
}

function checkStatement(statement: JsonObject): void {
  refuseUnknown(statement, statementElements);
  const effect = checkEffect(statement);
  if (memberOf(statement, "NotPrincipal") !== undefined) {
    refuseIf(effect === "Allow", "Allow with NotPrincipal is not allowed.");
    throw new PolicyGrammarError("AssumeRole policy must not contain NotPrincipal field.");
  }
  checkTrusted(memberOf(statement, "Principal"));
  const condition = memberOf(statement, "Condition");
  refuseIf(condition !== undefined && !isCondition(condition), syntaxError);
  checkActions(statement);
  refuseIf(memberOf(statement, "Resource") !== undefined, "Has prohibited field Resource");
  refuseIf(memberOf(statement, "NotResource") !== undefined, "AssumeRole policy must not contain resources.");
}

/** Effect and Sid of a statement of a trust or resource policy. Throws PolicyGrammarError. */
export function checkEffect(statement: JsonObject): "Allow" | "Deny" {
  const sid = memberOf(statement, "Sid");
  refuseIf(sid !== undefined && sid.kind !== "string", syntaxError);
  const effect = memberOf(statement, "Effect");
  if (effect === undefined) throw new PolicyGrammarError("Missing required field Effect");
  if (effect.kind !== "string") throw new PolicyGrammarError(syntaxError);
  if (effect.value === "Allow" || effect.value === "Deny") return effect.value;
  throw new PolicyGrammarError(`Invalid effect: ${effect.value}`);
}

function checkTrusted(principal: JsonNode | undefined): void {
  if (principal === undefined) throw new PolicyGrammarError("Missing required field Principal");
  // AWS takes {"AWS": "*"} but not the bare string here (Access Analyzer, ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_…).
  refuseIf(principal.kind === "string", "Principal must be a JSON object.");
  for (const { key, value } of checkPrincipalLists(principal)) {
    refuseIf(key === "CanonicalUser", invalidPrincipalMessage(key, value));
  }
}

/** The principals of an object of lists, each checked for its form. Throws PolicyGrammarError. */
export function checkPrincipalLists(principal: JsonNode): { key: PrincipalType; value: string }[] {
  if (principal.kind !== "object") throw new PolicyGrammarError(syntaxError);
  const found: { key: PrincipalType; value: string }[] = [];
  for (const { key, value } of principal.members) {
    refuseIf(!principalTypes.has(key.value), `Invalid principal in policy: "${key.value}"`);
    const values = stringsOf(value);
    if (values === null) throw new PolicyGrammarError(syntaxError);
    for (const text of values) {
      checkPrincipalForm(key.value as PrincipalType, text);
      found.push({ key: key.value as PrincipalType, value: text });
    }
  }
  refuseIf(found.length === 0, "Missing required field Principal cannot be empty!");
  return found;
}

/** What a role's session may be made with (Service Authorization Reference, AWS Security Token Service). */
const trustActions: ReadonlySet<string> = new Set([
  "sts:assumerole",
  "sts:assumerolewithsaml",
  "sts:assumerolewithwebidentity",
  "sts:setcontext",
  "sts:setsourceidentity",
  "sts:tagsession",
]);

function checkActions(statement: JsonObject): void {
  const action = memberOf(statement, "Action");
  const notAction = memberOf(statement, "NotAction");
  refuseIf(action !== undefined && notAction !== undefined, syntaxError);
  const node = action ?? notAction;
  if (node === undefined) throw new PolicyGrammarError("Missing required field Action");
  const actions = stringsOf(node);
  if (actions === null) throw new PolicyGrammarError(syntaxError);
  refuseIf(actions.length === 0, "Missing required field Action");
  for (const text of actions) {
    refuseIf(!isTrustAction(text), "AssumeRole policy may only specify STS AssumeRole actions.");
  }
}

/** A pattern must keep to the AssumeRole family: `sts:*` and `*` reach beyond it. */
export function isTrustAction(text: string): boolean {
  const action = foldName(text);
  return trustActions.has(action) || /^sts:assumerole[a-z*?]*[*?][a-z*?]*$/.test(action);
}

function refuseUnknown(object: JsonObject, known: ReadonlySet<string>): void {
  for (const { key } of object.members) refuseIf(!known.has(key.value), `Unknown field ${key.value}`);
}

function refuseIf(refused: boolean, message: string): void {
  if (refused) throw new PolicyGrammarError(message);
}
