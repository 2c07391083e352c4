/**
 * Text to PolicyDocument: the elements of the policy language, their JSON types and nothing else
 * (IAM User Guide, reference_policies_grammar). What AWS says about a document of a certain kind is `grammar/`.
 */
import type { ConditionClause, PolicyDocument, PrincipalElement, PrincipalType, Statement } from "./document.ts";
import type { JsonNode, JsonObject, JsonString } from "../../json/read.ts";
import { pathTo, PolicySyntaxError, positionAt, readJson } from "../../json/read.ts";

export { PolicySyntaxError } from "../../json/read.ts";

/** A parsed document with the nodes that it was read from. */
export interface PolicySource {
  readonly text: string;
  readonly document: PolicyDocument;
  readonly root: JsonObject;
  /** One node for each statement of the document, in order. */
  readonly statements: readonly JsonObject[];
}

/**
 * Reads a policy document. Unknown elements, a repeated key and a wrong JSON type are refused, because a statement
 * that is only half understood cannot be enforced. Throws PolicySyntaxError.
 */
export function parse(text: string): PolicyDocument {
  return parseWithPositions(text).document;
}

/** As `parse`, and keeps where everything stands. */
export function parseWithPositions(text: string): PolicySource {
  return read(text, readJson(text));
}

/** Builds the document from nodes that were read from `text` already. Throws PolicySyntaxError. */
export function read(text: string, root: JsonNode): PolicySource {
  return new Builder(text, root).source();
}

/** The elements of a document and of a statement. */
export const documentElements: ReadonlySet<string> = new Set(["Version", "Id", "Statement"]);
export const statementElements: ReadonlySet<string> = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);
/** Elements that are never a list (reference_policies_grammar). */
const loneElements: ReadonlySet<string> = new Set(["Version", "Id", "Sid", "Effect"]);
export const principalTypes: ReadonlySet<string> = new Set(["AWS", "Service", "Federated", "CanonicalUser"]);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Builder {
  readonly #text: string;
  readonly #root: JsonNode;

  constructor(text: string, root: JsonNode) {
    this.#text = text;
    this.#root = root;
  }

  source(): PolicySource {
    const root = this.#root;
    if (root.kind !== "object") return this.#refuse(root, "a policy document is a JSON object");
    let version: string | undefined;
    let id: string | undefined;
    let statements: readonly JsonObject[] | undefined;
    for (const { key, value } of root.members) {
      if (key.value === "Version") version = this.#version(value);
      else if (key.value === "Id") id = this.#string(value, "Id");
      else if (key.value === "Statement") statements = this.#statements(value);
      else this.#refuse(key, `${JSON.stringify(key.value)} is not an element of a policy document`);
    }
    if (statements === undefined) return this.#refuse(root, "Statement is missing");
    const document = { version, id, statements: statements.map((node) => this.#statement(node)) };
    return { text: this.#text, document, root, statements };
  }

  /** Only two versions of the language exist (reference_policies_elements_version). */
  #version(node: JsonNode): string {
    const value = this.#string(node, "Version");
    if (value !== "2012-10-17" && value !== "2008-10-17") {
      this.#refuse(node, "Version must be 2012-10-17 or 2008-10-17");
    }
    return value;
  }

  #statements(node: JsonNode): readonly JsonObject[] {
    if (node.kind === "object") return [node];
    if (node.kind !== "array") return this.#refuse(node, "Statement must be an object or a list of objects");
    return node.items.map((item) => {
      if (item.kind !== "object") return this.#refuse(item, "a statement must be an object");
      return item;
    });
  }

  #statement(node: JsonObject): Statement {
    const statement: Partial<Mutable<Statement>> = {};
    for (const { key, value } of node.members) this.#element(statement, key, value);
    const { effect } = statement;
    if (effect === undefined) return this.#refuse(node, "Effect is missing");
    if (statement.action === undefined && statement.notAction === undefined) {
      this.#refuse(node, "Action or NotAction is missing");
    }
    if (statement.action !== undefined && statement.notAction !== undefined) {
      this.#refuse(node, "Action and NotAction exclude each other");
    }
    if (statement.resource !== undefined && statement.notResource !== undefined) {
      this.#refuse(node, "Resource and NotResource exclude each other");
    }
    if (statement.principal !== undefined && statement.notPrincipal !== undefined) {
      this.#refuse(node, "Principal and NotPrincipal exclude each other");
    }
    return { ...statement, sid: statement.sid, effect };
  }

  #element(statement: Partial<Mutable<Statement>>, key: JsonString, value: JsonNode): void {
    switch (key.value) {
      case "Sid":
        statement.sid = this.#string(value, "Sid");
        return;
      case "Effect":
        statement.effect = this.#effect(value);
        return;
      case "Principal":
        statement.principal = this.#principal(value);
        return;
      case "NotPrincipal":
        statement.notPrincipal = this.#notEmpty(value, this.#principal(value));
        return;
      case "Action":
        statement.action = this.#strings(value, "Action");
        return;
      case "NotAction":
        statement.notAction = this.#notEmpty(value, this.#strings(value, "NotAction"));
        return;
      case "Resource":
        statement.resource = this.#resources(value, "Resource");
        return;
      case "NotResource":
        statement.notResource = this.#notEmpty(value, this.#resources(value, "NotResource"));
        return;
      case "Condition":
        statement.condition = this.#condition(value);
        return;
      default:
        this.#refuse(key, `${JSON.stringify(key.value)} is not an element of a statement`);
    }
  }

  #effect(node: JsonNode): "Allow" | "Deny" {
    const value = this.#string(node, "Effect");
    if (value === "Allow" || value === "Deny") return value;
    return this.#refuse(node, "Effect must be Allow or Deny");
  }

  #principal(node: JsonNode): PrincipalElement {
    if (node.kind === "string") {
      if (node.value === "*") return "*";
      return this.#refuse(node, 'a principal is "*" or an object of AWS, Service, Federated, CanonicalUser');
    }
    if (node.kind !== "object") return this.#refuse(node, 'a principal must be "*" or an object');
    const principal: Partial<Record<PrincipalType, readonly string[]>> = {};
    for (const { key, value } of node.members) {
      if (!principalTypes.has(key.value)) this.#refuse(key, `${JSON.stringify(key.value)} is not a type of principal`);
      principal[key.value as PrincipalType] = this.#strings(value, key.value);
    }
    return principal;
  }

  /**
   * An exception without entries would except nothing, that is match everybody or everything; no author means that,
   * so it is refused rather than granted.
   */
  #notEmpty<T extends PrincipalElement | readonly string[]>(node: JsonNode, element: T): T {
    // The bare "*" is a list of one character.
    const lists = Array.isArray(element) ? [element] : Object.values(element);
    if (lists.every((list) => list.length === 0)) this.#refuse(node, "an exception must name at least one entry");
    return element;
  }

  #condition(node: JsonNode): readonly ConditionClause[] {
    const clauses: ConditionClause[] = [];
    if (node.kind !== "object") return this.#refuse(node, "Condition must be an object");
    for (const operator of node.members) {
      if (operator.value.kind !== "object") {
        return this.#refuse(operator.value, "a condition operator must hold an object of keys and values");
      }
      for (const { key, value } of operator.value.members) {
        clauses.push({
          operator: operator.key.value,
          key: key.value,
          values: this.#conditionValues(value),
        });
      }
    }
    return clauses;
  }

  #conditionValues(node: JsonNode): readonly string[] {
    return node.kind === "array" ? node.items.map((item) => this.#scalar(item)) : [this.#scalar(node)];
  }

  #scalar(node: JsonNode): string {
    if (node.kind === "string") return node.value;
    if (node.kind === "number") return node.text;
    if (node.kind === "boolean") return String(node.value);
    return this.#refuse(node, "a condition value must be a string, a number or a boolean");
  }

  /**
   * AWS accepts null beside other entries of a list of resources (moto's list of accepted documents, "NullResource").
   * It names nothing, so it is left out.
   */
  #resources(node: JsonNode, element: string): readonly string[] {
    if (node.kind !== "array") return this.#strings(node, element);
    return node.items.filter((item) => item.kind !== "null").map((item) => this.#string(item, element));
  }

  #strings(node: JsonNode, element: string): readonly string[] {
    if (node.kind === "array") return node.items.map((item) => this.#string(item, element));
    return [this.#string(node, element)];
  }

  #string(node: JsonNode, element: string): string {
    if (node.kind === "string") return node.value;
    return this.#refuse(node, `${element} must be a string${loneElements.has(element) ? "" : " or a list of strings"}`);
  }

  #refuse(node: JsonNode, message: string): never {
    throw new PolicySyntaxError(message, pathTo(this.#root, node)!, positionAt(this.#text, node.start));
  }
}
