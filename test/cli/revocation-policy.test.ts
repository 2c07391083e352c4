/** What `rolecall sessions revoke` writes, beside what stands there. */
import { expect, test } from "vitest";
import { isRevoked, revoking } from "../../src/cli/sessions/revocation-policy.ts";
import type { Which } from "../../src/cli/sessions/revocation-policy.ts";
import { casesIn } from "../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly there?: object;
  readonly which?: Which;
  /** A time on the first of June. */
  readonly before: string;
  readonly statements: readonly object[];
}

const moment = (time: string): number => Date.parse(`2026-06-01T${time}Z`);

test.each(casesIn<Case>("sessions/revocations.jsonl"))("$name", ({ there, which = {}, before, statements }) => {
  const text = revoking(there === undefined ? undefined : JSON.stringify(there), which, moment(before));
  expect(JSON.parse(text)).toEqual({ Version: "2012-10-17", ...there, Statement: statements });
  expect(isRevoked(text, which, moment(before) - 1)).toBe(true);
  expect(isRevoked(text, which, moment(before))).toBe(false);
});

test("a revocation of all sessions is one of each, and not the other way round", () => {
  const all = revoking(undefined, {}, moment("12:00:00.999"));
  const one = revoking(undefined, { "aws:SourceIdentity": "ann" }, moment("12:00:00.999"));
  expect(isRevoked(all, { "aws:SourceIdentity": "ann" }, moment("12:00:00.000"))).toBe(true);
  expect(isRevoked(one, {}, moment("12:00:00.000"))).toBe(false);
  expect(isRevoked(one, { "aws:SourceIdentity": "bob" }, moment("12:00:00.000"))).toBe(false);
  expect(isRevoked(undefined, {}, moment("12:00:00.000"))).toBe(false);
});
