import { describe, expect, test } from "vitest";
import { silentLayers } from "../../../src/policy/engine/decide.ts";
import { questionOf } from "../../../src/policy/engine/evaluate.ts";
import { evaluate, explain, parse } from "../../../src/policy/index.ts";
import type { Change, CompiledPolicy, Policies } from "../../../src/policy/index.ts";
import { readLayers } from "../../../src/policy/engine/read.ts";
import { policiesOf, readCases, requestOf } from "../case-file.ts";
import type { PolicyCase } from "../case-file.ts";

const files = ["aws-docs-tables", "oidc-trust", "simulate-recorded", "engine", "disagreements"];
const cases = files.flatMap((file) => readCases(file)).filter((one) => !one.errata);

/** Case files as plain objects that changes are made to. */
type Draft = {
  request: { context: Record<string, unknown> };
  policies: Record<string, unknown>;
};
type Doc = { Statement: unknown };

describe("explain, on every case", () => {
  test("decides as evaluate does", () => {
    for (const one of cases) {
      const { decision } = explain(requestOf(one), policiesOf(one));
      expect(decision.outcome, one.id).toBe(evaluate(requestOf(one), policiesOf(one)).outcome);
    }
  });

  test("its statements are the decision's, and apply only when every part of them matched", () => {
    for (const one of cases) {
      const { decision, statements } = explain(requestOf(one), policiesOf(one));
      for (const { policy, statement } of decision.statements) {
        expect(
          statements.some(
            (of) =>
              of.policy.id === policy.id && of.policy.kind === policy.kind && of.statement === statement && of.applies,
          ),
          one.id,
        ).toBe(true);
      }
      for (const { applies, action, principal, resource, conditions } of statements) {
        const parts =
          action.matched &&
          principal?.matched !== false &&
          resource.matched &&
          conditions.every(({ matched }) => matched);
        expect(applies, one.id).toBe(parts);
      }
    }
  });

  test("blockedBy is empty exactly when the request is allowed, and begins with the layer that decided", () => {
    for (const one of cases) {
      const { decision, blockedBy } = explain(requestOf(one), policiesOf(one));
      expect(blockedBy.length === 0, one.id).toBe(decision.allowed);
      if (!decision.allowed)
        expect(blockedBy[0], one.id).toMatchObject({ layer: decision.layer, outcome: decision.outcome });
    }
  });

  test("silent layers are those that decide names first", () => {
    for (const one of cases) {
      const request = requestOf(one);
      const policies = policiesOf(one);
      const decision = evaluate(request, policies);
      if (decision.outcome === "ExplicitlyDenied" || request.action.toLowerCase() === "sts:getcalleridentity") continue;
      const silent = silentLayers(request, readLayers(questionOf(request, policies), policies));
      expect(silent[0] ?? null, one.id).toBe(decision.allowed ? null : decision.layer);
    }
  });

  test("each set of changes turns the decision when it is made", () => {
    let made = 0;
    for (const one of cases) {
      const policies = policiesOf(one);
      const { decision, changes } = explain(requestOf(one), policies);
      if (one.request.action.toLowerCase() !== "sts:getcalleridentity")
        expect(changes.length, one.id).toBeGreaterThan(0);
      for (const set of changes) {
        const changed = apply(one, policies, set);
        const then = evaluate(requestOf(changed), policiesOf(changed));
        expect(then.allowed, `${one.id}: ${set.map(({ words }) => words).join(" + ")}`).toBe(!decision.allowed);
        made++;
      }
    }
    expect(made).toBeGreaterThan(1000);
  });

  test("no set of changes contains another, and no change of a set can be left out", () => {
    for (const one of cases) {
      const policies = policiesOf(one);
      const { decision, changes } = explain(requestOf(one), policies);
      for (const set of changes) {
        for (const left of set) {
          const changed = apply(
            one,
            policies,
            set.filter((change) => change !== left),
          );
          expect(evaluate(requestOf(changed), policiesOf(changed)).allowed, `${one.id}: without ${left.words}`).toBe(
            decision.allowed,
          );
        }
      }
    }
  });
});

describe("the words", () => {
  const words = (id: string) => {
    const one = cases.find((of) => of.id === id)!;
    return explain(requestOf(one), policiesOf(one));
  };
  test.each([
    [
      "engine:deny/default",
      "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action",
    ],
    [
      "engine:deny/beats-allow",
      "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in an identity-based policy",
    ],
    [
      "engine:boundary/intersects",
      "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no permissions boundary allows the s3:GetObject action",
    ],
    [
      "engine:scp/deny-anywhere",
      "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a service control policy",
    ],
    [
      "engine:root/own-account",
      "arn:aws:iam::111122223333:root is authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because the root user has full access to its account",
    ],
    [
      "engine:get-caller-identity/plain",
      "arn:aws:iam::111122223333:user/ann is authorized to perform: sts:GetCallerIdentity because the action needs no permissions",
    ],
    [
      "engine:resource/in-account-suffices",
      "arn:aws:iam::111122223333:user/ann is authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because statement 0 of resource-based policy resource allows it",
    ],
    [
      "engine:cross-account/root-is-allowed-by-its-account",
      "arn:aws:iam::111122223333:root is authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because statement 0 of resource-based policy resource allows it",
    ],
  ])("%s", (id, summary) => {
    expect(words(id).summary).toBe(summary);
  });

  test("a condition says what was wanted and what was seen", () => {
    expect(words("engine:StringEquals/differs").statements[0]!.words).toBe(
      'statement 0 of identity-based policy identity[0] does not apply: StringEquals k:v a is false: the request has "A"',
    );
    expect(words("engine:StringEquals/missing").statements[0]!.conditions[0]).toMatchObject({
      missing: true,
      seen: null,
      matched: false,
    });
  });

  test("a key that would help is proposed with its value", () => {
    const { changes } = words("engine:trust/external-id-missing");
    expect(changes[0]).toMatchObject([{ type: "SetContext", key: "sts:ExternalId", value: "x", seen: null }]);
  });

  test("a statement that fails in one part is named", () => {
    const { changes } = words("engine:action/question-is-one");
    const [change] = changes[0]!;
    expect(change).toMatchObject({ type: "AddStatement", layer: "identity", nearest: { part: "action" } });
  });

  test("SCPs say which levels are silent", () => {
    expect(words("engine:scp/one-level-silent").blockedBy).toMatchObject([
      { layer: "scp", outcome: "ImplicitlyDenied", levels: [1] },
    ]);
  });

  test("JSON has the changes too", () => {
    expect(JSON.parse(JSON.stringify(words("engine:deny/default")))).toHaveProperty("changes.0.0.type", "AddStatement");
  });
});

/** Makes the changes to the case as it stands in its file. */
function apply(one: PolicyCase, policies: Policies, changes: readonly Change[]): PolicyCase {
  const draft = structuredClone(one) as unknown as Draft;
  draft.request.context ??= {};
  const removed: [doc: Doc, statement: number][] = [];
  for (const change of changes) {
    if (change.type === "SetContext") {
      for (const key of Object.keys(draft.request.context))
        if (key.toLowerCase() === change.key.toLowerCase()) delete draft.request.context[key];
      draft.request.context[change.key] = change.value;
    } else if (change.type === "RemoveStatement") {
      removed.push([docOf(draft, policies, change.place.policy, change.place.level), change.place.statement]);
    } else if (change.policy !== null) addTo(docOf(draft, policies, change.policy, change.level), change.statement);
    else addAnew(draft, change);
  }
  for (const [doc, index] of removed.sort((a, b) => b[1] - a[1])) (doc.Statement as unknown[]).splice(index, 1);
  return draft as unknown as PolicyCase;
}

function addTo(doc: Doc, statement: object): void {
  (doc.Statement as unknown[]).push(statement);
}

function addAnew(draft: Draft, { layer, level, statement }: Extract<Change, { type: "AddStatement" }>): void {
  const doc = { Version: "2012-10-17", Statement: [statement] };
  const { policies } = draft;
  if (layer === "resource" || layer === "trust") policies["resource"] = doc;
  else if (layer === "endpoint") policies["endpoint"] = doc;
  else if (layer === "scp") {
    const levels = (policies["scps"] ??= []) as { policies: unknown[] }[];
    if (level === null) levels.push({ policies: [doc] });
    else levels[level]!.policies.push(doc);
  } else {
    const list = layer === "boundary" ? "boundaries" : layer;
    policies[list] = [...((policies[list] as unknown[] | null | undefined) ?? []), doc];
  }
}

/** The document that a compiled policy was made of, with its statements as a list. */
function docOf(draft: Draft, policies: Policies, policy: CompiledPolicy, level: number | null): Doc {
  const find = (holder: Record<string | number, unknown>, key: string | number): Doc => {
    const source = holder[key];
    const doc = (typeof source === "string" ? JSON.parse(source) : source) as Doc;
    holder[key] = doc;
    if (!Array.isArray(doc.Statement)) doc.Statement = [doc.Statement];
    return doc;
  };
  const raw = draft.policies;
  const inLevel = (levels: readonly (readonly CompiledPolicy[])[], of: unknown): Doc => {
    const one = (of as unknown[])[level!] as { policies?: unknown[] };
    return one.policies === undefined
      ? find(of as Record<number, unknown>, level!)
      : find(one.policies as never, levels[level!]!.indexOf(policy));
  };
  switch (policy.kind) {
    case "identity":
      return find(raw["identity"] as never, policies.identity.indexOf(policy));
    case "boundary":
      return find(raw["boundaries"] as never, policies.boundaries!.indexOf(policy));
    case "session":
      return find(raw["session"] as never, policies.session!.indexOf(policy));
    case "scp":
      return inLevel(policies.scps!, raw["scps"]);
    case "rcp":
      return inLevel(policies.rcps!, raw["rcps"]);
    case "endpoint":
      return find(raw, "endpoint");
    case "resource":
    case "trust":
      return find(raw, "resource");
  }
}

test("every document of the cases is one that parse takes", () => {
  for (const one of cases)
    for (const source of one.policies.identity ?? [])
      parse(typeof source === "string" ? source : JSON.stringify(source));
});
