import { describe, expect, test } from "vitest";
import { baseOperators, operatorOf } from "../../src/policy/operator.ts";
import {
  compile,
  contextOf,
  evaluate,
  PolicyCompileError,
  PolicySyntaxError,
  principalFromArn,
} from "../../src/policy/index.ts";
import type { CompiledPolicy, Policies, PolicyKind, Request, Statement } from "../../src/policy/index.ts";

const user = "arn:aws:iam::111122223333:user/ann";
const request: Request = {
  principal: principalFromArn(user),
  action: "s3:GetObject",
  resource: "arn:aws:s3:::b/k",
  resourceAccount: "111122223333",
  context: contextOf({}),
};

function text(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

const allow = { Effect: "Allow", Action: "*", Resource: "*" };

describe("compile refuses what it could not enforce", () => {
  test.each<[string, PolicyKind, object]>([
    ["an unknown operator", "identity", { ...allow, Condition: { StringSortOf: { "k:v": "a" } } }],
    ["NullIfExists", "identity", { ...allow, Condition: { NullIfExists: { "k:v": "true" } } }],
    ["ForAllValues:Null", "identity", { ...allow, Condition: { "ForAllValues:Null": { "k:v": "true" } } }],
    [
      "two quantifiers",
      "identity",
      { ...allow, Condition: { "ForAllValues:ForAnyValue:StringEquals": { "k:v": "a" } } },
    ],
    ["IfExists twice", "identity", { ...allow, Condition: { StringEqualsIfExistsIfExists: { "k:v": "a" } } }],
    ["no Resource", "identity", { Effect: "Allow", Action: "*" }],
    ["Principal in an identity policy", "identity", { ...allow, Principal: "*" }],
    ["Principal in a boundary", "boundary", { ...allow, Principal: "*" }],
    ["Principal in a session policy", "session", { ...allow, Principal: "*" }],
    ["Principal in an SCP", "scp", { ...allow, Principal: "*" }],
    ["no Principal in a resource policy", "resource", allow],
    ["no Principal in a trust policy", "trust", { Effect: "Allow", Action: "sts:AssumeRole" }],
    ["every service", "resource", { ...allow, Principal: { Service: "*" } }],
    [
      "every identity provider",
      "trust",
      { Effect: "Allow", Action: "sts:*", Principal: { Federated: ["a.example", "*"] } },
    ],
    ["all but every service", "resource", { ...allow, Effect: "Deny", NotPrincipal: { Service: "*" } }],
    ["NotPrincipal with Allow", "resource", { ...allow, NotPrincipal: { AWS: user } }],
  ])("%s", (_, kind, statement) => {
    expect(() => compile(text(statement), kind)).toThrow(PolicyCompileError);
  });

  // The parser refuses these as well; a document need not come from it.
  const base: Statement = { sid: undefined, effect: "Allow", action: ["*"], resource: ["*"] };
  test.each<[string, PolicyKind, Statement]>([
    ["no Action", "identity", { sid: undefined, effect: "Allow", resource: ["*"] }],
    ["Action and NotAction", "identity", { ...base, notAction: ["s3:*"] }],
    ["Resource and NotResource", "identity", { ...base, notResource: ["*"] }],
    ["Principal and NotPrincipal", "resource", { ...base, effect: "Deny", principal: "*", notPrincipal: "*" }],
    ["another effect", "identity", { ...base, effect: "Maybe" as "Deny" }],
  ])("a document with %s", (_, kind, statement) => {
    expect(() => compile({ version: "2012-10-17", id: undefined, statements: [statement] }, kind)).toThrow(
      PolicyCompileError,
    );
  });

  test("text that is no policy", () => {
    expect(() => compile("{", "identity")).toThrow(PolicySyntaxError);
  });

  test("and says which statement it was", () => {
    const source = JSON.stringify({ Statement: [allow, { ...allow, Condition: { Nonsense: { "k:v": "a" } } }] });
    expect(() => compile(source, "identity")).toThrow('Statement 1: there is no condition operator "Nonsense"');
  });
});

test("there are 26 base operators and Null, and IfExists on all but Null", () => {
  expect(baseOperators).toHaveLength(27);
  for (const name of baseOperators) {
    expect(operatorOf(name), name).not.toBeNull();
    expect(operatorOf(`${name}IfExists`) !== null, name).toBe(name !== "Null");
    expect(operatorOf(`ForAnyValue:${name}`) !== null, name).toBe(name !== "Null");
  }
});

describe("a compiled policy", () => {
  test("has kind, id and size", () => {
    const policy = compile(text(allow), "identity", { id: "arn:aws:iam::aws:policy/P" });
    expect(policy).toMatchObject({ kind: "identity", id: "arn:aws:iam::aws:policy/P", size: 1 });
  });

  test("shares its compiled form with others of the same text, and keeps its own id", () => {
    const [one, other] = ["one", "other"].map((id) => compile(text(allow), "identity", { id }));
    expect(evaluate(request, { identity: [one!] }).statements[0]!.policy).toBe(one);
    expect(evaluate(request, { identity: [other!] }).statements[0]!.policy).toBe(other);
  });

  test("of one text and two kinds is two policies", () => {
    expect(compile(text(allow), "boundary").kind).toBe("boundary");
    expect(compile(text(allow), "session").kind).toBe("session");
    expect(() => compile(text(allow), "resource")).toThrow(PolicyCompileError);
  });

  test("with bindings does not lend them to others of the same text", () => {
    const source = text({ ...allow, Principal: { AWS: user } });
    const bound = compile(source, "resource", { bindings: { "0/Principal/AWS/0": "AIDAAAAAAAAAAAAAAAAA2" } });
    const free = compile(source, "resource");
    expect(evaluate(request, { identity: [], resource: bound }).allowed).toBe(false);
    expect(evaluate(request, { identity: [], resource: free }).allowed).toBe(true);
  });

  test("stands only where its kind belongs: one without principals would grant to everyone", () => {
    const identity = compile(text(allow), "identity");
    const places: Policies[] = [
      { identity: [], resource: identity },
      { identity: [], endpoint: identity },
      { identity: [], rcps: [[identity]] },
      { identity: [], scps: [[identity]] },
      { identity: [], boundaries: [identity] },
      { identity: [], session: [identity] },
      { identity: [compile(text(allow), "session")] },
    ];
    for (const policies of places) expect(() => evaluate(request, policies)).toThrow(TypeError);
  });

  test("is what compile made, nothing that looks like it", () => {
    const forged: CompiledPolicy = { kind: "identity", id: undefined, size: 1 };
    expect(() => evaluate(request, { identity: [forged] })).toThrow(TypeError);
  });
});

test("policies are known by their members, however the list changes", () => {
  const [grants, denies] = [compile(text(allow), "identity"), compile(text({ ...allow, Effect: "Deny" }), "identity")];
  const list = [grants];
  expect(evaluate(request, { identity: list }).allowed).toBe(true);
  list.push(denies);
  expect(evaluate(request, { identity: list }).outcome).toBe("ExplicitlyDenied");
  list.pop();
  expect(evaluate(request, { identity: list }).allowed).toBe(true);
});

test("callers who share their first policy are kept apart", () => {
  const shared = compile(text({ ...allow, Action: "sqs:*" }), "identity");
  for (let index = 0; index < 20; index++) {
    const own = compile(text({ ...allow, Sid: `s${index}`, Effect: index % 2 === 0 ? "Allow" : "Deny" }), "identity");
    expect(evaluate(request, { identity: [shared, own] }).outcome).toBe(
      index % 2 === 0 ? "Allowed" : "ExplicitlyDenied",
    );
    expect(evaluate(request, { identity: [shared] }).outcome).toBe("ImplicitlyDenied");
  }
});

test("the cache of compiled texts stays bounded and right", () => {
  const long = "x".repeat(1024 * 1024);
  for (let index = 0; index < 12; index++) {
    const policy = compile(text({ ...allow, Resource: `arn:aws:s3:::${index}/${long}` }), "identity");
    const asked = { ...request, resource: `arn:aws:s3:::${index}/${long}` };
    expect(evaluate(asked, { identity: [policy] }).allowed).toBe(true);
    expect(evaluate({ ...asked, resource: `arn:aws:s3:::${index + 1}/${long}` }, { identity: [policy] }).allowed).toBe(
      false,
    );
  }
});

test("memories stay bounded and right when actions never repeat", () => {
  const identity = [compile(text({ ...allow, Action: "s3:*7" }), "identity")];
  for (let index = 0; index < 140_000; index++) {
    if (index > 10_000 && index < 130_000) {
      evaluate({ ...request, action: `s3:Op${index}` }, { identity });
      continue;
    }
    expect(evaluate({ ...request, action: `s3:Op${index}` }, { identity }).allowed).toBe(index % 10 === 7);
  }
});
