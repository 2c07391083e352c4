import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { compile } from "../../../src/policy/engine/compile.ts";
import { checkGrammar } from "../../../src/policy/grammar/check.ts";
import { parse } from "../../../src/policy/document/parse.ts";
import { renderPrincipals } from "../../../src/policy/document/principals.ts";
import { print } from "../../../src/policy/document/print.ts";

const file = new URL("../../../data/aws-managed-policies.json.gz", import.meta.url);
const { policies } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  policies: { readonly arn: string; readonly document: Record<string, unknown> }[];
};

/** Lone values as lists, and numbers and booleans as their text: what the policy language takes for the same. */
function normal(document: Record<string, unknown>): unknown {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
  return {
    ...document,
    Statement: list(document["Statement"]).map((statement) =>
      Object.fromEntries(
        Object.entries(statement as Record<string, unknown>).map(([name, value]) => {
          if (name === "Condition") return [name, normalCondition(value as Record<string, Record<string, unknown>>)];
          return [name, /Action|Resource/.test(name) ? list(value) : value];
        }),
      ),
    ),
  };

  function normalCondition(condition: Record<string, Record<string, unknown>>): unknown {
    return Object.fromEntries(
      Object.entries(condition).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, list(value).map(String)])),
      ]),
    );
  }
}

const texts = policies.map(({ arn, document }) => ({ arn, document, text: JSON.stringify(document) }));

it("AWS managed policies parse and print back the same", () => {
  expect(policies.length).toBeGreaterThan(1500);
  const changed = texts.filter(({ document, text }) => {
    const parsed = parse(text);
    const printed = print(parsed);
    return (
      !isDeepStrictEqual(JSON.parse(printed), normal(document)) ||
      !isDeepStrictEqual(parse(printed), parsed) ||
      renderPrincipals(text, (_path, value) => value) !== text
    );
  });
  expect(changed.map(({ arn }) => arn)).toEqual([]);
});

it("AWS managed policies pass the grammar of managed policies", () => {
  const refused = texts.flatMap(({ arn, text }) => {
    try {
      checkGrammar(text, "identity");
      return [];
    } catch (error) {
      return [`${arn}: ${String(error)}`];
    }
  });
  expect(refused).toEqual([]);
});

it("AWS managed policies compile, every statement of them", () => {
  const short = texts.filter(({ document, text }) => {
    const statements = document["Statement"];
    return compile(text, "identity").size !== (Array.isArray(statements) ? statements.length : 1);
  });
  expect(short.map(({ arn }) => arn)).toEqual([]);
});
