import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compile, contextOf, evaluate, principalFromArn, sourceOf } from "../../src/policy/index.ts";
import type { CompiledPolicy, Policies } from "../../src/policy/index.ts";
import { PolicySnapshots, recalledPolicies, recordPolicies } from "../../src/trail/policy-snapshots.ts";

const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };
const text = (more: object = {}): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...more }] });

const directory = mkdtempSync(join(tmpdir(), "rolecall-snapshots-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

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

describe.each([
  ["in memory", null],
  ["on disk", directory],
])("policy snapshots %s", (_name, trail) => {
  it("give back the same policies", async () => {
    const documents = new Map<string, string>();
    const recorded = recordPolicies(policies, documents);
    const kept = new PolicySnapshots(trail);
    await kept.keep(documents);
    // A restart knows nothing of what was written.
    const reader = trail === null ? kept : new PolicySnapshots(trail);
    const again = await recalledPolicies(JSON.parse(JSON.stringify(recorded)) as typeof recorded, reader);
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

  it("say when a document is not kept", async () => {
    const recorded = recordPolicies({ identity: [compile(text({ Sid: "Lost" }), "identity")] }, new Map());
    expect(await recalledPolicies(recorded, new PolicySnapshots(trail))).toBeNull();
  });
});

describe("policy snapshots", () => {
  it("keep a document once, whoever has it", async () => {
    const documents = new Map<string, string>();
    recordPolicies({ identity: [compile(text(), "identity"), compile(text(), "identity", { id: "b" })] }, documents);
    expect(documents.size).toBe(1);
    const kept = new PolicySnapshots(directory);
    const before = readdirSync(join(directory, "private", "policies"));
    await kept.keep(documents);
    expect(readdirSync(join(directory, "private", "policies"))).toEqual(before);
  });

  it("refuse a document that was changed, and a name that is none", async () => {
    const documents = new Map<string, string>();
    const recorded = recordPolicies({ identity: [compile(text({ Sid: "Changed" }), "identity")] }, documents);
    const kept = new PolicySnapshots(directory);
    await kept.keep(documents);
    writeFileSync(join(directory, "private", "policies", `${[...documents.keys()][0]}.json`), text());
    await expect(recalledPolicies(recorded, kept)).rejects.toThrow("was changed");
    await expect(kept.document("../../master")).rejects.toThrow("is not the name of a policy document");
  });

  it("bound what they keep in memory", async () => {
    const kept = new PolicySnapshots(null);
    const hash = (index: number): string => index.toString(16).padStart(64, "0");
    for (let index = 0; index <= 2_000; index++) await kept.keep(new Map([[hash(index), "{}"]]));
    expect(await kept.document(hash(0))).toBeNull();
    expect(await kept.document(hash(2_000))).toBe("{}");
  });
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
