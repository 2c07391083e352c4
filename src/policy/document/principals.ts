/** The principals that a document names, where they stand, and the text with other principals in their place. */
import type { PolicyDocument, PrincipalElement, PrincipalType } from "./document.ts";
import type { JsonNode, JsonString } from "../../json/read.ts";
import { memberOf } from "../../json/read.ts";
import { parseWithPositions } from "./parse.ts";

export interface NamedPrincipal {
  /** A key of Bindings: `STATEMENT/ELEMENT/TYPE/VALUE`, e.g. `0/Principal/AWS/1`. */
  readonly path: string;
  readonly type: PrincipalType;
  readonly value: string;
}

/** Every principal of a document in its order; the bare `"*"` has no type and is not among them. */
export function principalsOf(document: PolicyDocument): NamedPrincipal[] {
  return document.statements.flatMap((statement, index) => [
    ...principalsOfElement(`${index}/Principal`, statement.principal),
    ...principalsOfElement(`${index}/NotPrincipal`, statement.notPrincipal),
  ]);
}

function principalsOfElement(prefix: string, element: PrincipalElement | undefined): NamedPrincipal[] {
  if (element === undefined || element === "*") return [];
  return Object.entries(element).flatMap(([type, values]) =>
    values.map((value, index) => ({
      path: `${prefix}/${type}/${index}`,
      type: type as PrincipalType,
      value,
    })),
  );
}

/**
 * The text of a document with each principal replaced by what `replace` gives for it. Every other byte stays: what a
 * client wrote is what it reads back, but for principals that were renamed or deleted (IAM User Guide,
 * reference_policies_elements_principal: a deleted role appears as its unique id).
 * Throws PolicySyntaxError when the text is not a policy document.
 */
export function renderPrincipals(text: string, replace: (path: string, value: string) => string): string {
  const { statements } = parseWithPositions(text);
  const edits: { readonly node: JsonString; readonly value: string }[] = [];
  for (const [index, statement] of statements.entries()) {
    for (const element of ["Principal", "NotPrincipal"]) {
      const node = memberOf(statement, element);
      if (node?.kind !== "object") continue;
      for (const { key, value } of node.members) {
        for (const [position, item] of stringsOf(value).entries()) {
          const next = replace(`${index}/${element}/${key.value}/${position}`, item.value);
          if (next !== item.value) edits.push({ node: item, value: next });
        }
      }
    }
  }
  let out = "";
  let from = 0;
  for (const { node, value } of edits) {
    out += text.slice(from, node.start) + JSON.stringify(value);
    from = node.end;
  }
  return out + text.slice(from);
}

function stringsOf(node: JsonNode): JsonString[] {
  return (node.kind === "array" ? node.items : [node]).filter((item) => item.kind === "string");
}
