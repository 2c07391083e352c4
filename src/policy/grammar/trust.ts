/**
 * Trust policies of roles. Messages: versitygw's iamapi, whose cases were verified against AWS, public logs of CreateRole,
 * and LocalStack's recordings (2026). AWS reads the form of all statements first, what is prohibited before what is
 * missing: an identity policy that is given as a trust policy has the "prohibited field Resource". Then come principals and
 * actions.
 */
import { foldName } from "../name.ts";
import type { PrincipalType } from "../document/document.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { documentElements, principalTypes, statementElements } from "../document/parse.ts";
import { elementStrings, isCondition, statementsOf, stringsOf } from "./elements.ts";
import { PolicyGrammarError } from "./fault.ts";
import { checkPrincipalForm, checkService } from "./principal.ts";
import type { PrincipalRules } from "./principal.ts";
import { checkSidLetters, hasRepeatedSid } from "./sids.ts";
import { hasReadableValues } from "./values.ts";

export const invalidJson = "This policy contains invalid Json";
const syntaxError = "Syntax error in policy.";

/** Throws PolicyGrammarError. */
export function checkTrust(root: JsonNode, rules: PrincipalRules): void {
  const statements = checkDocument(root);
  for (const statement of statements) checkElements(statement);
  for (const statement of statements) {
    checkTrusted(memberOf(statement, "Principal")!, rules);
    checkActions(statement);
    refuseIf(memberOf(statement, "NotResource") !== undefined, "AssumeRole policy must not contain resources.");
    refuseIf(!hasReadableValues(statement), syntaxError);
  }
  checkSidLetters(statements);
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
  refuseIf(
    statement === undefined || (statement.kind === "array" && statement.items.length === 0),
    "Could not parse the policy: Statement is empty!",
  );
  const statements = statementsOf(root);
  if (statements === null) throw new PolicyGrammarError(syntaxError);
  return statements;
}

/** What must be there, what must not, and of which JSON type. */
function checkElements(statement: JsonObject): void {
  refuseUnknown(statement, statementElements);
  refuseIf(memberOf(statement, "Resource") !== undefined, "Has prohibited field Resource");
  const effect = checkEffect(statement);
  if (memberOf(statement, "NotPrincipal") !== undefined) {
    refuseIf(effect === "Allow", "Allow with NotPrincipal is not allowed.");
    throw new PolicyGrammarError("AssumeRole policy must not contain NotPrincipal field.");
  }
  const principal = memberOf(statement, "Principal");
  if (principal === undefined) throw new PolicyGrammarError("Missing required field Principal");
  if (principal.kind !== "string") {
    const canonical = namedPrincipals(principal).some(({ type }) => type === "CanonicalUser");
    refuseIf(canonical, 'Invalid principal in policy: "CanonicalUser"');
  } else refuseIf(principal.value !== "*", "Principal must be a JSON object.");
  const condition = memberOf(statement, "Condition");
  refuseIf(condition !== undefined && !isCondition(condition), syntaxError);
  const [action, notAction] = [memberOf(statement, "Action"), memberOf(statement, "NotAction")];
  refuseIf(action !== undefined && notAction !== undefined, syntaxError);
  const node = action ?? notAction;
  if (node === undefined) throw new PolicyGrammarError("Missing required field Action");
  const actions = stringsOf(node);
  if (actions === null) throw new PolicyGrammarError(syntaxError);
  refuseIf(actions.length === 0, "Missing required field Action");
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

function checkTrusted(principal: JsonNode, rules: PrincipalRules): void {
  // AWS takes {"AWS": "*"} but not the bare star (observed in September 2026, radkawar/stackd captures; so spelled).
  refuseIf(principal.kind === "string", 'AssumeRolepolicy contained an invalid principal: "STAR":"*".');
  for (const { type, value } of namedPrincipals(principal)) {
    checkPrincipalForm(type, value, rules);
    if (type === "Service") checkService(value, rules);
  }
}

/** The principals of an object of lists. Throws PolicyGrammarError where it is none. */
export function namedPrincipals(principal: JsonNode): { type: PrincipalType; value: string }[] {
  if (principal.kind !== "object") throw new PolicyGrammarError(syntaxError);
  const found: { type: PrincipalType; value: string }[] = [];
  for (const { key, value } of principal.members) {
    refuseIf(!principalTypes.has(key.value), `Invalid principal in policy: "${key.value}"`);
    const values = stringsOf(value);
    if (values === null) throw new PolicyGrammarError(syntaxError);
    for (const text of values) found.push({ type: key.value as PrincipalType, value: text });
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
  for (const text of [...elementStrings(statement, "Action"), ...elementStrings(statement, "NotAction")]) {
    refuseIf(!isTrustAction(text), "AssumeRole policy may only specify STS AssumeRole actions.");
  }
}

/**
 * A pattern must keep to the AssumeRole family: `sts:*` and `*` reach beyond it. `STS:assumerolewithwebidentity` was seen to be
 * refused (September 2026, radkawar/stackd captures); that it is for the capitals of its prefix is by analogy, with the
 * vendors of identity policies.
 */
export function isTrustAction(text: string): boolean {
  if (!text.startsWith("sts:")) return false;
  const action = foldName(text);
  return trustActions.has(action) || /^sts:assumerole[a-z*?]*[*?][a-z*?]*$/.test(action);
}

function refuseUnknown(object: JsonObject, known: ReadonlySet<string>): void {
  for (const { key } of object.members) refuseIf(!known.has(key.value), `Unknown field ${key.value}`);
}

function refuseIf(refused: boolean, message: string): void {
  if (refused) throw new PolicyGrammarError(message);
}
