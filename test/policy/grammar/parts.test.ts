import { describe, expect, it } from "vitest";
import { isPolicyDate } from "../../../src/policy/grammar/dates.ts";
import { PolicyGrammarError } from "../../../src/policy/grammar/fault.ts";
import { baseOf, isPositive, parseOperatorName } from "../../../src/policy/grammar/operators.ts";
import { checkPrincipalForm } from "../../../src/policy/grammar/principal.ts";
import {
  clausesByKey,
  clausesOf,
  namesTenant,
  narrowsPrincipal,
  testsTenant,
} from "../../../src/policy/grammar/reach.ts";
import { failsLegacyParsing } from "../../../src/policy/grammar/resources.ts";
import { isTrustAction } from "../../../src/policy/grammar/trust.ts";

const iam = "arn:aws:iam::111122223333:";
const sts = "arn:aws:sts::111122223333:";

// reference_policies_elements_principal; IAM API Reference for the characters of names and paths.
describe("a principal's form", () => {
  const faultOf = (type: "AWS" | "Service" | "Federated" | "CanonicalUser", value: string): string => {
    try {
      checkPrincipalForm(type, value);
      return "none";
    } catch (error) {
      if (error instanceof PolicyGrammarError) return error.message;
      throw error;
    }
  };

  it.each([
    "*",
    "111122223333",
    "AROAQX4OAAAAAAAAAAAAA",
    "AROAQX4OAAAAAAAAAAAAA:session",
    "AIDAQX4OAAAAAAAAAAAAA",
    `${iam}root`,
    `${iam}user/ann`,
    `${iam}user/team/sub/ann`,
    `${iam}role/a+b=c,d.e@f-g_h`,
    "arn:aws-us-gov:iam::111122223333:role/r",
    `${sts}assumed-role/rr/ss`,
    `${sts}federated-user/ff`,
  ])("AWS %s", (value) => {
    expect(faultOf("AWS", value)).toBe("none");
  });

  it.each([
    "",
    "11112222333",
    "AROAQX4OAAAAAAAAAAAAA:",
    "AROAQX4OAAAAAAAAAAAAA:s:t",
    "xyz:session",
    "arn:xaws:iam::111122223333:user/ann",
    "arn:aws1:iam::111122223333:user/ann",
    "arn:*:iam::111122223333:user/ann",
    "arn:aws:iam:us-east-1:111122223333:user/ann",
    "arn:aws:iam::1111:user/ann",
    "arn:aws:iam::*:user/ann",
    "arn:aws:s3::111122223333:user/ann",
    "arn:aws:s3::111122223333:federated-user/f",
    `${iam}root/x`,
    `${iam}user`,
    `${iam}user/`,
    `${iam}user/ann/`,
    `${iam}user/a b`,
    `${iam}user/ ann`,
    `${iam}role/*`,
    `${iam}group/g`,
    `${iam}federated-user/f`,
    `${sts}user/ann`,
    `${sts}assumed-role`,
    `${sts}assumed-role/r`,
    `${sts}assumed-role/r/`,
    `${sts}assumed-role//s`,
    `${sts}assumed-role/r/s/t`,
    `${sts}assumed-role/ r/s`,
    `${sts}assumed-role/r/s t`,
    `${sts}federated-user/`,
    `${sts}federated-user/ f`,
    `${sts}federated-user/f f`,
  ])("not AWS %j", (value) => {
    expect(faultOf("AWS", value)).toBe(`Invalid principal in policy: "AWS":"${value}"`);
  });

  const longest = `${"a".repeat(251)}.com`;
  it.each(["ec2.amazonaws.com", "EC2.amazonaws.com.cn", "a.b", "s3-x.a-b.aws", "1.2", longest])(
    "Service %s",
    (value) => {
      expect(faultOf("Service", value)).toBe("none");
    },
  );

  it.each([
    "",
    "ec2",
    ".com",
    "ec2.",
    "a..b",
    "-a.com",
    "a-.com",
    "a.-b",
    "a.b-",
    "a_b.com",
    "a.com/x",
    "a.com ",
    " a.com",
    `a${longest}`,
  ])("not Service %j", (value) => {
    expect(faultOf("Service", value)).toBe(`Invalid principal in policy: "SERVICE":"${value}"`);
  });

  it("CanonicalUser", () => {
    const id = "0123456789abcdef".repeat(4);
    expect(faultOf("CanonicalUser", id)).toBe("none");
    for (const value of ["", id.slice(1), `0${id}`, `${id}0`, `g${id.slice(1)}`, id.toUpperCase(), ` ${id}`]) {
      expect(faultOf("CanonicalUser", value)).toBe(`Invalid principal in policy: "CANONICALUSER":"${value}"`);
    }
  });

  it.each([
    "accounts.google.com",
    `${iam}saml-provider/a.b_c-d`,
    `${iam}oidc-provider/idp.example`,
    `${iam}oidc-provider/idp.example:8080/a%20b/~c`,
    "arn:aws-cn:iam::111122223333:saml-provider/x",
  ])("Federated %s", (value) => {
    expect(faultOf("Federated", value)).toBe("none");
  });

  it.each([
    "",
    "google",
    "arn:xaws:iam::111122223333:saml-provider/x",
    "arn:aws1:iam::111122223333:saml-provider/x",
    "arn:aws:sts::111122223333:saml-provider/x",
    "arn:aws:iam:us-east-1:111122223333:saml-provider/x",
    "arn:aws:iam::1111:saml-provider/x",
    `${iam}saml-provider/`,
    `${iam}saml-provider/a b`,
    `${iam}xsaml-provider/a`,
    `${iam}oidc-provider/`,
    `${iam}oidc-provider/a b`,
    `${iam}xoidc-provider/a`,
    `${iam}user/ann`,
  ])("not Federated %j", (value) => {
    expect(faultOf("Federated", value)).toBe("Federated principals must be valid domain names or SAML metadata ARNs");
  });

  it("is refused by an error of its own name", () => {
    expect(() => checkPrincipalForm("AWS", "x")).toThrow(
      expect.objectContaining({ name: "PolicyGrammarError", code: "MalformedPolicyDocument" }),
    );
  });
});

// Documents that moto recorded as accepted and refused by CreatePolicy; years, months and the rest within their ranges.
describe("a date that AWS stores", () => {
  it.each([
    "0",
    "9223372036854775807",
    "2026",
    "2026-1-1",
    "2026-12-31",
    "2026-01-01T",
    "2026-01-01t5",
    "2026-01-01T05:5",
    "2026-01-01T23:59:59",
    "2026-01-01T05:00:00Z",
    "2026-01-01T05:00:00.1Z",
    "2026-01-01T05:00:00.123456789Z",
    "2026-01-01T05:00:00+01",
    "2026-01-01T05:00:00-2359",
    "2026-01-01T05:00:00+23:59",
    "t",
    "T",
    "5t",
    "12T",
    "-292275054-01-01",
    "292278993-12-31",
  ])("%s", (text) => {
    expect(isPolicyDate(text)).toBe(true);
  });

  it.each([
    "",
    "x",
    "9223372036854775808",
    "x2026",
    "2026x",
    "tt",
    "xt",
    "-",
    "2026-13-01",
    "2026-0-01",
    "2026-1-32",
    "2026-1-0",
    "2026-123-01",
    "2026-1-123",
    "2026-01-01T24",
    "2026-01-01T123",
    "2026-01-01T05:60",
    "2026-01-01T05:123",
    "2026-01-01T05:00:60",
    "2026-01-01T05:00:123",
    "2026-01-01T05:00:00.Z",
    "2026-01-01T05:00:00.1234567890Z",
    "2026-01-01T05:00Z",
    "2026-01-01T05:00:00+24",
    "2026-01-01T05:00:00+1",
    "2026-01-01T05:00:00+00:60",
    "2026-01-01T05:00:00+00:1",
    "2026-01-01T05:00:00Zx",
    "-292275055-01-01",
    "292278994-01-01",
  ])("not %j", (text) => {
    expect(isPolicyDate(text)).toBe(false);
  });
});

describe("the name of an operator", () => {
  it.each([
    ["StringEquals", "StringEquals", "String", "one", false, false, true],
    ["stringnotlike", "StringNotLike", "String", "one", false, true, false],
    ["ForAnyValue:StringLike", "StringLike", "String", "any", false, false, true],
    ["ForAllValues:StringLike", "StringLike", "String", "all", false, false, false],
    ["NumericLessThanIfExists", "NumericLessThan", "Numeric", "one", true, false, false],
    ["DateGreaterThan", "DateGreaterThan", "Date", "one", false, false, true],
    ["Bool", "Bool", "Bool", "one", false, false, true],
    ["BinaryEquals", "BinaryEquals", "Binary", "one", false, false, true],
    ["IpAddress", "IpAddress", "IpAddress", "one", false, false, true],
    ["NotIpAddress", "NotIpAddress", "IpAddress", "one", false, true, false],
    ["ArnNotLike", "ArnNotLike", "Arn", "one", false, true, false],
    ["Null", "Null", "Null", "one", false, false, false],
    ["ForAnyValue:Null", "Null", "Null", "any", false, false, false],
  ] as const)("%s", (name, base, type, quantifier, ifExists, negated, positive) => {
    const operator = parseOperatorName(name);
    expect(operator).toEqual({ base, type, quantifier, ifExists, negated });
    expect(isPositive(operator!)).toBe(positive);
  });

  it.each(["", "String", "IfExists", "NullIfExists", "xForAnyValue:Bool", "BoolIfExistsx"])("%j is none", (name) => {
    expect(parseOperatorName(name)).toBeNull();
  });

  it.each([
    ["ForAnyValue:NULLIfExists", "null"],
    ["xForAnyValue:Bool", "xforanyvalue:bool"],
    ["BoolIfExistsx", "boolifexistsx"],
  ])("%s without what stands around it is %s", (name, base) => {
    expect(baseOf(name)).toBe(base);
  });
});

describe("a condition narrows everybody", () => {
  const narrows = (operator: string, key: string, ...values: string[]) => narrowsPrincipal({ operator, key, values });

  it.each([
    ["StringEquals", "aws:PrincipalAccount", "111122223333"],
    ["stringlike", "AWS:principalorgid", "o-a1b2c3d4e5"],
    ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"],
    ["ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"],
    ["StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/team/*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:x:y"],
    ["StringLike", "aws:PrincipalAccount", "xo-"],
  ])("by %s of %s %s", (operator, key, value) => {
    expect(narrows(operator, key, value)).toBe(true);
  });

  it.each([
    ["StringNotEquals", "aws:PrincipalAccount", "111122223333"],
    ["StringEqualsIfExists", "aws:PrincipalAccount", "111122223333"],
    ["ForAllValues:StringEquals", "aws:PrincipalAccount", "111122223333"],
    ["Nonsense", "aws:PrincipalAccount", "111122223333"],
    ["Null", "aws:PrincipalAccount", "false"],
    ["NumericEquals", "aws:PrincipalAccount", "111122223333"],
    ["StringEquals", "aws:PrincipalType", "User"],
    ["StringLike", "aws:PrincipalAccount", "*"],
    ["StringLike", "aws:PrincipalAccount", "?${aws:PrincipalAccount}"],
    ["StringLike", "aws:PrincipalOrgID", "o-*"],
    ["StringLike", "aws:PrincipalOrgPaths", "o-*/*/"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:*"],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:sts::*:assumed-role/*"],
    ["ArnLike", "aws:PrincipalArn", "*"],
  ])("not by %s of %s %s", (operator, key, value) => {
    expect(narrows(operator, key, value)).toBe(false);
  });

  it("by all of its values", () => {
    expect(narrows("StringLike", "aws:PrincipalAccount", "111122223333", "444455556666")).toBe(true);
    expect(narrows("StringLike", "aws:PrincipalAccount", "111122223333", "*")).toBe(false);
    expect(narrows("StringLike", "aws:PrincipalAccount")).toBe(false);
  });
});

describe("what tells tenants apart", () => {
  const rule = {
    provider: "idp.example",
    shown: "idp.example",
    keys: ["idp.example:sub", "idp.example:Team"],
    builtIn: false,
    values: "not the star",
  } as const;
  const on = (operator: string, key: string, values: string[]) =>
    clausesOf(rule, clausesByKey([{ operator, key, values }]));
  const tests = (operator: string, key: string, ...values: string[]) => testsTenant(on(operator, key, values), rule);
  const names = (operator: string, key: string, ...values: string[]) => on(operator, key, values).some(namesTenant);

  it.each([
    ["StringEquals", "idp.example:sub", "a"],
    ["StringLike", "IDP.example:team", "a*"],
    ["StringEqualsIgnoreCase", "idp.example:sub", "a"],
    ["ForAnyValue:StringEquals", "idp.example:sub", "a"],
  ])("%s of %s is a test, and names one", (operator, key, value) => {
    expect([tests(operator, key, value), names(operator, key, value)]).toEqual([true, true]);
  });

  // Observed on AWS, September 2026.
  it.each([
    ["ForAllValues:StringEquals", "a"],
    ["StringLike", "*?"],
    ["StringLike", " * "],
    ["StringLike", ""],
    ["StringLike", "${aws:username}"],
  ])("%s with %j is a test to AWS, and names nobody", (operator, value) => {
    expect([tests(operator, "idp.example:sub", value), names(operator, "idp.example:sub", value)]).toEqual([
      true,
      false,
    ]);
  });

  it.each([
    ["StringNotEquals", "idp.example:sub", "a"],
    ["StringEqualsIfExists", "idp.example:sub", "a"],
    ["ArnLike", "idp.example:sub", "a"],
    ["Nonsense", "idp.example:sub", "a"],
    ["StringEquals", "idp.example:aud", "a"],
    ["StringLike", "idp.example:sub", "*"],
  ])("%s of %s with %j is none", (operator, key, value) => {
    expect([tests(operator, key, value), names(operator, key, value)]).toEqual([false, false]);
  });

  // Observed on AWS, September 2026.
  it("all values must tell a tenant, and all must name one; none at all lets nobody in", () => {
    expect([
      tests("StringLike", "idp.example:sub", "a", "*"),
      names("StringLike", "idp.example:sub", "a", "*"),
    ]).toEqual([false, false]);
    expect([tests("StringLike", "idp.example:sub"), names("StringLike", "idp.example:sub")]).toEqual([true, false]);
  });
});

// Service Authorization Reference, AWS Security Token Service; a pattern keeps to the AssumeRole family.
it("knows the actions of trust policies", () => {
  const actions = [
    "sts:AssumeRole",
    "sts:assumeroleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
    "sts:AssumeRole*",
    "sts:AssumeRole?ith*",
    "sts:AssumeRoleWith*Identity",
  ];
  const others = [
    "STS:assumeroleWithSAML",
    "*",
    "sts:*",
    "sts:Assume*",
    "xsts:AssumeRole*",
    "sts:AssumeRole*:x",
    "sts:AssumeRole*1",
    "sts:AssumeRole1*",
    "sts:AssumeRoot",
    "sts:AssumeRoles",
    "sts:GetCallerIdentity",
    "",
  ];
  expect([...actions, ...others].filter(isTrustAction)).toEqual(actions);
});

// Recorded by moto: the older parser refuses some ARNs with fewer than six segments.
it("knows what the older parser refuses", () => {
  const refused = ["arn:aws::a:b:c", "arn:aws:s3::b", "a::b", "arn:aws::"];
  const taken = ["*", "a", "arn:aws:s3:::b", "arn:aws:s3*", "arn:aws:s3:x:b", "arn:aws:s3::1:b", "arn:aws:x:::b:c::d"];
  expect([...refused, ...taken].filter(failsLegacyParsing)).toEqual(refused);
});
