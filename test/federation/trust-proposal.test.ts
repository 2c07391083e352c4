/** The narrowest trust policy for a proof: what it says, that IAM takes it, and that it lets in whom it is for. */
import { describe, expect, test } from "vitest";
import { proposedTrust } from "../../src/federation/trust-proposal.ts";
import { checkGrammar, compile, contextOf, evaluate } from "../../src/policy/index.ts";
import type { ContextValue } from "../../src/policy/index.ts";
import type { FederatedSubject } from "../../src/session/actor.ts";
import { casesIn } from "../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly source: string;
  readonly kind: FederatedSubject["kind"];
  readonly provider: string;
  readonly claims: Record<string, ContextValue>;
  readonly tags: readonly { readonly key: string; readonly value: string; readonly transitive: boolean }[];
  readonly sourceIdentity: string | null;
  readonly condition: object;
}

const account = "111122223333";

function subjectOf({ kind, provider, claims, tags, sourceIdentity }: Case): FederatedSubject {
  const principal = { type: kind === "saml" ? "SAML" : "WebIdentity", provider, account };
  const asserted = { tags, sourceIdentity: sourceIdentity ?? undefined, longest: undefined, lasting: {} };
  return {
    kind,
    principal,
    account,
    partition: "aws",
    entity: null,
    session: null,
    tags: [],
    claims,
    asserted,
  } as never;
}

/** The decision about the call, and about tags and source identity where there are some. */
function outcomes(one: Case, policy: string, changed: Record<string, ContextValue> = {}): readonly string[] {
  const { asserted, claims, principal } = subjectOf(one);
  const own = {
    ...claims,
    ...(asserted.tags.length > 0 ? { "aws:TagKeys": asserted.tags.map(({ key }) => key) } : {}),
    ...(asserted.sourceIdentity === undefined ? {} : { "sts:SourceIdentity": asserted.sourceIdentity }),
    ...changed,
  };
  const context = contextOf(Object.fromEntries(Object.entries(own).map(([key, value]) => [key.toLowerCase(), value])));
  const actions = [
    one.kind === "saml" ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity",
    ...(asserted.tags.length > 0 ? ["sts:TagSession"] : []),
    ...(asserted.sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
  const resource = `arn:aws:iam::${account}:role/r`;
  const policies = { identity: [], resource: compile(policy, "trust") };
  return actions.map(
    (action) => evaluate({ principal, action, resource, resourceAccount: account, context }, policies).outcome,
  );
}

describe.each(casesIn<Case>("federation/trust-proposals.jsonl"))("$name", (one) => {
  const proposed = proposedTrust(subjectOf(one)) as { Statement: [{ Condition: object }] };
  const text = JSON.stringify(proposed);

  test("tests what tells it from others", () => {
    expect(proposed.Statement[0].Condition).toEqual(one.condition);
  });

  test("is taken, and lets it in", () => {
    checkGrammar(text, "trust", { partitions: ["aws"] });
    expect(new Set(outcomes(one, text))).toEqual(new Set(["Allowed"]));
  });

  test("lets in nobody else of that provider", () => {
    const { StringEquals: equals } = one.condition as { StringEquals: Record<string, string> };
    for (const key of Object.keys(equals)) {
      const [decided] = outcomes(one, text, { [key]: `${equals[key]!.replaceAll("${$}{", "${")}-other` });
      expect(decided, key).toBe("ImplicitlyDenied");
    }
  });
});
