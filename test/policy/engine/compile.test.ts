import { describe, expect, test } from "vitest";
import { baseOperators, operatorOf } from "../../../src/policy/match/operator.ts";
import {
  compile,
  contextOf,
  evaluate,
  PolicyCompileError,
  PolicySyntaxError,
  principalFromArn,
} from "../../../src/policy/index.ts";
import { sourceOf } from "../../../src/policy/engine/compiled.ts";
import { parse } from "../../../src/policy/document/parse.ts";
import type { CompiledPolicy, Policies, PolicyKind, Request, Statement } from "../../../src/policy/index.ts";

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
  test.each<[string, PolicyKind, object, string]>([
    [
      "an unknown operator",
      "identity",
      { ...allow, Condition: { StringSortOf: { "k:v": "a" } } },
      'there is no condition operator "StringSortOf"',
    ],
    [
      "NullIfExists",
      "identity",
      { ...allow, Condition: { NullIfExists: { "k:v": "true" } } },
      'there is no condition operator "NullIfExists"',
    ],
    [
      "ForAllValues:NullIfExists",
      "identity",
      { ...allow, Condition: { "ForAllValues:NullIfExists": { "k:v": "true" } } },
      'there is no condition operator "ForAllValues:NullIfExists"',
    ],
    [
      "two quantifiers",
      "identity",
      { ...allow, Condition: { "ForAllValues:ForAnyValue:StringEquals": { "k:v": "a" } } },
      'there is no condition operator "ForAllValues:ForAnyValue:StringEquals"',
    ],
    [
      "IfExists twice",
      "identity",
      { ...allow, Condition: { StringEqualsIfExistsIfExists: { "k:v": "a" } } },
      'there is no condition operator "StringEqualsIfExistsIfExists"',
    ],
    ...(["identity", "boundary", "session", "scp", "rcp", "endpoint"] as const).map(
      (kind): [string, PolicyKind, object, string] => [
        `no Resource in a policy of kind ${kind}`,
        kind,
        { Effect: "Allow", Action: "*" },
        "needs Resource or NotResource",
      ],
    ),
    ...(["identity", "boundary", "session", "scp"] as const).flatMap((kind): [string, PolicyKind, object, string][] => [
      [
        `Principal in a policy of kind ${kind}`,
        kind,
        { ...allow, Principal: "*" },
        `a policy of kind ${kind} cannot name a principal`,
      ],
      [
        `NotPrincipal in a policy of kind ${kind}`,
        kind,
        { ...allow, Effect: "Deny", NotPrincipal: "*" },
        `a policy of kind ${kind} cannot name a principal`,
      ],
    ]),
    ["no Principal in a resource policy", "resource", allow, "needs Principal or NotPrincipal"],
    [
      "no Principal in a trust policy",
      "trust",
      { Effect: "Allow", Action: "sts:AssumeRole" },
      "needs Principal or NotPrincipal",
    ],
    ["every service", "resource", { ...allow, Principal: { Service: "*" } }, 'Service cannot be "*"'],
    [
      "every identity provider",
      "trust",
      { Effect: "Allow", Action: "sts:*", Principal: { Federated: ["a.example", "*"] } },
      'Federated cannot be "*"',
    ],
    [
      "all but every service",
      "resource",
      { ...allow, Effect: "Deny", NotPrincipal: { Service: "*" } },
      'Service cannot be "*"',
    ],
    [
      "NotPrincipal with Allow",
      "resource",
      { ...allow, NotPrincipal: { AWS: user } },
      "NotPrincipal works with Deny only",
    ],
  ])("%s", (_, kind, statement, message) => {
    expect(() => compile(text(statement), kind)).toThrow(new PolicyCompileError(0, message));
  });

  // The parser refuses these as well; a document need not come from it.
  const base: Statement = { sid: undefined, effect: "Allow", action: ["*"], resource: ["*"] };
  test.each<[string, PolicyKind, Statement, string]>([
    ["no Action", "identity", { sid: undefined, effect: "Allow", resource: ["*"] }, "needs either Action or NotAction"],
    ["Action and NotAction", "identity", { ...base, notAction: ["s3:*"] }, "needs either Action or NotAction"],
    ["Resource and NotResource", "identity", { ...base, notResource: ["*"] }, "has both Resource and NotResource"],
    [
      "Principal and NotPrincipal",
      "resource",
      { ...base, effect: "Deny", principal: "*", notPrincipal: "*" },
      "has both Principal and NotPrincipal",
    ],
    ["another effect", "identity", { ...base, effect: "Maybe" as "Deny" }, "Effect must be Allow or Deny"],
  ])("a document with %s", (_, kind, statement, message) => {
    expect(() => compile({ version: "2012-10-17", id: undefined, statements: [statement] }, kind)).toThrow(
      new PolicyCompileError(0, message),
    );
  });

  test("text that is no policy", () => {
    expect(() => compile("{", "identity")).toThrow(PolicySyntaxError);
  });

  test("and says which statement it was", () => {
    const source = JSON.stringify({ Statement: [allow, { ...allow, Condition: { Nonsense: { "k:v": "a" } } }] });
    const refused = { name: "PolicyCompileError", statement: 1 };
    expect(() => compile(source, "identity")).toThrow(expect.objectContaining(refused));
    expect(() => compile(source, "identity")).toThrow('Statement 1: there is no condition operator "Nonsense"');
  });
});

test("there are 26 base operators and Null, and IfExists on all but Null", () => {
  expect(baseOperators).toHaveLength(27);
  for (const name of baseOperators) {
    expect(operatorOf(name), name).not.toBeNull();
    expect(operatorOf(`${name}IfExists`) !== null, name).toBe(name !== "Null");
    expect(operatorOf(`ForAnyValue:${name}`), name).not.toBeNull();
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

  test("gives back its document and bindings", () => {
    const bindings = { "0/Principal/AWS/0": "AIDAAAAAAAAAAAAAAAAA2" };
    const source = text({ ...allow, Principal: { AWS: user } });
    const policy = compile(source, "resource", { bindings });
    expect(sourceOf(policy)).toEqual({ document: parse(source), bindings });
    expect(sourceOf(compile(source, "resource")).bindings).toBeUndefined();
    expect(() => sourceOf({ ...policy })).toThrow(new TypeError("not a policy made by compile()"));
  });

  test("bound to an id that is not known names nobody, not those whose id is not known either", () => {
    const source = text({ ...allow, Principal: { AWS: [user, ""] } });
    const bindings = { "0/Principal/AWS/0": "", "0/Principal/AWS/1": "" };
    const policies = { identity: [], resource: compile(source, "resource", { bindings }) };
    expect(request.principal).toMatchObject({ id: "" });
    expect(evaluate(request, policies).allowed).toBe(false);
  });

  // An RCP or endpoint policy has to have a Principal to be stored; one that was put into a request without means everyone.
  test.each(["rcp", "endpoint"] as const)("of kind %s without Principal means everyone", (kind) => {
    const denies = compile(text({ ...allow, Effect: "Deny" }), kind);
    const grants = compile(text(allow), "identity");
    const policies = { identity: [grants], ...(kind === "rcp" ? { rcps: [[denies]] } : { endpoint: denies }) };
    expect(evaluate(request, policies)).toMatchObject({ outcome: "ExplicitlyDenied", layer: kind });
  });

  // reference_policies_elements_resource: "in some resource-based policies the element is optional".
  test("of a resource may leave out which resource it speaks of", () => {
    const resource = compile(text({ Effect: "Allow", Action: "*", Principal: { AWS: user } }), "resource");
    expect(evaluate(request, { identity: [], resource }).allowed).toBe(true);
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
    // Before and after it has been read where it belongs.
    for (const round of [1, 2]) {
      for (const policies of places)
        expect(() => evaluate(request, policies), String(round)).toThrow(/^a policy of kind/);
      expect(evaluate(request, { identity: [identity] }).allowed).toBe(true);
    }
    expect(() => evaluate(request, places[0]!)).toThrow(
      new TypeError("a policy of kind identity stands where resource is wanted"),
    );
  });

  test("is what compile made, nothing that looks like it", () => {
    const forged: CompiledPolicy = { kind: "identity", id: undefined, size: 1 };
    expect(() => evaluate(request, { identity: [forged] })).toThrow(new TypeError("not a policy made by compile()"));
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
  const long = "x".repeat(256 * 1024);
  const documentOf = (resource: string) => sourceOf(compile(text({ ...allow, Resource: resource }), "scp")).document;
  // A text beyond the whole bound pushes nothing out, and is not kept.
  const first = documentOf("one");
  const second = documentOf("two");
  const huge = long.repeat(5);
  expect(documentOf(huge)).not.toBe(documentOf(huge));
  expect(documentOf("two")).toBe(second);
  // What is used stays, however many others come; what is not goes.
  for (let index = 0; index < 20; index++) {
    documentOf(`${index}${long}`);
    expect(documentOf("one")).toBe(first);
  }
  expect(documentOf("two")).not.toBe(second);
  // Short patterns take a hundred times their text: they are counted as what they become.
  const third = documentOf("three");
  for (let index = 0; index < 40; index++) {
    const list = Array.from({ length: 200 }, (_, at) => `${at}*${index}`);
    compile(text({ ...allow, Resource: list }), "scp");
  }
  expect(documentOf("three")).not.toBe(third);
  for (let index = 0; index < 3; index++) {
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
