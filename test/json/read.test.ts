import { describe, expect, it } from "vitest";
import { fc } from "../harness/property.ts";
import {
  formatPath,
  type JsonNode,
  type JsonObject,
  memberOf,
  pathTo,
  PolicySyntaxError,
  positionAt,
  readJson,
} from "../../src/json/read.ts";

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
      { numRuns: 300 },
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
      { numRuns: 5000 },
    );
  });
});

// RFC 8259, section 7.
describe("strings", () => {
  it.each([
    [String.raw`\"`, '"'],
    [String.raw`\\`, "\\"],
    [String.raw`\/`, "/"],
    [String.raw`\b`, "\b"],
    [String.raw`\f`, "\f"],
    [String.raw`\n`, "\n"],
    [String.raw`\r`, "\r"],
    [String.raw`\t`, "\t"],
    [String.raw`\u0041`, "A"],
    [String.raw`\u00e9\u00E9`, "éé"],
    [String.raw`\ud83d\uDE00`, "😀"],
    ["\u007f é", "\u007f é"],
  ])("with %s", (escaped, value) => {
    const text = `"a${escaped}b${escaped}"`;
    expect(readJson(text)).toEqual({ kind: "string", start: 0, end: text.length, value: `a${value}b${value}` });
  });
});

it("reads every kind of value, with white space around it", () => {
  const text = '\t\r\n {"a" : [ 1 , -1.5e+3 , true ,false, null ] , "b":{ } ,"c":[ ]}\n';
  const root = readJson(text);
  expect(valueOf(root)).toEqual({ a: [1, -1500, true, false, null], b: {}, c: [] });
  const texts = nodesOf(root).map((node) => text.slice(node.start, node.end));
  expect(texts).toEqual([
    text.trim(),
    "[ 1 , -1.5e+3 , true ,false, null ]",
    "1",
    "-1.5e+3",
    "true",
    "false",
    "null",
    "{ }",
    "[ ]",
  ]);
});

describe("a path", () => {
  const root = readJson('{"a":[{"b":1},{"c":2}],"d":"x"}') as JsonObject;
  const [a, d] = root.members;

  it("leads to values and to the names of members", () => {
    expect(pathTo(root, root)).toEqual([]);
    expect(pathTo(root, a!.key)).toEqual(["a"]);
    expect(pathTo(root, d!.key)).toEqual(["d"]);
    expect(pathTo(root, d!.value)).toEqual(["d"]);
    expect(nodesOf(root).map((node) => pathTo(root, node))).toEqual([
      [],
      ["a"],
      ["a", 0],
      ["a", 0, "b"],
      ["a", 1],
      ["a", 1, "c"],
      ["d"],
    ]);
  });

  it("leads nowhere from a node of another document", () => {
    const far = readJson(`${" ".repeat(100)}1`);
    expect(pathTo(root, far)).toBeNull();
    expect(pathTo(a!.value, far)).toBeNull();
    expect(pathTo(d!.value, far)).toBeNull();
    expect(pathTo(root, readJson("  1"))).toBeNull();
  });

  it("finds members by their exact names", () => {
    expect(memberOf(root, "d")).toBe(d!.value);
    expect(memberOf(root, "D")).toBeUndefined();
    expect(memberOf(root, "toString")).toBeUndefined();
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
    expect(positionAt("\nab", 1)).toEqual({ line: 2, column: 1, offset: 1 });
    expect(positionAt("ab\n\ncd", 5)).toEqual({ line: 3, column: 2, offset: 5 });
  });

  it("are told with the error", () => {
    const place = { line: 2, column: 3, offset: 7 };
    expect(new PolicySyntaxError("wrong", ["Statement", 0], place)).toMatchObject({
      ...place,
      name: "PolicySyntaxError",
      message: "wrong",
      path: "Statement[0]",
    });
  });

  it("renders paths", () => {
    expect(formatPath([])).toBe("");
    expect(formatPath(["a b"])).toBe('["a b"]');
    expect(formatPath(["a", "b", 'c"'])).toBe('a.b["c\\""]');
    expect(formatPath([1, "a"])).toBe("[1].a");
    expect(formatPath(["Statement", 0, "Condition", "Bool", "aws:SecureTransport", 1])).toBe(
      'Statement[0].Condition.Bool["aws:SecureTransport"][1]',
    );
  });
});
