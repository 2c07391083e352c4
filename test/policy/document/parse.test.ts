import { describe, expect, it } from "vitest";
import { parse, PolicySyntaxError } from "../../../src/policy/document/parse.ts";
import { casesIn } from "../../harness/cases.ts";
import { charactersRead } from "../../harness/characters-read.ts";

function refusal(text: string): PolicySyntaxError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

interface Refusal {
  readonly name: string;
  readonly text: string;
  /** `LINE:COLUMN: PATH: MESSAGE`; at the root without a path. */
  readonly expected: string;
}

const refusals = casesIn<Refusal>("policy-grammar/syntax.jsonl");

describe("parse", () => {
  it("makes lists of lone values and text of numbers and booleans", () => {
    const text = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"a:b",
      "Condition":{"Bool":{"aws:SecureTransport":false},"NumericLessThan":{"k":[1.50,"2"]}}}}`;
    expect(parse(text)).toEqual({
      version: "2012-10-17",
      id: undefined,
      statements: [
        {
          sid: undefined,
          effect: "Deny",
          principal: { AWS: ["111122223333"] },
          action: ["a:b"],
          condition: [
            { operator: "Bool", key: "aws:SecureTransport", values: ["false"] },
            { operator: "NumericLessThan", key: "k", values: ["1.50", "2"] },
          ],
        },
      ],
    });
  });

  it("decodes escapes and keeps names such as __proto__ harmless", () => {
    const text = String.raw`{"Statement":[{"Effect":"Allow","Action":"a:\u0042","Condition":{"StringEquals":{"__proto__":"\ud83d\ude00\n\/"}}}]}`;
    const [first] = parse(text).statements;
    expect(first?.action).toEqual(["a:B"]);
    expect(first?.condition).toEqual([{ operator: "StringEquals", key: "__proto__", values: ["😀\n/"] }]);
  });

  it.each(refusals.map((row) => [row.name, row] as const))("refuses %s", (_name, { text, expected }) => {
    const { path, line, column, message } = refusal(text);
    expect(`${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`).toBe(expected);
  });

  it("bounds the depth whatever the length", () => {
    expect(refusal("[".repeat(100_000)).message).toBe("nested deeper than 32 levels");
  });

  it("reads in linear time", () => {
    const text = (size: number) =>
      `{"Statement":{"Effect":"Allow","Action":[${'"s3:Get\\u0041",'.repeat(size)}"s3:*"]}}`;
    const work = (size: number) => charactersRead(() => void parse(text(size)));
    expect(work(2000)).toBeGreaterThan(text(2000).length);
    expect(work(20_000)).toBeLessThan(10.5 * work(2000));
  });
});
