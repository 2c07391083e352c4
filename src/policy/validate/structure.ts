/** Elements of the document and its statements: names, JSON types, what must and must not be there. */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { documentElements, statementElements } from "../document/parse.ts";
import type { PolicyKind } from "../types.ts";
import type { Report } from "./finding.ts";

/** Checks the document's own elements and gives its statements. */
export function checkDocument(report: Report, root: JsonNode): readonly JsonObject[] {
  if (root.kind !== "object") {
    report.add("DATA_TYPE_MISMATCH", root, { dataType: "Object" });
    return [];
  }
  for (const { key } of root.members) {
    if (!documentElements.has(key.value)) report.add("INVALID_POLICY_ELEMENT", key, { element: key.value });
  }
  checkVersion(report, root);
  requireString(report, memberOf(root, "Id"));
  return checkStatements(report, root);
}

function checkVersion(report: Report, root: JsonObject): void {
  const version = memberOf(root, "Version");
  if (version === undefined) {
    report.add("MISSING_VERSION", root);
  } else if (requireString(report, version) && version.kind === "string") {
    if (!/^(2012|2008)-10-17$/.test(version.value)) report.add("INVALID_VERSION", version, { version: version.value });
  }
}

function checkStatements(report: Report, root: JsonObject): readonly JsonObject[] {
  const node = memberOf(root, "Statement");
  if (node === undefined || (node.kind === "array" && node.items.length === 0)) {
    report.add("MISSING_STATEMENT", node ?? root);
    return [];
  }
  const items = node.kind === "array" ? node.items : [node];
  return items.filter((item) => {
    if (item.kind !== "object") report.add("DATA_TYPE_MISMATCH", item, { dataType: "Object" });
    return item.kind === "object";
  });
}

/** Checks the elements of all statements. */
export function checkElements(report: Report, statements: readonly JsonObject[], kind: PolicyKind): void {
  for (const statement of statements) {
    for (const { key } of statement.members) {
      if (!statementElements.has(key.value)) report.add("INVALID_POLICY_ELEMENT", key, { element: key.value });
    }
    checkCombinations(report, statement);
    checkEffect(report, statement);
    checkSid(report, statement, kind);
    checkRequired(report, statement, kind);
    for (const element of ["Action", "NotAction", "Resource", "NotResource"] as const) {
      checkList(report, memberOf(statement, element), element.replace("Not", "") as "Action" | "Resource");
    }
  }
  checkSids(report, statements, kind);
}

function checkCombinations(report: Report, statement: JsonObject): void {
  for (const element of ["Action", "Resource", "Principal"]) {
    const negated = `Not${element}`;
    if (memberOf(statement, element) === undefined || memberOf(statement, negated) === undefined) continue;
    report.add("UNSUPPORTED_ELEMENT_COMBINATION", statement, { element1: element, element2: negated });
  }
}

function checkEffect(report: Report, statement: JsonObject): void {
  const effect = memberOf(statement, "Effect");
  if (effect === undefined) {
    report.add("MISSING_EFFECT", statement);
  } else if (requireString(report, effect) && effect.kind === "string" && !/^(Allow|Deny)$/.test(effect.value)) {
    report.add("INVALID_EFFECT", effect, { effect: effect.value });
  }
}

function checkSid(report: Report, statement: JsonObject, kind: PolicyKind): void {
  const sid = memberOf(statement, "Sid");
  if (sid === undefined || !requireString(report, sid) || sid.kind !== "string") return;
  if (sid.value === "") report.add("EMPTY_SID_VALUE", sid);
  // Resource policies of some services take other characters (IAM User Guide, reference_policies_elements_sid).
  else if (kind !== "resource" && kind !== "endpoint" && !/^[a-zA-Z0-9]+$/.test(sid.value)) {
    report.add("UNSUPPORTED_SID", sid);
  }
}

function checkRequired(report: Report, statement: JsonObject, kind: PolicyKind): void {
  const has = (element: string) =>
    memberOf(statement, element) !== undefined || memberOf(statement, `Not${element}`) !== undefined;
  if (!has("Action")) report.add("MISSING_ACTION", statement);
  if (!has("Resource") && kind !== "trust") report.add("MISSING_RESOURCE", statement);
  if (!has("Principal") && (kind === "trust" || kind === "resource" || kind === "endpoint" || kind === "rcp")) {
    report.add("MISSING_PRINCIPAL", statement);
  }
}

function checkList(report: Report, node: JsonNode | undefined, element: "Action" | "Resource"): void {
  if (node === undefined || node.kind === "string") return;
  if (node.kind !== "array") {
    report.add("DATA_TYPE_MISMATCH", node, { dataType: "String" });
    return;
  }
  if (node.items.length === 0) report.add(element === "Action" ? "EMPTY_ARRAY_ACTION" : "EMPTY_ARRAY_RESOURCE", node);
  for (const item of node.items) requireString(report, item);
}

function checkSids(report: Report, statements: readonly JsonObject[], kind: PolicyKind): void {
  const seen = new Set<string>();
  const code = kind === "resource" || kind === "endpoint" ? "UNIQUE_SIDS_RECOMMENDED" : "UNIQUE_SIDS_REQUIRED";
  for (const statement of statements) {
    const sid = memberOf(statement, "Sid");
    if (sid?.kind !== "string" || sid.value === "") continue;
    if (seen.has(sid.value)) report.add(code, sid);
    seen.add(sid.value);
  }
}

function requireString(report: Report, node: JsonNode | undefined): boolean {
  if (node === undefined || node.kind === "string") return true;
  report.add("DATA_TYPE_MISMATCH", node, { dataType: "String" });
  return false;
}
