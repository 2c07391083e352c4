import { describe, expect, it } from "vitest";
import { CaseError, isExpected, readCases } from "../../../src/policy/case/case.ts";
import type { DecisionCase } from "../../../src/policy/case/case.ts";
import { grammarAnswer } from "../../../src/policy/case/grammar.ts";
import type { GrammarCase } from "../../../src/policy/case/grammar.ts";
import { resourceAccountOf } from "../../../src/policy/case/request.ts";
import { sourceOf } from "../../../src/policy/engine/compiled.ts";
import { principalFromArn } from "../../../src/policy/index.ts";

const user = "arn:aws:iam::111122223333:user/ann";
const role = "arn:aws:iam::111122223333:role/r";
const plain = { principal: user, action: "s3:GetObject", resource: "arn:aws:s3:::b/k" };
const statement = { Effect: "Allow", Action: "*", Resource: "*" };
const policy = { Version: "2012-10-17", Statement: statement };

function decision(request: object, policies: object = {}, more: object = {}): DecisionCase {
  const [one] = readCases(JSON.stringify({ request: { ...plain, ...request }, policies, ...more }));
  return one as DecisionCase;
}

function refusal(request: object, policies: object = {}, more: object = {}): string {
  try {
    decision(request, policies, more);
    return "none";
  } catch (error) {
    if (error instanceof CaseError) return `${error.name}: ${error.message}`;
    throw error;
  }
}

describe("a file of cases", () => {
  const line = JSON.stringify({ id: "a", request: plain, policies: {} });
  const unnamed = JSON.stringify({ request: plain, policies: {}, expected: null, errata: "doubted" });
  const where = (text: string) => readCases(text).map(({ id, offset }) => [id, offset]);

  it("says where each case stands, and calls one without an id by its number", () => {
    expect(where(`${line}\n\n${unnamed}\n`)).toEqual([
      ["a", 0],
      ["#2", line.length + 2],
    ]);
    expect(where(`\n  \n ${line}\r\n${unnamed}`)).toEqual([
      ["a", 5],
      ["#2", line.length + 7],
    ]);
    expect(where(`[\n${line},${unnamed}]`)).toEqual([
      ["a", 2],
      ["#2", line.length + 3],
    ]);
    expect(where(`\n${JSON.stringify(JSON.parse(line), null, 1)}`)).toEqual([["a", 1]]);
  });

  it("points into the file, whatever the line", () => {
    const wrong = JSON.stringify({ request: { ...plain, action: "none" }, policies: {} });
    const place = (text: string) => {
      try {
        return readCases(text);
      } catch (error) {
        return (error as CaseError).offset;
      }
    };
    expect(place(`${line}\n${wrong}`)).toBe(line.length + 1 + wrong.indexOf('"none"'));
    expect(place(`[${line},${wrong}]`)).toBe(line.length + 2 + wrong.indexOf('"none"'));
    expect(place(`${line}\n{"id":`)).toBe(line.length + 1 + '{"id":'.length);
    expect(place(`${line}\n7`)).toBe(line.length + 1);
    expect(place(" \n ")).toBe(0);
  });

  it("may leave the expectation out, and doubt it", () => {
    expect(readCases(unnamed)).toMatchObject([{ type: "decision", expected: null, errata: "doubted" }]);
    expect(readCases(line)).toMatchObject([{ expected: null, errata: null }]);
  });

  it.each([
    ["Allowed", ["Allowed"]],
    ["ExplicitlyDenied", ["ExplicitlyDenied", "Denied"]],
    ["ImplicitlyDenied", ["ImplicitlyDenied", "Denied"]],
  ] as const)("takes %s for what it is", (outcome, fitting) => {
    const all = ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied", "Denied"] as const;
    expect(all.filter((expected) => isExpected(outcome, expected))).toEqual(fitting);
    for (const expected of all) expect(decision({}, {}, { expected }).expected).toBe(expected);
  });
});

describe("the request of a case", () => {
  it.each([
    { type: "Root", account: "111122223333", arn: "arn:aws:iam::111122223333:root" },
    { type: "User", account: "111122223333", arn: user, id: "AIDAAAAAAAAAAAAAAAAA2" },
    { type: "RoleSession", account: "111122223333", arn: "s", roleArn: role, roleId: "AROA", sessionName: "s" },
    {
      type: "FederatedUser",
      account: "111122223333",
      arn: "arn:aws:sts::111122223333:federated-user/f",
      name: "f",
      issuer: { type: "User", arn: user, id: "AIDA" },
    },
    {
      type: "FederatedUser",
      account: "111122223333",
      arn: "arn:aws:sts::111122223333:federated-user/f",
      name: "f",
      issuer: { type: "Root", arn: "arn:aws:iam::111122223333:root", id: "111122223333" },
    },
    { type: "Service", service: "sns.amazonaws.com" },
    { type: "WebIdentity", provider: "idp.example", account: "111122223333" },
    { type: "SAML", provider: "arn:aws:iam::111122223333:saml-provider/s", account: "111122223333" },
    { type: "Anonymous" },
  ])("names a principal of type $type in full", (principal) => {
    expect(decision({ principal, resourceAccount: "111122223333" }).request.principal).toEqual(principal);
  });

  it.each([
    ["a principal that is a number", { principal: 7 }, "request.principal must be an object"],
    ["no principal", { principal: null }, "request.principal is missing"],
    ["a principal without a type", { principal: {} }, "request.principal.type is missing"],
    [
      "a type named like a member of every object",
      { principal: { type: "toString" } },
      "there is no principal of type toString",
    ],
    [
      "a field of another type of principal",
      { principal: { type: "Service", service: "s", arn: user } },
      'a Service has no field "arn".',
    ],
    [
      "an issuer of a user",
      { principal: { type: "User", account: "1", arn: user, id: "", issuer: {} } },
      'a User has no field "issuer".',
    ],
    [
      "an issuer with more",
      { principal: { type: "FederatedUser", account: "1", arn: "a", name: "n", issuer: { type: "Root", arns: "a" } } },
      'an issuer has no field "arns". Did you mean arn?',
    ],
    [
      "no issuer",
      { principal: { type: "FederatedUser", account: "1", arn: "a", name: "n" } },
      "request.principal.issuer is missing",
    ],
    ["no action", { action: null }, "request.action is missing"],
    ["an action that is a list", { action: ["s3:Get"] }, "request.action must be a string"],
    ["no resource", { resource: null }, "request.resource is missing"],
    ["an account that is a number", { resourceAccount: 111122223333 }, "request.resourceAccount must be a string"],
    ["a context that is a list", { context: [] }, "request.context must be an object"],
    [
      "a list of lists in the context",
      { context: { "k:v": [["a"]] } },
      "the context key k:v must have a string, a number, a boolean or a list of these",
    ],
  ])("is refused with %s", (_name, request, message) => {
    expect(refusal(request)).toBe(`CaseError: ${message}`);
  });

  it("has a context with texts, numbers as they are written, booleans and lists of them", () => {
    const text = `{"request":{"principal":"${user}","action":"a:b","resource":"*","context":
      {"K:Text":"a","k:number":1.50,"k:bool":true,"k:list":["a",2.0,false],"k:null":null,"__proto__":"p"}},"policies":{}}`;
    const { request } = readCases(text)[0] as DecisionCase;
    expect([...request.context.entries()]).toEqual([
      ["k:text", "a"],
      ["k:number", "1.50"],
      ["k:bool", "true"],
      ["k:list", ["a", "2.0", "false"]],
      ["__proto__", "p"],
    ]);
    expect([...decision({}).request.context.entries()]).toEqual([]);
  });

  it.each([
    ["arn:aws:sqs:us-east-1:444455556666:q", user, "444455556666"],
    ["arn:aws:s3:::b/k", user, "111122223333"],
    ["arn:aws:iam::aws:policy/P", user, "111122223333"],
    ["*", user, "111122223333"],
    ["*", "sns.amazonaws.com", null],
    ["arn:aws:sqs:us-east-1:444455556666:q", "*", "444455556666"],
  ])("asks for %s by %s in account %s", (resource, principal, account) => {
    expect(resourceAccountOf(resource, principalFromArn(principal))).toBe(account);
    if (account !== null) expect(decision({ resource, principal }).request.resourceAccount).toBe(account);
    expect(decision({ resource, principal, resourceAccount: "777788889999" }).request.resourceAccount).toBe(
      "777788889999",
    );
  });
});

describe("the policies of a case", () => {
  const anyone = { Statement: { ...statement, Principal: "*" } };
  const trusting = { Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: user } } };

  it.each([
    ["sts:AssumeRole", role, "trust"],
    ["STS:assumerolewithsaml", role, "trust"],
    ["sts:TagSession", role, "trust"],
    ["sts:SetSourceIdentity", role, "trust"],
    ["sts:AssumeRole", "arn:aws:iam::111122223333:user/u", "resource"],
    ["sts:AssumeRole", "arn:aws:iam::1111222233334:role/r", "resource"],
    ["sts:AssumeRole", `x${role}`, "resource"],
    ["sts:TagSessions", role, "resource"],
    ["sts:GetFederationToken", role, "resource"],
    ["xsts:AssumeRole", role, "resource"],
    ["iam:GetRole", role, "resource"],
  ])("%s of %s asks a policy of kind %s", (action, resource, kind) => {
    expect(decision({ action, resource }, { resource: trusting }).policies.resource?.kind).toBe(kind);
    expect(decision({ action, resource }, { resource: trusting }, { kind: "trust" }).policies.resource?.kind).toBe(
      "trust",
    );
  });

  it("are known by where they stand", () => {
    const { policies } = decision(
      {},
      {
        identity: [policy, null, JSON.stringify(policy)],
        resource: anyone,
        boundaries: policy,
        session: [policy],
        scps: [{ level: "root", policies: [policy, policy] }, [policy], policy],
        rcps: { policies: anyone },
        endpoint: anyone,
      },
    );
    const shown = (list: readonly { kind: string; id?: string | undefined }[] | null | undefined) =>
      list?.map(({ kind, id }) => `${kind} ${id}`);
    expect(shown(policies.identity)).toEqual(["identity identity[0]", "identity identity[1]"]);
    expect(shown([policies.resource!])).toEqual(["resource resource"]);
    expect(shown(policies.boundaries)).toEqual(["boundary boundaries[0]"]);
    expect(shown(policies.session)).toEqual(["session session[0]"]);
    expect(policies.scps?.map(shown)).toEqual([
      ["scp scps[0][0]", "scp scps[0][1]"],
      ["scp scps[1][0]"],
      ["scp scps[2][0]"],
    ]);
    expect(policies.rcps?.map(shown)).toEqual([["rcp rcps[0][0]"]]);
    expect(shown([policies.endpoint!])).toEqual(["endpoint endpoint"]);
  });

  it("are not there where a list of them is empty", () => {
    const none = {
      identity: [],
      resource: null,
      boundaries: null,
      session: null,
      scps: null,
      rcps: null,
      endpoint: null,
    };
    expect(decision({}, {}).policies).toEqual(none);
    expect(
      decision({}, { identity: [], boundaries: [], session: [], scps: [], rcps: [], resource: null }).policies,
    ).toEqual(none);
  });

  it("are bound where principals are named, the resource's alone", () => {
    const bindings = { "0/Principal/AWS/0": "AIDA" };
    const { policies } = decision({}, { identity: [policy], resource: anyone, endpoint: anyone }, { bindings });
    expect(sourceOf(policies.resource!).bindings).toEqual(bindings);
    expect(sourceOf(policies.endpoint!).bindings).toBeUndefined();
    const asked = { action: "sts:AssumeRole", resource: role };
    expect(sourceOf(decision(asked, { resource: trusting }, { bindings }).policies.resource!).bindings).toEqual(
      bindings,
    );
    expect(sourceOf(decision({}, { resource: anyone }).policies.resource!).bindings).toBeUndefined();
  });

  it.each([
    ["policies that are a list", [], {}, "policies must be an object"],
    [
      "a level with another field",
      { scps: [{ levels: "x", policies: [] }] },
      {},
      'a level has no field "levels". Did you mean level?',
    ],
    [
      "a policy in a level that is a number",
      { rcps: [{ policies: [7] }] },
      {},
      "policies.rcps[0][0] must be a policy, as an object or as its text",
    ],
    ["bindings that are a list", {}, { bindings: [] }, "bindings must be an object"],
    ["a binding that is a number", {}, { bindings: { "0/x": 7 } }, 'bindings["0/x"] must be a string'],
    ["an expectation that is a list", {}, { expected: [] }, "expected must be a string"],
    ["a kind that is a number", {}, { kind: 7 }, "kind must be a string"],
  ])("are refused with %s", (_name, policies, more, message) => {
    expect(refusal({}, policies, more)).toBe(`CaseError: ${message}`);
  });
});

describe("a case of the grammar", () => {
  const read = (more: object) =>
    readCases(JSON.stringify({ kind: "grammar", document: policy, ...more }))[0] as GrammarCase;

  // Managed policies must say their Version (recorded by moto); inline ones, trust and session policies need not.
  it.each([
    ["CreatePolicy", "identity", true],
    ["CreatePolicyVersion", "identity", true],
    ["PutUserPolicy", "identity", false],
    ["PutRolePolicy", "identity", false],
    ["PutGroupPolicy", "identity", false],
    ["CreateRole", "trust", false],
    ["UpdateAssumeRolePolicy", "trust", false],
    ["AssumeRole", "session", false],
    ["AssumeRoleWithSAML", "session", false],
    ["AssumeRoleWithWebIdentity", "session", false],
    ["GetFederationToken", "session", false],
  ])("for %s is of kind %s", (api, kind, requireVersion) => {
    expect(read({ api })).toEqual({
      type: "grammar",
      id: "#1",
      text: JSON.stringify(policy),
      kind,
      requireVersion,
      expected: "valid",
      offset: 0,
    });
  });

  it("has a document as a value or as its text, and what AWS answers", () => {
    expect(read({ api: "CreatePolicy", document: '{"a":1' }).text).toBe('{"a":1');
    expect(read({ api: "CreatePolicy", document: null }).text).toBe("null");
    expect(read({ api: "CreatePolicy", expected: "valid" }).expected).toBe("valid");
    const expected = { code: "MalformedPolicyDocument", message: "Syntax errors in policy." };
    expect(read({ api: "CreatePolicy", expected }).expected).toEqual(expected);
    expect(grammarAnswer(read({ api: "CreatePolicy", document: "{" }))).toEqual(expected);
    expect(grammarAnswer(read({ api: "CreatePolicy" }))).toBe("valid");
  });

  it("needs a Version where the operation does", () => {
    const document = { Statement: statement };
    expect(grammarAnswer(read({ api: "PutUserPolicy", document }))).toBe("valid");
    expect(grammarAnswer(read({ api: "CreatePolicy", document }))).toMatchObject({ code: "MalformedPolicyDocument" });
  });

  it.each([
    [{ api: null }, "api is missing"],
    [{ api: 7 }, "api must be a string"],
    [{ api: "CreatePolicy", expected: "invalid" }, 'expected must be {code, message}, "valid" or null'],
    [{ api: "CreatePolicy", expected: { code: "x" } }, "expected.message is missing"],
    [{ api: "CreatePolicy", expected: { message: "x" } }, "expected.code is missing"],
  ])("is refused with %j", (more, message) => {
    expect(() => read(more)).toThrow(expect.objectContaining({ name: "CaseError", message }));
  });
});
