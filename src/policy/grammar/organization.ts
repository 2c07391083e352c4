/**
 * Service control policies and resource control policies. AWS Organizations has one message for both
 * (Organizations API Reference, CreatePolicy, MalformedPolicyDocumentException).
 */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { elementStrings } from "./elements.ts";
import { PolicyGrammarError } from "./fault.ts";
import { checkForm, checkPermissions, checkSids } from "./identity.ts";

export const unmetRequirements =
  "The provided policy document does not meet the requirements of the specified policy type.";

/**
 * SCPs take the whole IAM language since September 2025, but for principals (Organizations User Guide,
 * orgs_manage_policies_scps_syntax). Throws PolicyGrammarError.
 */
export function checkServiceControl(root: JsonNode, partitions: ReadonlySet<string>): void {
  const statements = checkedStatements(root, partitions);
  if (statements.some((statement) => memberOf(statement, "Principal") ?? memberOf(statement, "NotPrincipal"))) {
    throw new PolicyGrammarError(unmetRequirements);
  }
}

/**
 * A customer's RCP only denies, for Principal `*`, without NotPrincipal and NotAction, and names the service of each
 * action (Organizations User Guide, orgs_manage_policies_rcps_syntax). Throws PolicyGrammarError.
 */
export function checkResourceControl(root: JsonNode, partitions: ReadonlySet<string>): void {
  for (const statement of checkedStatements(root, partitions)) {
    const effect = memberOf(statement, "Effect");
    const principal = memberOf(statement, "Principal");
    const met =
      effect?.kind === "string" &&
      effect.value === "Deny" &&
      principal?.kind === "string" &&
      principal.value === "*" &&
      memberOf(statement, "NotAction") === undefined &&
      !elementStrings(statement, "Action").includes("*");
    if (!met) throw new PolicyGrammarError(unmetRequirements);
  }
}

function checkedStatements(root: JsonNode, partitions: ReadonlySet<string>): readonly JsonObject[] {
  try {
    const statements = checkForm(root);
    checkPermissions(statements, partitions, checkSids);
    return statements;
  } catch (cause) {
    if (cause instanceof PolicyGrammarError) throw new PolicyGrammarError(unmetRequirements, { cause });
    throw cause;
  }
}
