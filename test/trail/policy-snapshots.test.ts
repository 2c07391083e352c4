import { expect, it } from "vitest";
import { compile, contextOf, evaluate, principalFromArn, sourceOf } from "../../src/policy/index.ts";
import type { CompiledPolicy, Policies } from "../../src/policy/index.ts";
import { hashesIn, recalledPolicies, recordPolicies } from "../../src/trail/policy-snapshots.ts";

const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };
const text = (more: object = {}): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...more }] });

const policies: Policies = {
  identity: [compile(text(), "identity", { id: "own" }), compile(text({ Sid: "Again" }), "identity")],
  resource: compile(text({ Principal: { AWS: "arn:aws:iam::111122223333:user/ann" } }), "resource", {
    id: "bucket",
    bindings: { "0/Principal/AWS/0": "AIDAANN" },
  }),
  boundaries: [compile(text(), "boundary")],
  session: [],
  scps: [[compile(text(), "scp", { id: "root" })], []],
  rcps: null,
  endpoint: compile(text({ Principal: "*" }), "endpoint"),
};

it("policies that were recorded come back the same", () => {
  const documents = new Map<string, string>();
  const recorded = recordPolicies(policies, documents);
  expect(new Set(hashesIn(recorded))).toEqual(new Set(documents.keys()));
  const again = recalledPolicies(JSON.parse(JSON.stringify(recorded)) as typeof recorded, documents);
  expect(shown(again!)).toEqual(shown(policies));
  const request = {
    principal: { type: "User", account: "111122223333", arn: "arn:aws:iam::111122223333:user/ann", id: "AIDAANN" },
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/k",
    resourceAccount: "111122223333",
    context: contextOf({}),
  } as const;
  for (const principal of [request.principal, principalFromArn("arn:aws:iam::111122223333:user/ann")]) {
    const [one, two] = [policies, again!].map((judges) => evaluate({ ...request, principal }, judges));
    expect(two).toMatchObject({ outcome: one!.outcome, layer: one!.layer });
  }
});

it("a document is referred to once, whoever has it, and without it there are no policies", () => {
  const documents = new Map<string, string>();
  const recorded = recordPolicies(
    { identity: [compile(text(), "identity"), compile(text(), "identity", { id: "b" })] },
    documents,
  );
  expect(documents.size).toBe(1);
  expect(recalledPolicies(recorded, documents)).not.toBeNull();
  expect(recalledPolicies(recorded, new Map())).toBeNull();
});

function shown(value: Policies): unknown {
  const one = (policy: CompiledPolicy) => ({ kind: policy.kind, id: policy.id, ...sourceOf(policy) });
  return JSON.parse(
    JSON.stringify({
      ...value,
      identity: value.identity.map(one),
      resource: value.resource ? one(value.resource) : null,
      boundaries: value.boundaries?.map(one),
      session: value.session?.map(one),
      scps: value.scps?.map((level) => level.map(one)),
      endpoint: value.endpoint ? one(value.endpoint) : null,
    }),
  );
}
