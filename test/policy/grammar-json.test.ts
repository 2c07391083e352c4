import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath, type JsonNode, pathTo, PolicySyntaxError, positionAt, readJson } from "../../src/policy/json.ts";

/** The value that JSON.parse would give. */
function valueOf(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, valueOf(value)]));
    case "array":
      return node.items.map(valueOf);
    case "number":
      return Number(node.text);
    case "null":
      return null;
    default:
      return node.value;
  }
}

function nodesOf(node: JsonNode): JsonNode[] {
  if (node.kind === "object") return [node, ...node.members.flatMap(({ value }) => nodesOf(value))];
  return node.kind === "array" ? [node, ...node.items.flatMap(nodesOf)] : [node];
}

const json = fc.jsonValue({ maxDepth: 5, stringUnit: "grapheme" });

describe("readJson", () => {
  it("reads what JSON.parse reads, with every node at its place", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2, "\t"), (value, indent) => {
        const source = JSON.stringify(value, null, indent);
        const root = readJson(source);
        const same = JSON.parse(source) as unknown;
        expect(valueOf(root)).toEqual(same);
        for (const node of nodesOf(root)) {
          expect(valueOf(node)).toEqual(JSON.parse(source.slice(node.start, node.end)));
          const steps = pathTo(root, node);
          expect(steps?.reduce((at: any, step) => at[step], same)).toEqual(valueOf(node));
        }
      }),
      { seed: 20261123, numRuns: 300 },
    );
  });

  it("refuses what JSON.parse refuses, and never fails otherwise", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      '"',
      ":",
      ",",
      "a",
      "\\",
      "\\u00e4",
      "1",
      "-",
      ".",
      "e",
      "true",
      "nul",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const source = parts.join("");
        let accepted = true;
        try {
          readJson(source);
        } catch (error) {
          if (!(error instanceof PolicySyntaxError)) throw error;
          accepted = false;
        }
        if (accepted) JSON.parse(source);
        else if (isJson(source)) expect(hasRepeatedKey(source)).toBe(true);
      }),
      { seed: 20261123, numRuns: 5000 },
    );
  });
});

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

/** The only texts of the alphabet above that JSON.parse takes and we do not. */
function hasRepeatedKey(source: string): boolean {
  return source.includes("{") && source.split('":').length > 2;
}

describe("positions", () => {
  it("counts lines and columns from one", () => {
    expect(positionAt("ab\ncd", 0)).toEqual({ line: 1, column: 1, offset: 0 });
    expect(positionAt("ab\ncd", 2)).toEqual({ line: 1, column: 3, offset: 2 });
    expect(positionAt("ab\ncd", 3)).toEqual({ line: 2, column: 1, offset: 3 });
    expect(positionAt("ab\n\ncd", 5)).toEqual({ line: 3, column: 2, offset: 5 });
  });

  it("renders paths", () => {
    expect(formatPath([])).toBe("");
    expect(formatPath(["Statement", 0, "Condition", "Bool", "aws:SecureTransport", 1])).toBe(
      'Statement[0].Condition.Bool["aws:SecureTransport"][1]',
    );
  });
});
