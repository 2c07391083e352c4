/**
 * Service control policies and resource control policies. AWS Organizations has one message for both
 * (Organizations API Reference, CreatePolicy, MalformedPolicyDocumentException).
 */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { elementStrings } from "./elements.ts";
import { PolicyGrammarError } from "./fault.ts";
import { checkForm, checkPermissions } from "./identity.ts";
import { checkSids } from "./sids.ts";

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
 * A customer's RCP only denies, for everybody, without NotPrincipal and NotAction, and names the service of each action
 * (Organizations User Guide, orgs_manage_policies_rcps_syntax). Throws PolicyGrammarError.
 */
export function checkResourceControl(root: JsonNode, partitions: ReadonlySet<string>): void {
  for (const statement of checkedStatements(root, partitions)) {
    const effect = memberOf(statement, "Effect");
    const met =
      effect?.kind === "string" &&
      effect.value === "Deny" &&
      isEverybody(memberOf(statement, "Principal")) &&
      memberOf(statement, "NotAction") === undefined &&
      !elementStrings(statement, "Action").includes("*");
    if (!met) throw new PolicyGrammarError(unmetRequirements);
  }
}

/** `"*"`, or `{"AWS": "*"}`, which AWS takes as well (observed in September 2026, radkawar/stackd captures). */
export function isEverybody(principal: JsonNode | undefined): boolean {
  if (principal?.kind === "string") return principal.value === "*";
  if (principal?.kind !== "object" || principal.members.length !== 1) return false;
  const { key, value } = principal.members[0]!;
  return key.value === "AWS" && value.kind === "string" && value.value === "*";
}

function checkedStatements(root: JsonNode, partitions: ReadonlySet<string>): readonly JsonObject[] {
  try {
    const statements = checkForm(root);
    checkPermissions(statements, { partitions, storedBy: "IAM", checkIds: checkSids });
    return statements;
  } catch (cause) {
    if (cause instanceof PolicyGrammarError) throw new PolicyGrammarError(unmetRequirements, { cause });
    throw cause;
  }
}
