import { describe, expect, it } from "vitest";
import { Effort, spend, within } from "../../src/policy/effort.ts";
import { matchesPattern, patternOf } from "../../src/policy/match/pattern.ts";
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
  ])("are given up on, never decided: %s", (_name, pattern) => {
    const policies = { identity: [], resource: policyOf(pattern, 8000) };
    // Minutes without the bound: the time of the test would be up.
    expect(() => evaluate(request, policies)).toThrow(PolicyEffortError);
    expect(() => explain(request, policies)).toThrow(PolicyEffortError);
  });

  it("begins anew with each evaluation", () => {
    const policies = { identity: [], resource: policyOf((index) => `*a${index}b*`, 2) };
    for (let round = 0; round < 20; round++) expect(evaluate(request, policies).allowed).toBe(false);
  });
});

const limit = 5_000_000;

describe("the bound", () => {
  it("is reached by one step more than five million, in one piece of work", () => {
    expect(within(new Effort(), () => (spend(limit), "done"))).toBe("done");
    expect(() => within(new Effort(), () => spend(limit + 1))).toThrow(
      expect.objectContaining({
        name: "PolicyEffortError",
        message: "the policies take too long to evaluate against this request",
      }),
    );
    expect(() =>
      within(new Effort(), () => {
        spend(limit);
        spend(1);
      }),
    ).toThrow(PolicyEffortError);
  });

  it("is there within a piece of work only, however that ended", () => {
    spend(10 * limit);
    expect(() => within(new Effort(), () => spend(limit + 1))).toThrow(PolicyEffortError);
    expect(() => spend(10 * limit)).not.toThrow();
    within(new Effort(), () => spend(limit));
    expect(() => spend(10 * limit)).not.toThrow();
    evaluate({ ...request, context: contextOf({}) }, { identity: [] });
    expect(() => spend(10 * limit)).not.toThrow();
  });
});

/** What a piece of work counts. */
function stepsOf(work: () => void): number {
  const effort = new Effort();
  within(effort, work);
  return effort.spent;
}

describe("a match is counted", () => {
  const as = "a".repeat(100);
  /** One look over the text, and one at each place that the pattern has at its ends. */
  const look = 1 + 3;
  it.each([
    ["as one look over the text without a segment between stars", "a*", as, look],
    ["as one look at what is exact", "a", as, look],
    ["as what stands at the ends", "?a*a", as, look + 4],
    ["as half a step for each character to where a literal is found", "*b*", `${as}b${as}`, 1 + 6 + 3 + 50],
    ["and to the end where it is not", "*b*", as, look + 3 + 50],
    ["from where the segment before it ended", "*b*c*", "aaaabaaaa", 1 + 4 + 2 + 2],
    ["as nothing more where it stands at once", "*a*", as, look + 3],
    ["from there for places as well", "*b*a?c*", `b${as}`, look + 4 + 98 * 2],
    ["as any other with a literal of 32 characters", `*${"b".repeat(32)}*`, as, look + 3 + 50],
    ["as nothing more where it is longer than the text", `*${"b".repeat(101)}*`, as, look + 3],
    ["as two steps for each place that is tried of two texts", "*a?b*", as, look + 3 + 98 * 2],
    ["as none for the place that fits", "*b?b*", `${as}bab`, look + 3 + 100 * 2],
    ["as many for each as it has texts and eighths", "*aaa?b?bb*", as, look + 3 + 93 * 4],
    [
      "as two for each character and each 32 places of a long segment",
      `*${"a".repeat(33)}*`,
      as,
      look + 3 + 100 * 4 + 2,
    ],
    ["as that of the part that is searched", `aa*${"a".repeat(65)}*a`, as, look + 5 + 97 * 6 + 3],
    ["as one for each part of a pattern of many", "*?".repeat(50), as, look + 51],
    ["as all that stands at its only place", "a?".repeat(50), as, look + 1 + 2 * (50 + 12)],
  ])("%s", (_name, text, subject, steps) => {
    const pattern = patternOf(text);
    expect(stepsOf(() => matchesPattern(pattern, subject))).toBe(steps);
  });
});

describe("a question of a request", () => {
  const allowing = [compile(JSON.stringify({ Version: "2012-10-17", Statement: [] }), "identity")];

  it("spends of the same bound as those before it", () => {
    const policies = { identity: allowing, resource: policyOf((index) => `*a${index}b*`, 2) };
    // Which statements speak of the action is sought once.
    stepsFor(policies, 1);
    const once = stepsFor(policies, 1);
    expect(once).toBeGreaterThan(100_000);
    expect(stepsFor(policies, 3)).toBe(3 * once);
    expect(() => stepsFor(policies, Math.ceil(limit / once))).toThrow(PolicyEffortError);
  });

  it("is refused when one before it was given up on", () => {
    const effort = new Effort();
    expect(() => evaluate(request, { identity: [], resource: policyOf((i) => `*a${i}b*`, 8000) }, effort)).toThrow();
    const small = { identity: [], resource: policyOf(() => "b", 1) };
    expect(() => evaluate(request, small, effort)).toThrow(PolicyEffortError);
    expect(() => explain(request, small, effort)).toThrow(PolicyEffortError);
  });

  function stepsFor(policies: Parameters<typeof evaluate>[1], times: number): number {
    const effort = new Effort();
    for (let round = 0; round < times; round++) evaluate(request, policies, effort);
    return effort.spent;
  }
});
