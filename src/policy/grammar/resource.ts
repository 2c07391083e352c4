/**
 * Resource-based policies and endpoint policies: a Principal in every statement. Each AWS service has its own words
 * here; ours are those of trust policies for principals and of identity policies for actions and resources.
 */
import type { JsonNode } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { PolicyGrammarError } from "./fault.ts";
import { checkForm, checkPermissions } from "./identity.ts";
import { checkUniqueSids } from "./sids.ts";
import { checkPrincipalForm } from "./principal.ts";
import { checkDocument, checkEffect, namedPrincipals } from "./trust.ts";

/** Throws PolicyGrammarError. */
export function checkResource(root: JsonNode, partitions: ReadonlySet<string>): void {
  const statements = checkDocument(root);
  for (const statement of statements) {
    const effect = checkEffect(statement);
    const notPrincipal = memberOf(statement, "NotPrincipal");
    if (notPrincipal !== undefined && effect === "Allow") {
      throw new PolicyGrammarError("Allow with NotPrincipal is not allowed.");
    }
    const principal = memberOf(statement, "Principal") ?? notPrincipal;
    if (principal === undefined) throw new PolicyGrammarError("Missing required field Principal");
    if (principal.kind !== "string") {
      for (const { type, value } of namedPrincipals(principal)) checkPrincipalForm(type, value, { partitions });
    } else if (principal.value !== "*") throw new PolicyGrammarError("Invalid principal in policy");
  }
  checkForm(root);
  checkPermissions(statements, { partitions, storedBy: "IAM", checkIds: checkUniqueSids });
}
