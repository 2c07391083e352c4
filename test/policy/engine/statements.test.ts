import { describe, expect, test } from "vitest";
import { compile, contextOf, evaluate, principalFromArn } from "../../../src/policy/index.ts";
import type { Policies, PolicyKind } from "../../../src/policy/index.ts";

/**
 * What a decision names as its ground: the statements that made it, as SimulatePrincipalPolicy gives them in
 * MatchedStatements, and none for an implicit denial, which is that nothing matched.
 */
const account = "111122223333";
const user = `arn:aws:iam::${account}:user/ann`;
const other = "arn:aws:iam::444455556666:user/bob";

function policy(kind: PolicyKind, ...statements: object[]) {
  return compile(JSON.stringify({ Version: "2012-10-17", Statement: statements }), kind);
}
const named = (kind: PolicyKind) => (["resource", "trust", "endpoint", "rcp"].includes(kind) ? { Principal: "*" } : {});
const allow = (sid: string, more: object = {}) => ({ Sid: sid, Effect: "Allow", Action: "*", Resource: "*", ...more });
const deny = (sid: string, more: object = {}) => ({ ...allow(sid, more), Effect: "Deny" });
const never = { Action: "sqs:*" };

interface Row {
  readonly principal?: string;
  readonly action?: string;
  readonly policies: Policies;
  /** Layer of the decision and sids, in the order of the policies. */
  readonly expected: readonly [string | null, ...string[]];
}

const rows: Record<string, Row> = {
  "a grant of the caller's own policies, with each statement that grants": {
    policies: {
      identity: [policy("identity", allow("a"), allow("no", never), allow("b")), policy("identity", allow("c"))],
    },
    expected: ["identity", "a", "b", "c"],
  },
  "a grant to the very user, which needs nothing else": {
    policies: {
      identity: [policy("identity", allow("own"))],
      resource: policy("resource", allow("r", { Principal: { AWS: user } }), allow("s", { Principal: "*" })),
    },
    expected: ["resource", "r", "s"],
  },
  "a grant to the account, which both sides make": {
    policies: {
      identity: [policy("identity", allow("own"))],
      resource: policy("resource", allow("r", { Principal: { AWS: account } })),
    },
    expected: ["identity", "own", "r"],
  },
  "a grant across accounts, which both sides make": {
    principal: other,
    policies: {
      identity: [policy("identity", allow("own"))],
      resource: policy("resource", allow("r", { Principal: { AWS: other } })),
    },
    expected: ["identity", "own", "r"],
  },
  "the root user, who needs no policy": {
    principal: `arn:aws:iam::${account}:root`,
    policies: { identity: [] },
    expected: [null],
  },
  "the root user, by a statement nobody needs": {
    principal: `arn:aws:iam::${account}:root`,
    policies: { identity: [policy("identity", allow("own"))] },
    expected: [null],
  },
  "another account's root user, by the resource's policy": {
    principal: "arn:aws:iam::444455556666:root",
    policies: { identity: [], resource: policy("resource", allow("r", { Principal: { AWS: "444455556666" } })) },
    expected: ["resource", "r"],
  },
  "GetCallerIdentity, which no policy grants or takes away": {
    action: "sts:GetCallerIdentity",
    policies: { identity: [policy("identity", deny("no"))] },
    expected: [null],
  },
  nothing: { policies: { identity: [policy("identity", allow("no", never))] }, expected: ["identity"] },
  "a boundary that does not allow": {
    policies: {
      identity: [policy("identity", allow("own"))],
      boundaries: [policy("boundary", allow("no", never))],
    },
    expected: ["boundary"],
  },
  "an account that is named, whose user has no policy": {
    policies: { identity: [], resource: policy("resource", allow("r", { Principal: { AWS: account } })) },
    expected: ["identity"],
  },
  "a role that is named, whose boundary does not allow": {
    principal: `arn:aws:iam::${account}:role/r`,
    policies: {
      identity: [policy("identity", allow("own"))],
      resource: policy("resource", allow("r", { Principal: { AWS: `arn:aws:iam::${account}:role/r` } })),
      boundaries: [policy("boundary", allow("no", never))],
    },
    expected: ["boundary"],
  },
  "denies, all of the layer that denies first": {
    policies: {
      identity: [policy("identity", allow("own"), deny("x"), deny("no", never)), policy("identity", deny("y"))],
      session: [policy("session", deny("later"))],
    },
    expected: ["identity", "x", "y"],
  },
};
// In the order in which the layers are read; what a layer after the first denies is not the ground.
for (const kind of ["rcp", "scp", "trust", "resource", "boundary", "session", "endpoint"] as const) {
  const there = policy(kind, allow("no", named(kind)), deny("d", named(kind)));
  const field = { boundary: "boundaries", rcp: "rcps", scp: "scps" }[kind as string] ?? kind;
  const value =
    kind === "rcp" || kind === "scp" ? [[there]] : kind === "boundary" || kind === "session" ? [there] : there;
  const later = { endpoint: policy("endpoint", deny("later", { Principal: "*" })) };
  rows[`a deny of kind ${kind}`] = {
    policies: {
      identity: [policy("identity", allow("own"))],
      ...later,
      [kind === "trust" ? "resource" : field]: value,
    },
    expected: [kind, "d"],
  };
}

describe("a decision names the statements of", () => {
  test.each(Object.entries(rows))("%s", (_name, { principal, action, policies, expected }) => {
    const request = {
      principal: principalFromArn(principal ?? user),
      action: action ?? "s3:GetObject",
      resource: "arn:aws:s3:::b/k",
      resourceAccount: account,
      context: contextOf({}),
    };
    const { layer, statements } = evaluate(request, policies);
    expect([layer, ...statements.map(({ sid }) => sid)]).toEqual(expected);
  });
});

test("a statement is named by its layer, its policy and its place there", () => {
  const own = policy("identity", allow("a", never), { ...allow("b"), Sid: undefined });
  const request = {
    principal: principalFromArn(user),
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/k",
    resourceAccount: account,
    context: contextOf({}),
  };
  const { statements } = evaluate(request, { identity: [own] });
  expect(statements).toEqual([{ layer: "identity", policy: own, statement: 1, sid: undefined }]);
});
