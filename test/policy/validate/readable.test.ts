import { describe, expect, it } from "vitest";
import { compile, contextOf, evaluate, principalFromArn } from "../../../src/policy/index.ts";
import { parseOperatorName } from "../../../src/policy/grammar/operators.ts";
import { canMatch, isArnPattern } from "../../../src/policy/validate/readable.ts";

const base = {
  principal: principalFromArn("arn:aws:iam::111122223333:user/ann"),
  action: "s3:GetObject",
  resource: "arn:aws:s3:::b/k",
  resourceAccount: "111122223333",
};

/** Whether a Deny with the literal applies to a request with the value: the engine's answer. */
function denies(operator: string, literal: string, value: string): boolean {
  const statement = { Effect: "Deny", Action: "*", Resource: "*", Condition: { [operator]: { "x:y": literal } } };
  const policy = compile(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), "identity");
  return (
    evaluate({ ...base, context: contextOf({ "x:y": value }) }, { identity: [policy] }).outcome === "ExplicitlyDenied"
  );
}

// What validate takes for a value that can match is what the engine matches.
describe("a literal", () => {
  it.each([
    ["NumericEquals", "5", "5"],
    ["NumericEquals", "+5", "5"],
    ["NumericEquals", "5.", "5"],
    ["NumericEquals", ".5", "0.5"],
    ["NumericEquals", "1e2", "100"],
    ["NumericEquals", "1E+10", "10000000000"],
    ["NumericEquals", "1e-12", "0.000000000001"],
    ["NumericEquals", "5a", "5"],
    ["NumericEquals", "e5", "5"],
    ["NumericEquals", "", "0"],
    ["DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["DateEquals", "yesterday", "2026-01-01T00:00:00Z"],
    ["BinaryEquals", "YQ==", "YQ=="],
    ["BinaryEquals", "YWI=", "YWI="],
    ["BinaryEquals", "YWJj", "YWJj"],
    ["BinaryEquals", "YR==", "YQ=="],
    ["BinaryEquals", "YWJ=", "YWI="],
    ["BinaryEquals", "YQ", "YQ=="],
    ["IpAddress", "203.0.113.0/24", "203.0.113.7"],
    ["IpAddress", "203.0.113.7/24", "203.0.113.1"],
    ["IpAddress", "010.0.0.0/08", "10.1.2.3"],
    ["IpAddress", "203.0.113.0/33", "203.0.113.0"],
    ["IpAddress", "2001:db8::/64", "2001:db8::1"],
    ["IpAddress", "2001:db8::1/64", "2001:db8::1"],
    ["IpAddress", "::ffff:0:0/96", "203.0.113.7"],
    ["IpAddress", "::ffff:cb00:7107", "203.0.113.7"],
    ["IpAddress", "::ffff:203.0.113.7", "203.0.113.7"],
    ["IpAddress", "2001:db8::192.0.2.0/120", "2001:db8::c000:201"],
    ["IpAddress", "nowhere", "203.0.113.7"],
  ])("of %s, %j against %j", (operator, literal, value) => {
    expect(canMatch(parseOperatorName(operator)!.type, literal)).toBe(denies(operator, literal, value));
  });

  it("with a variable may be anything", () => {
    expect(canMatch("Numeric", "${aws:PrincipalTag/n}")).toBe(true);
  });

  // A malformed pattern of an ARN denies whatever is an ARN.
  it.each([
    ["arn:aws:sqs:*:*:q", false],
    ["arn:aws:sqs:*:*", true],
    ["*", true],
    ["urn:aws:sqs:*:*:q", true],
  ])("of ArnNotLike, %j", (literal, malformed) => {
    expect(isArnPattern(literal)).toBe(!malformed);
    expect(denies("ArnLike", literal, "arn:aws:sqs:us-east-1:111122223333:other")).toBe(malformed);
  });
});
