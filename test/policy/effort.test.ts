import { describe, expect, it } from "vitest";
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
