/** What caches keep across the commits of their own process: all that those did not touch, and nothing that they did. */
import { describe, expect, test } from "vitest";

import { AppliedPolicies } from "../../src/authorization/applied-policies.ts";
import { loadAwsManagedPolicies } from "../../src/authorization/aws-managed-policies.ts";
import { KnownRoles } from "../../src/authorization/known-roles.ts";
import { compile, evaluate, principalFromArn } from "../../src/policy/index.ts";
import type { Policies } from "../../src/policy/types.ts";
import { KeyRing } from "../../src/seal/key-ring.ts";
import { createRing } from "../../src/seal/ring-state.ts";
import { Authenticator } from "../../src/session/authenticator.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as attachments from "../../src/store/iam/attachments.ts";
import * as groups from "../../src/store/iam/groups.ts";
import * as inlinePolicies from "../../src/store/iam/inline-policies.ts";
import * as policies from "../../src/store/iam/policies.ts";
import * as policyVersions from "../../src/store/iam/policy-versions.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as tags from "../../src/store/iam/tags.ts";
import * as users from "../../src/store/iam/users.ts";
import { RevisionCache } from "../../src/store/sql/cache/revision-cache.ts";
import type { Dependence } from "../../src/store/sql/cache/revision-cache.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import { accountDomain } from "../../src/store/sql/domain.ts";
import { mostSteps, OwnCommits } from "../../src/store/sql/own-commits.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount, newGroup, newPolicy, newRole, newUser } from "./records.ts";

const nothing = {
  account: "none",
  user: "none",
  group: "none",
  role: "none",
  policy: "none",
  "access-key": "none",
  tags: "none",
  attachments: "none",
  "inline-policies": "none",
  membership: "none",
  "oidc-provider": "none",
} as const;
const onUser: Dependence<string | null> = { on: { ...nothing, user: "own" }, subjects: (key) => [key] };
const everything = compile(
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  "identity",
);

/** Whether policies, by themselves, allow the action that is named after a letter. */
function allows(policies: Partial<Policies>, letter: string): boolean {
  const request = {
    principal: principalFromArn("arn:aws:iam::111122223333:user/u"),
    action: `${letter}:${letter.toUpperCase()}`,
    resource: "*",
    resourceAccount: "111122223333",
    context: new Map(),
  };
  return evaluate(request, { identity: [everything], ...policies }).allowed;
}

const document = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });

onEachBackend("an entry of a cache", (suite, backend) => {
  // Workers of one directory commit in between.
  const carries = backend.name === "shared sqlite" ? 0 : 1;

  async function subject() {
    const { db } = suite;
    const account = await newAccount(db);
    const user = await db.write((tx) => users.create(tx, newUser(account, "u")));
    const cache = new RevisionCache<string | null>(10_000, () => 10, { dependence: onUser });
    const path = (reader: Database = db) =>
      reader.read(async (tx) =>
        cache.get(tx, accountDomain(account), user.id, async () => (await users.byId(tx, user.id))?.path ?? null),
      );
    const other = (writer: Database = db, name = "r") =>
      writer.write((tx) => roles.create(tx, newRole(account, name)), { account });
    return { db, account, user, cache, path, other };
  }

  test("is kept across a change that does not touch it, and read anew behind one that does", async () => {
    const { db, account, user, cache, path, other } = await subject();
    expect(await path()).toBe("/");
    await other();
    expect(await path()).toBe("/");
    expect(cache.hits).toBe(carries);
    await db.write((tx) => users.update(tx, user, { path: "/moved/" }), { account });
    expect(await path()).toBe("/moved/");
    await other(db, "s");
    expect(await path()).toBe("/moved/");
    expect(cache.hits).toBe(2 * carries);
  });

  test("is not kept across a change that failed, nor across one of another process", async () => {
    const { db, account, user, cache, path, other } = await subject();
    await path();
    const failing = db.write(
      async (tx) => {
        await users.update(tx, user, { path: "/never/" });
        throw new Error("changed my mind");
      },
      { account },
    );
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await path()).toBe("/");
    expect(cache.hits).toBe(1);
    if (backend.name === "sqlite") return;
    const node = await openDatabase(suite.location, { shared: backend.shared });
    try {
      await node.write((tx) => users.update(tx, user, { path: "/elsewhere/" }), { account });
      await other();
      expect(await path()).toBe("/elsewhere/");
      expect(cache.hits).toBe(1);
    } finally {
      await node.close();
    }
  });

  test("is kept across more changes than are remembered, as long as it is asked for", async () => {
    const { db, cache, path, other } = await subject();
    await path();
    for (let index = 0; index < mostSteps + 10; index++) {
      await other(db, `role-${index}`);
      expect(await path()).toBe("/");
    }
    expect(cache.hits).toBe(carries * (mostSteps + 10));
  });

  test("of callers, their policies and of roles is at each change as one that was never kept", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const awsManaged = loadAwsManagedPolicies();
    const managed = newPolicy(account, "managed", { document: document("a:A") });
    const [user, role, group] = await db.write(async (tx) => {
      await policies.create(tx, managed);
      return Promise.all([
        users.create(tx, newUser(account, "u")),
        roles.create(tx, newRole(account, "r")),
        groups.create(tx, newGroup(account, "g")),
      ]);
    });
    const rings = { tokens: new KeyRing(createRing("tokens", 0)), secrets: new KeyRing(createRing("secrets", 0)) };
    const views = () => {
      const authenticator = new Authenticator(rings.tokens, rings.secrets);
      const applied = new AppliedPolicies(awsManaged);
      const known = new KnownRoles();
      return async (tx: Tx) => {
        const entities = [
          await authenticator.entity(tx, account, "user", user.id),
          await authenticator.entity(tx, account, "role", role.id),
        ];
        const session = { account, sessionId: "session", policyArns: [managed.arn] };
        const allowed = [];
        for (const entity of entities) {
          const found = entity === null ? null : await applied.of(tx, { entity, session });
          for (const kind of ["identity", "boundaries", "session"] as const) {
            allowed.push([kind, "abcdef".split("").filter((letter) => allows({ [kind]: found?.[kind] }, letter))]);
          }
        }
        const named = [];
        for (const name of ["r", "s"]) named.push((await known.byName(tx, account, name))?.record);
        return { entities, allowed, named };
      };
    };
    const kept = views();
    const changes: readonly ((tx: Tx) => Promise<unknown>)[] = [
      (tx) => tags.put(tx, user, [{ key: "k", value: "v" }], tags.anyCase),
      (tx) => tags.put(tx, role, [{ key: "k", value: "v" }], tags.anyCase),
      (tx) => users.update(tx, user, { path: "/p/" }),
      (tx) => roles.update(tx, role, { trustPolicy: document("b:B"), description: "d" }),
      (tx) => attachments.attach(tx, user, managed.arn),
      (tx) => attachments.attach(tx, role, managed.arn),
      (tx) => inlinePolicies.put(tx, role, { name: "i", document: document("c:C"), size: 9 }),
      (tx) => inlinePolicies.put(tx, user, { name: "i", document: document("d:D"), size: 9 }),
      (tx) => groups.addMember(tx, group, user),
      (tx) => inlinePolicies.put(tx, group, { name: "i", document: document("e:E"), size: 9 }),
      (tx) => attachments.attach(tx, group, managed.arn),
      (tx) => policyVersions.add(tx, managed, { document: document("f:F"), createdAt: 2, asDefault: true }),
      (tx) => users.update(tx, user, { boundaryArn: managed.arn }),
      (tx) => policyVersions.setDefault(tx, managed, 1, 3),
      (tx) => groups.removeMember(tx, group, user),
      (tx) => roles.create(tx, newRole(account, "s")),
      (tx) => roles.update(tx, role, { boundaryArn: managed.arn }),
    ];
    for (const [index, change] of changes.entries()) {
      await db.read(kept);
      await db.write(change, { account });
      expect(await db.read(kept), `change ${index}`).toEqual(await db.read(views()));
    }
  });
});

describe("what a process remembers of its commits", () => {
  const domain = accountDomain("111122223333");
  const at = (number: number, stamp = number * 10) => ({ number, stamp });
  const change = (id: string) => ({ account: "111122223333", kind: "user" as const, id });
  const touches = ({ id }: { readonly id: string }) => id === "touched";

  test("a gap, a stamp of a lost change, and what lies before are not known", () => {
    const commits = new OwnCommits();
    commits.note(domain, { before: at(1), after: at(2), changes: [change("a")] });
    commits.note(domain, { before: at(2), after: at(3), changes: [change("b")] });
    expect(commits.leave(domain, at(1), at(3), touches)).toBe(true);
    expect(commits.leave(domain, at(0), at(3), touches)).toBe(false);
    expect(commits.leave(domain, at(1, 99), at(3), touches)).toBe(false);
    expect(commits.leave(domain, at(1), at(3, 99), touches)).toBe(false);
    expect(commits.leave(domain, at(1), at(4), touches)).toBe(false);
    expect(commits.leave(domain, at(3), at(2), touches)).toBe(false);
    commits.note(domain, { before: at(4), after: at(5), changes: [change("c")] });
    expect(commits.leave(domain, at(2), at(5), touches)).toBe(false);
    expect(commits.leave(domain, at(4), at(5), touches)).toBe(true);
    commits.note(domain, { before: at(5), after: at(6), changes: [change("d"), change("touched")] });
    expect(commits.leave(domain, at(4), at(6), touches)).toBe(false);
  });
});
