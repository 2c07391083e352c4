import { expect, test } from "vitest";

import * as attachments from "../../src/store/iam/attachments.ts";
import { Conflict, NotFound } from "../../src/store/sql/errors.ts";
import * as groups from "../../src/store/iam/groups.ts";
import * as inlinePolicies from "../../src/store/iam/inline-policies.ts";
import * as policies from "../../src/store/iam/policies.ts";
import * as versions from "../../src/store/iam/policy-versions.ts";
import { documents, principalPolicies } from "../../src/store/iam/principal-policies.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as users from "../../src/store/iam/users.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount, newGroup, newPolicy, newRole, newUser } from "./records.ts";

const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

onEachBackend("managed policies", (suite) => {
  test("versions are numbered once and for all; the default is the document in force", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const policy = await db.write((tx) => policies.create(tx, newPolicy(account, "P", { document: "one" })));
    expect(await db.read((tx) => policies.byArn(tx, policy.arn))).toEqual(policy);
    const add = (document: string, asDefault: boolean) =>
      db.write((tx) => versions.add(tx, policy, { document, createdAt: 20, asDefault }));
    expect(await add("two", true)).toMatchObject({ number: 2, isDefault: true });
    expect(await add("three", false)).toMatchObject({ number: 3, isDefault: false });
    await db.write((tx) => versions.remove(tx, policy, 3));
    expect(await add("four", false)).toMatchObject({ number: 4 });
    await expect(db.write((tx) => versions.remove(tx, policy, 2))).rejects.toMatchObject({ constraint: "default" });
    await expect(db.write((tx) => versions.remove(tx, policy, 3))).rejects.toBeInstanceOf(NotFound);
    await expect(db.write((tx) => versions.setDefault(tx, policy, 3, 30))).rejects.toBeInstanceOf(NotFound);
    await db.read(async (tx) => {
      const listed = await versions.list(tx, policy);
      expect(listed.map(({ number, isDefault }) => [number, isDefault])).toEqual([
        [4, false],
        [2, true],
        [1, false],
      ]);
      expect(await documents(tx, [policy.arn, readOnly])).toEqual([
        { arn: policy.arn, policyId: policy.id, version: 2, document: "two" },
      ]);
      expect(await policies.byArn(tx, policy.arn)).toMatchObject({ defaultVersion: 2, updatedAt: 20 });
      expect(await versions.byNumber(tx, policy, 1)).toMatchObject({ document: "one" });
    });
    await db.write((tx) => policies.remove(tx, policy));
    await expect(db.write((tx) => policies.remove(tx, policy))).rejects.toBeInstanceOf(NotFound);
    expect(await db.read((tx) => versions.list(tx, policy))).toEqual([]);
  });

  test("names are unique whatever the path", async () => {
    const account = await newAccount(suite.db);
    await suite.db.write((tx) => policies.create(tx, newPolicy(account, "Same", { path: "/a/" })));
    const again = suite.db.write((tx) => policies.create(tx, newPolicy(account, "same", { path: "/b/" })));
    await expect(again).rejects.toBeInstanceOf(Conflict);
  });

  test("lists say how a policy is used and filter by it", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const [a, b, c] = await db.write(async (tx) => [
      await policies.create(tx, newPolicy(account, "a-attached")),
      await policies.create(tx, newPolicy(account, "B-boundary")),
      await policies.create(tx, newPolicy(account, "c-unused", { path: "/x/" })),
    ]);
    const user = await db.write((tx) => users.create(tx, newUser(account, "u", { boundaryArn: b.arn })));
    const role = await db.write((tx) => roles.create(tx, newRole(account, "r", { boundaryArn: b.arn })));
    await db.write(async (tx) => {
      await attachments.attach(tx, user, a.arn);
      await attachments.attach(tx, role, a.arn);
      await attachments.attach(tx, role, readOnly);
    });
    await db.read(async (tx) => {
      const names = async (page: Omit<policies.PolicyPage, "limit">) =>
        (await policies.list(tx, account, { limit: 9, ...page })).map(({ name }) => name);
      expect(await names({})).toEqual([a.name, b.name, c.name]);
      expect(await names({ usedAs: "PermissionsPolicy" })).toEqual([a.name]);
      expect(await names({ usedAs: "PermissionsBoundary" })).toEqual([b.name]);
      expect(await names({ pathPrefix: "/x/" })).toEqual([c.name]);
      expect(await policies.byArn(tx, a.arn)).toMatchObject({ attachmentCount: 2, boundaryUsageCount: 0 });
      expect(await policies.byId(tx, b.id)).toMatchObject({ attachmentCount: 0, boundaryUsageCount: 2 });
      expect(await attachments.usageOf(tx, account, readOnly)).toEqual({ attachments: 1, boundaries: 0 });
      expect(await attachments.usage(tx, account)).toEqual(
        new Map([
          [a.arn, { attachments: 2, boundaries: 0 }],
          [b.arn, { attachments: 0, boundaries: 2 }],
          [readOnly, { attachments: 1, boundaries: 0 }],
        ]),
      );
      expect((await attachments.boundaryEntitiesOf(tx, account, b.arn)).map(({ kind, name }) => [kind, name])).toEqual([
        ["role", "r"],
        ["user", "u"],
      ]);
    });
  });
});

onEachBackend("attachments", (suite) => {
  test("attach, attach again, list by policy name in pages, detach", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const role = await db.write((tx) => roles.create(tx, newRole(account, "r")));
    const group = await db.write((tx) => groups.create(tx, newGroup(account, "g")));
    const own = `arn:aws:iam::${account}:policy/readonlyaccess`;
    const service = "arn:aws:iam::aws:policy/service-role/AWSLambdaRole";
    const attached = await db.write(async (tx) => [
      await attachments.attach(tx, role, readOnly),
      await attachments.attach(tx, role, readOnly),
      await attachments.attach(tx, role, own),
      await attachments.attach(tx, role, service),
      await attachments.attach(tx, group, readOnly),
    ]);
    expect(attached).toEqual([true, false, true, true, true]);
    await db.read(async (tx) => {
      expect(await attachments.listByOwner(tx, role, { limit: 9 })).toEqual([service, own, readOnly]);
      expect(await attachments.listByOwner(tx, role, { limit: 1, after: service })).toEqual([own]);
      expect(await attachments.listByOwner(tx, role, { limit: 9, after: own })).toEqual([readOnly]);
      expect(await attachments.listByOwner(tx, role, { limit: 9, pathPrefix: "/service-role/" })).toEqual([service]);
      expect(await attachments.countByOwner(tx, role)).toBe(3);
      const entities = await attachments.entitiesOf(tx, account, readOnly);
      expect(entities.map(({ kind, id }) => [kind, id])).toEqual([
        ["group", group.id],
        ["role", role.id],
      ]);
    });
    await db.write((tx) => attachments.detach(tx, role, readOnly));
    await expect(db.write((tx) => attachments.detach(tx, role, readOnly))).rejects.toBeInstanceOf(NotFound);
    await expect(db.write((tx) => roles.remove(tx, role))).rejects.toMatchObject({ constraint: "dependents" });
  });
});

onEachBackend("inline policies", (suite) => {
  test("put, replace in any case, sum up, remove", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const user = await db.write((tx) => users.create(tx, newUser(account, "u")));
    await db.write(async (tx) => {
      await inlinePolicies.put(tx, user, { name: "Zed", document: "z", size: 10 });
      await inlinePolicies.put(tx, user, { name: "alpha", document: "a", size: 5 });
      await inlinePolicies.put(tx, user, { name: "ZED", document: "z2", size: 7 });
    });
    await db.read(async (tx) => {
      expect(await inlinePolicies.names(tx, user, { limit: 9 })).toEqual(["alpha", "Zed"]);
      expect(await inlinePolicies.names(tx, user, { limit: 9, after: "alpha" })).toEqual(["Zed"]);
      expect(await inlinePolicies.get(tx, user, "zed")).toEqual({ name: "Zed", document: "z2" });
      expect(await inlinePolicies.get(tx, user, "none")).toBeNull();
      expect(await inlinePolicies.totals(tx, user)).toEqual({ count: 2, size: 12 });
    });
    await db.write((tx) => inlinePolicies.remove(tx, user, "ZED"));
    await expect(db.write((tx) => inlinePolicies.remove(tx, user, "Zed"))).rejects.toBeInstanceOf(NotFound);
    await db.write((tx) => inlinePolicies.remove(tx, user, "alpha"));
    expect(await db.read((tx) => inlinePolicies.totals(tx, user))).toEqual({ count: 0, size: 0 });
  });
});

onEachBackend("policies of a principal", (suite) => {
  test("a user's own, its groups' and its boundary; nobody else's", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const { user, group, empty, policy } = await db.write(async (tx) => {
      const policy = await policies.create(tx, newPolicy(account, "P"));
      const user = await users.create(tx, newUser(account, "u", { boundaryArn: readOnly }));
      const other = await users.create(tx, newUser(account, "other"));
      const group = await groups.create(tx, newGroup(account, "g"));
      const empty = await groups.create(tx, newGroup(account, "empty"));
      const stranger = await groups.create(tx, newGroup(account, "stranger"));
      await groups.addMember(tx, group, user);
      await groups.addMember(tx, empty, user);
      await groups.addMember(tx, stranger, other);
      for (const owner of [other, stranger]) {
        await attachments.attach(tx, owner, "arn:aws:iam::aws:policy/AdministratorAccess");
        await inlinePolicies.put(tx, owner, { name: "all", document: "*", size: 1 });
      }
      await attachments.attach(tx, user, policy.arn);
      await attachments.attach(tx, group, readOnly);
      await inlinePolicies.put(tx, user, { name: "own", document: "1", size: 1 });
      await inlinePolicies.put(tx, group, { name: "shared", document: "2", size: 1 });
      return { user, group, empty, policy };
    });
    const found = await db.read((tx) => principalPolicies(tx, { kind: "user", id: user.id }));
    expect({ ...found, groups: found.groups.toSorted((a, b) => (a.name < b.name ? 1 : -1)) }).toEqual({
      inline: [{ name: "own", document: "1" }],
      attached: [policy.arn],
      boundaryArn: readOnly,
      changesOwnPassword: false,
      groups: [
        { id: group.id, name: "g", inline: [{ name: "shared", document: "2" }], attached: [readOnly] },
        { id: empty.id, name: "empty", inline: [], attached: [] },
      ],
    });
    const missing = db.read((tx) => principalPolicies(tx, { kind: "role", id: user.id }));
    await expect(missing).rejects.toBeInstanceOf(NotFound);
  });

  test("a role's own and its boundary", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const role = await db.write((tx) => roles.create(tx, newRole(account, "r")));
    const of = () => db.read((tx) => principalPolicies(tx, { kind: "role", id: role.id }));
    expect(await of()).toEqual({ inline: [], attached: [], groups: [], boundaryArn: null, changesOwnPassword: false });
    await db.write((tx) => attachments.attach(tx, role, readOnly));
    expect(await of()).toEqual({
      inline: [],
      attached: [readOnly],
      groups: [],
      boundaryArn: null,
      changesOwnPassword: false,
    });
  });
});
