/**
 * Case files: unit tests for policies. A file is JSON lines, a JSON list, or one JSON object; a case has an id, a
 * request, the policies that judge it, and what is expected. What is null or absent is not there.
 */
import type { JsonNode, JsonObject } from "../../json/read.ts";
import { PolicySyntaxError, readJson } from "../../json/read.ts";
import type { Outcome, Policies, Request } from "../types.ts";
import { CaseError, DocumentError } from "./fault.ts";
import type { GrammarCase } from "./grammar.ts";
import { readGrammarCase } from "./grammar.ts";
import { member, objectNode, stringNode } from "./node.ts";
import { asksTrust, readBindings, readPolicies } from "./policies.ts";
import { readRequest } from "./request.ts";

export { CaseError } from "./fault.ts";

/** `Denied` is either kind of denial. */
export type Expected = Outcome | "Denied";

export interface DecisionCase {
  readonly type: "decision";
  readonly id: string;
  readonly request: Request;
  readonly policies: Policies;
  /** Null when the case says none. */
  readonly expected: Expected | null;
  /** Why the case's own expectation is doubted, where it says so. */
  readonly errata: string | null;
  /** Where it stands in the file. */
  readonly offset: number;
}

/** A case of a decision that cannot be made: one of its documents is no policy. */
export interface UndecidableCase {
  readonly type: "undecidable";
  readonly id: string;
  readonly expected: Expected | null;
  /** Which document it is, and what is wrong with it. */
  readonly reason: string;
  /** Where in the file that is wrong. */
  readonly offset: number;
}

export type PolicyCase = DecisionCase | GrammarCase | UndecidableCase;

const outcomes: ReadonlySet<string> = new Set<Expected>(["Allowed", "ExplicitlyDenied", "ImplicitlyDenied", "Denied"]);

/**
 * All cases of a file's text, in its order. A case without an id is called by its number. A document that is no policy is
 * told by its case alone: the others are run.
 *
 * @throws CaseError for a text or a case that cannot be understood
 */
export function readCases(text: string): PolicyCase[] {
  return caseNodes(text).map(({ node, text: around, base }, index) => {
    try {
      return moved(readCase(objectNode(node, "a case", node), around, `#${index + 1}`), base);
    } catch (error) {
      if (error instanceof CaseError) throw new CaseError(error.message, base + error.offset);
      throw error;
    }
  });
}

function moved(one: PolicyCase, base: number): PolicyCase {
  return { ...one, offset: one.offset + base };
}

/** Whether an outcome is the expected one. */
export function isExpected(outcome: Outcome, expected: Expected): boolean {
  return expected === "Denied" ? outcome !== "Allowed" : outcome === expected;
}

interface CaseNode {
  readonly node: JsonNode;
  /** The text that the node's offsets count in, and where that begins in the file. */
  readonly text: string;
  readonly base: number;
}

function caseNodes(text: string): CaseNode[] {
  if (text.trim() === "") throw new CaseError("there is no case in it", 0);
  const lines = linesOf(text);
  // A first line that is an object by itself begins JSON lines; any other text is one JSON value.
  if (lines.length > 1 && isObject(lines[0]!.text)) {
    return lines.map(({ text: line, base }) => ({ node: json(line, base), text: line, base }));
  }
  const root = json(text, 0);
  const nodes = root.kind === "array" ? root.items : [root];
  if (nodes.length === 0) throw new CaseError("there is no case in it", 0);
  return nodes.map((node) => ({ node, text, base: 0 }));
}

function linesOf(text: string): { text: string; base: number }[] {
  const lines: { text: string; base: number }[] = [];
  for (let base = 0; base <= text.length;) {
    const newline = text.indexOf("\n", base);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(base, end);
    if (line.trim() !== "") lines.push({ text: line, base });
    base = end + 1;
  }
  return lines;
}

function isObject(line: string): boolean {
  try {
    return readJson(line).kind === "object";
  } catch (error) {
    if (error instanceof PolicySyntaxError) return false;
    throw error;
  }
}

function json(text: string, base: number): JsonNode {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw new CaseError(error.message, base + error.offset);
    throw error;
  }
}

function readCase(node: JsonObject, text: string, number: string): PolicyCase {
  const id = optionalText(node, "id") ?? number;
  const kind = optionalText(node, "kind");
  if (kind === "grammar") return readGrammarCase(node, text, id);
  const request = readRequest(member(node, "request"), node);
  const trust = kind === "trust" || asksTrust(request);
  const bindings = readBindings(member(node, "bindings"));
  const expected = readExpected(node);
  const errata = optionalText(node, "errata");
  try {
    const policies = readPolicies(member(node, "policies"), node, { text, trust, bindings });
    return { type: "decision", id, request, policies, expected, errata, offset: node.start };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { type: "undecidable", id, expected, reason: error.message, offset: error.offset };
  }
}

function optionalText(node: JsonObject, name: string): string | null {
  const found = member(node, name);
  return found === null ? null : stringNode(found, name, node).value;
}

function readExpected(node: JsonObject): Expected | null {
  const expected = member(node, "expected");
  if (expected === null) return null;
  const { value } = stringNode(expected, "expected", node);
  if (outcomes.has(value)) return value as Expected;
  throw new CaseError(`expected must be ${[...outcomes].join(", ")}, not ${value}`, expected.start);
}
