/** Principal and NotPrincipal: form, and whether the kind of policy has them. */
import { PolicyGrammarError } from "../grammar/fault.ts";
import { checkPrincipalForm } from "../grammar/principal.ts";
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { principalTypes } from "../document/parse.ts";
import type { PolicyKind } from "../types.ts";
import type { Report } from "./finding.ts";
import type { PrincipalView, StatementView } from "./statement.ts";
import { principalViews } from "./statement.ts";

export function checkPrincipals(report: Report, statement: StatementView, kind: PolicyKind): void {
  for (const element of ["Principal", "NotPrincipal"] as const) {
    const node = memberOf(statement.node, element);
    if (node === undefined) continue;
    if (kind === "identity" || kind === "boundary" || kind === "session") {
      report.add("UNSUPPORTED_PRINCIPAL", node, { policyType: "IDENTITY_POLICY" });
    } else if (kind === "scp") {
      report.add("SCP_SYNTAX_ERROR_PRINCIPAL", node);
    } else {
      checkElement(report, statement, node, element, kind);
    }
  }
}

function checkElement(
  report: Report,
  statement: StatementView,
  node: JsonNode,
  element: "Principal" | "NotPrincipal",
  kind: PolicyKind,
): void {
  if (element === "NotPrincipal") {
    if (kind === "trust") report.add("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", node);
    else if (kind === "rcp") report.add("RCP_SYNTAX_ERROR_PRINCIPAL", node);
    else if (statement.effect === "Allow") report.add("ALLOW_WITH_NOT_PRINCIPAL", node);
  }
  if (kind === "rcp") {
    if (element === "Principal" && !(node.kind === "string" && node.value === "*")) {
      report.add("RCP_SYNTAX_ERROR_PRINCIPAL", node);
    }
    return;
  }
  if (node.kind === "object") checkTypes(report, node, kind);
  else if (node.kind !== "string" || node.value !== "*") report.add("INVALID_PRINCIPAL_FORMAT", node);
  else if (kind === "trust") report.add("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", node);
}

function checkTypes(report: Report, node: JsonObject, kind: PolicyKind): void {
  if (node.members.length === 0) report.add("EMPTY_OBJECT_PRINCIPAL", node);
  for (const { key, value } of node.members) {
    if (!principalTypes.has(key.value)) report.add("INVALID_PRINCIPAL_KEY", key, { principalKey: key.value });
    else if (value.kind === "array" && value.items.length === 0) report.add("EMPTY_ARRAY_PRINCIPAL", value);
    for (const item of value.kind === "array" ? value.items : [value]) {
      if (item.kind !== "string") report.add("DATA_TYPE_MISMATCH", item, { dataType: "String" });
    }
  }
  for (const principal of principalViews(node)) checkValue(report, principal, kind);
}

function checkValue(report: Report, { type, node }: PrincipalView, kind: PolicyKind): void {
  const { value } = node;
  if (type === "Federated" && kind !== "trust") {
    report.add("FEDERATED_PRINCIPAL_NOT_SUPPORTED", node);
    return;
  }
  if (/[*?]/.test(value) && !(type === "AWS" && value === "*")) {
    report.add("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", node, { principalKey: type });
    return;
  }
  if (type === "AWS" && value.startsWith("AROA")) report.add("INVALID_ROLE_REFERENCE", node, { roleid: value });
  if (type === "AWS" && value.startsWith("AIDA")) report.add("INVALID_USER_REFERENCE", node, { userid: value });
  try {
    checkPrincipalForm(type, value);
  } catch (error) {
    if (!(error instanceof PolicyGrammarError)) throw error;
    if (type === "Federated") report.add("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", node);
    else if (type === "Service") {
      report.add("INVALID_SERVICE_PRINCIPAL_FORMAT", node, { expectedFormat: "service.amazonaws.com" });
    } else report.add("INVALID_PRINCIPAL_VALUE", node, { value, principalKey: type });
  }
}
