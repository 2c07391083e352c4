import { describe, expect, test } from "vitest";
import { compileClause, holds } from "../../../src/policy/match/condition.ts";
import { contextOf } from "../../../src/policy/index.ts";
import { casesIn } from "../../harness/cases.ts";

interface Row {
  readonly operator: string;
  /** The policy's value and the request's. */
  readonly wanted: string;
  readonly seen: string;
  readonly fits: boolean;
}

const rows = casesIn<Row>("policy/comparisons.jsonl");

/** What policy variables may name; see the README of the cases. */
const variables = {
  "k:who": "ann",
  "k:star": "*",
  "k:many": ["a", "b"],
  "k:yes": "true",
  "k:one": "1",
  "k:ip": "10.0.0.1",
  "k:bin": "QUJD",
  "k:arn": "arn:aws:s3:::b",
  "k:colon": "a:b",
  "k:name": "annabelle",
};

function outcome({ operator, wanted, seen }: Row, version2012: boolean): boolean {
  const clause = compileClause({ operator, key: "K:Seen", values: [wanted] }, true, version2012);
  return holds(clause!, contextOf({ ...variables, "k:seen": seen }));
}

describe.each([...new Set(rows.map(({ operator }) => operator))])("%s", (operator) => {
  test.each(rows.filter((row) => row.operator === operator))("$wanted against $seen: $fits", (row) => {
    expect(outcome(row, true)).toBe(row.fits);
  });
});

// reference_policies_elements_version: with 2008-10-17 "variables are treated as literal strings".
test("a document of the older version has no variables", () => {
  const own = { operator: "StringEquals", wanted: "${k:who}", fits: true };
  expect(outcome({ ...own, seen: "${k:who}" }, false)).toBe(true);
  expect(outcome({ ...own, seen: "ann" }, false)).toBe(false);
  expect(outcome({ ...own, operator: "StringLike", wanted: "${*}", seen: "${anything}" }, false)).toBe(true);
  const arn = { operator: "ArnLike", wanted: "arn:aws:s3:::${k:who}", fits: true };
  expect(outcome({ ...arn, seen: "arn:aws:s3:::${k:who}" }, false)).toBe(true);
  expect(outcome({ ...arn, seen: "arn:aws:s3:::ann" }, false)).toBe(false);
});
