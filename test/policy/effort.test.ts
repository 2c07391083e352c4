import { describe, expect, it } from "vitest";
import { spend, within } from "../../src/policy/effort.ts";
import { matchesPattern, patternOf } from "../../src/policy/pattern.ts";
import { compile, contextOf, evaluate, explain, PolicyEffortError, principalFromArn } from "../../src/policy/index.ts";

/** As many patterns of a kind as a large resource policy holds. */
function policyOf(pattern: (index: number) => string, count: number) {
  const values = Array.from({ length: count }, (_, index) => pattern(index));
  const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: { "ForAnyValue:StringLike": { "svc:key": values } },
  };
  return compile(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), "resource");
}

const request = {
  principal: principalFromArn("arn:aws:iam::111122223333:user/bob"),
  action: "svc:Act",
  resource: "arn:aws:svc:::thing",
  resourceAccount: "111122223333",
  context: contextOf({ "svc:key": Array.from({ length: 100 }, () => "a".repeat(4090)) }),
};

describe("policies and requests made for each other", () => {
  it.each([
    ["question marks between stars", (index: number) => `*a?a?a?bN*${index}*`],
    ["a long segment of question marks", (index: number) => `*a????????????????????bN*${index}*`],
    ["a segment of more than 32 places", (index: number) => `*${"a?".repeat(20)}b*${index}*`],
    ["literals", (index: number) => `*aaaab${index}*`],
  ])("are given up on within a moment, never decided: %s", (_name, pattern) => {
    const policies = { identity: [], resource: policyOf(pattern, 8000) };
    const started = performance.now();
    expect(() => evaluate(request, policies)).toThrow(PolicyEffortError);
    expect(() => explain(request, policies)).toThrow(PolicyEffortError);
    // Not a measurement: minutes without the bound, milliseconds with it.
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("begins anew with each evaluation", () => {
    const policies = { identity: [], resource: policyOf((index) => `*a${index}b*`, 2) };
    for (let round = 0; round < 20; round++) expect(evaluate(request, policies).allowed).toBe(false);
  });
});

const limit = 500_000;

describe("the bound", () => {
  it("is reached by one step more than half a million, in one piece of work", () => {
    expect(within(() => (spend(limit), "done"))).toBe("done");
    expect(() => within(() => spend(limit + 1))).toThrow(
      expect.objectContaining({
        name: "PolicyEffortError",
        message: "the policies take too long to evaluate against this request",
      }),
    );
    expect(() =>
      within(() => {
        spend(limit);
        spend(1);
      }),
    ).toThrow(PolicyEffortError);
  });

  it("is there within a piece of work only, however that ended", () => {
    spend(10 * limit);
    expect(() => within(() => spend(limit + 1))).toThrow(PolicyEffortError);
    expect(() => spend(10 * limit)).not.toThrow();
    within(() => spend(limit));
    expect(() => spend(10 * limit)).not.toThrow();
    evaluate({ ...request, context: contextOf({}) }, { identity: [] });
    expect(() => spend(10 * limit)).not.toThrow();
  });
});

/** The steps that a match is counted as: what is missing at the bound after it. */
function costOf(pattern: string, text: string): number {
  let left = 0;
  expect(() =>
    within(() => {
      matchesPattern(patternOf(pattern), text);
      for (; ; left++) spend(1);
    }),
  ).toThrow(PolicyEffortError);
  return limit - left;
}

describe("a match is counted", () => {
  const as = "a".repeat(100);
  it.each([
    ["not at all without a segment between stars", "a*", as, 0],
    ["not at all at the ends", "?a*a", as, 0],
    ["a quarter step for each character to where a literal is found", "*b*", `${as}b${as}`, 25],
    ["and to the end where it is not", "*b*", as, 25],
    ["from where the segment before it ended", "*b*c*", "aaaabaaaa", 1 + 1],
    ["nothing where it stands at once", "*a*", as, 0],
    ["from there for places as well", "*b*a?c*", `b${as}`, 98],
    ["a literal of 32 characters as any other", `*${"b".repeat(32)}*`, as, 25],
    ["a step for each place that is tried", "*a?b*", as, 98],
    ["none for the place that fits", "*b?b*", `${as}bab`, 100],
    ["as many for each as the longest text between question marks has", "*aaa?b?bb*", as, 93 * 3],
    ["two for each character and each 32 places of a long segment", `*${"a".repeat(33)}*`, as, 100 * 2 * 2],
    ["of the part that is searched", `aa*${"a".repeat(65)}*a`, as, 97 * 3 * 2],
  ])("%s", (_name, pattern, text, steps) => {
    expect(costOf(pattern, text)).toBe(steps);
  });
});
