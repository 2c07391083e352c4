import { expect, test } from "vitest";

import { FormerRingKey } from "../../src/seal/errors.ts";
import { sealingKeyId } from "../../src/seal/key-ring.ts";
import * as accessKeys from "../../src/store/iam/access-keys.ts";
import { entities } from "../../src/store/iam/entities.ts";
import { finder } from "../../src/store/sql/table/statements.ts";
import { Conflict, NotFound } from "../../src/store/sql/errors.ts";
import * as keyRings from "../../src/store/server/key-rings.ts";
import * as groups from "../../src/store/iam/groups.ts";
import type { Page } from "../../src/store/sql/names.ts";
import * as policies from "../../src/store/iam/policies.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as tags from "../../src/store/iam/tags.ts";
import * as users from "../../src/store/iam/users.ts";
import { onEachBackend } from "./backends.ts";
import { ids, newAccount, newGroup, newPolicy, newRole, newUser } from "./records.ts";

/** What the register has of a unique id. */
const registered = finder(entities, "id");

onEachBackend("users", (suite) => {
  test("a user comes back as it went in, by name in any case and by id", async () => {
    const account = await newAccount(suite.db);
    const user = newUser(account, "Ada.Lovelace", {
      path: "/eng/",
      boundaryArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
      tags: [
        { key: "Team", value: 'Analytical "Engine"\\\n‹ü›' },
        { key: "empty", value: "" },
      ],
    });
    const created = await suite.db.write((tx) => users.create(tx, user));
    expect(created).toEqual({ ...user, passwordLastUsedAt: null, tags: user.tags });
    const [byName, byId, entity] = await suite.db.read(async (tx) => [
      await users.byName(tx, account, "ADA.lovelace"),
      await users.byId(tx, user.id),
      await registered(tx, { id: user.id }),
    ]);
    expect(byId).toEqual(byName);
    expect(byName).toEqual({ ...created, tags: [user.tags![1], user.tags![0]] });
    expect(entity).toEqual({ id: user.id, account, kind: "user" });
  });

  test("names are unique regardless of case, inside one account", async () => {
    const [account, other] = [await newAccount(suite.db), await newAccount(suite.db)];
    await suite.db.write((tx) => users.create(tx, newUser(account, "Bob")));
    const again = suite.db.write((tx) => users.create(tx, newUser(account, "bOB")));
    await expect(again).rejects.toMatchObject({ constraint: "name", kind: "user", key: "Bob" });
    await expect(again).rejects.toBeInstanceOf(Conflict);
    await suite.db.write((tx) => users.create(tx, newUser(other, "Bob")));
  });

  test("lists go by name regardless of case, in pages, under a path prefix", async () => {
    const account = await newAccount(suite.db);
    const names = ["alpha", "Beta", "_gamma", "Zeta", "delta=1"];
    for (const name of names) {
      const path = name === "Beta" ? "/A_/" : name === "Zeta" ? "/a%/x/" : "/ab/";
      await suite.db.write((tx) => users.create(tx, newUser(account, name, { path })));
    }
    const list = (page: Page) =>
      suite.db.read(async (tx) => (await users.list(tx, account, page)).map(({ name }) => name));
    expect(await list({ limit: 100 })).toEqual(["_gamma", "alpha", "Beta", "delta=1", "Zeta"]);
    expect(await list({ limit: 2 })).toEqual(["_gamma", "alpha"]);
    expect(await list({ limit: 2, after: "alpha" })).toEqual(["Beta", "delta=1"]);
    expect(await list({ limit: 2, after: "DELTA=1" })).toEqual(["Zeta"]);
    expect(await list({ limit: 9, pathPrefix: "/A_" })).toEqual(["Beta"]);
    expect(await list({ limit: 9, pathPrefix: "/a" })).toEqual(["_gamma", "alpha", "delta=1", "Zeta"]);
    expect(await list({ limit: 9, pathPrefix: "/a%" })).toEqual(["Zeta"]);
  });

  test("a user keeps its id under another name, and may change its own name's case", async () => {
    const account = await newAccount(suite.db);
    const user = await suite.db.write((tx) => users.create(tx, newUser(account, "old")));
    await suite.db.write((tx) => users.create(tx, newUser(account, "taken")));
    await expect(suite.db.write((tx) => users.update(tx, user, { name: "Taken" }))).rejects.toMatchObject({
      constraint: "name",
    });
    const renamed = await suite.db.write((tx) => users.update(tx, user, { name: "OLD", path: "/new/" }));
    expect(renamed).toEqual({ ...user, name: "OLD", path: "/new/" });
    expect(await suite.db.write((tx) => users.update(tx, renamed, {}))).toEqual(renamed);
    expect(await suite.db.read((tx) => users.byName(tx, account, "old"))).toEqual(renamed);
  });

  test("a user with belongings is not removed", async () => {
    const account = await newAccount(suite.db);
    const user = await suite.db.write((tx) => users.create(tx, newUser(account, "owner")));
    await suite.db.write((tx) => tags.put(tx, user, [{ key: "a", value: "b" }], tags.anyCase));
    const removal = () => suite.db.write((tx) => users.remove(tx, user));
    await expect(removal()).rejects.toMatchObject({ name: "Conflict", constraint: "dependents" });
    expect(await suite.db.read((tx) => users.byId(tx, user.id))).not.toBeNull();
    await suite.db.write(async (tx) => {
      await tags.removeAll(tx, user);
      await users.remove(tx, user);
    });
    expect(await suite.db.read((tx) => users.byId(tx, user.id))).toBeNull();
    expect(await suite.db.read((tx) => registered(tx, { id: user.id }))).toBeNull();
    await expect(removal()).rejects.toBeInstanceOf(NotFound);
  });

  test("what is done to another account's user finds nothing", async () => {
    const [account, other] = [await newAccount(suite.db), await newAccount(suite.db)];
    const user = await suite.db.write((tx) => users.create(tx, newUser(account, "mine")));
    const foreign = { id: user.id, account: other };
    await expect(suite.db.write((tx) => users.update(tx, foreign, { boundaryArn: "arn:x" }))).rejects.toBeInstanceOf(
      NotFound,
    );
    await expect(suite.db.write((tx) => users.remove(tx, foreign))).rejects.toBeInstanceOf(NotFound);
  });
});

onEachBackend("tags", (suite) => {
  test("a key is unique regardless of case and takes the case it was last given", async () => {
    const account = await newAccount(suite.db);
    const role = await suite.db.write((tx) => roles.create(tx, newRole(account, "tagged")));
    await suite.db.write((tx) =>
      tags.put(
        tx,
        role,
        [
          { key: "Env", value: "a" },
          { key: "b", value: "1" },
        ],
        tags.anyCase,
      ),
    );
    await suite.db.write((tx) => tags.put(tx, role, [{ key: "ENV", value: "c" }], tags.anyCase));
    expect((await suite.db.read((tx) => roles.byId(tx, role.id)))?.tags).toEqual([
      { key: "b", value: "1" },
      { key: "ENV", value: "c" },
    ]);
    await suite.db.write((tx) => tags.remove(tx, role, ["env", "unknown"], tags.anyCase));
    expect((await suite.db.read((tx) => roles.byId(tx, role.id)))?.tags).toEqual([{ key: "b", value: "1" }]);
  });

  test("those of policies are told apart by case", async () => {
    const account = await newAccount(suite.db);
    const made = newPolicy(account, "tagged", { tags: [{ key: "Env", value: "a" }] });
    const policy = await suite.db.write((tx) => policies.create(tx, made));
    await suite.db.write((tx) => tags.put(tx, policy, [{ key: "env", value: "b" }], tags.exactCase));
    expect((await suite.db.read((tx) => policies.byId(tx, policy.id)))?.tags).toEqual([
      { key: "Env", value: "a" },
      { key: "env", value: "b" },
    ]);
    await suite.db.write((tx) => tags.remove(tx, policy, ["env", "ENV"], tags.exactCase));
    expect((await suite.db.read((tx) => policies.byId(tx, policy.id)))?.tags).toEqual([{ key: "Env", value: "a" }]);
  });

  test("tags need an owner", async () => {
    const account = await newAccount(suite.db);
    const nobody = { id: ids.uniqueId("AROA", account), account };
    const put = suite.db.write((tx) => tags.put(tx, nobody, [{ key: "a", value: "b" }], tags.anyCase));
    await expect(put).rejects.toBeInstanceOf(NotFound);
  });
});

onEachBackend("roles", (suite) => {
  test("a role comes back as it went in", async () => {
    const account = await newAccount(suite.db);
    const role = newRole(account, "Deploy", {
      description: "ships",
      path: "/ci/",
      trustBindings: { "0/Principal/AWS/0": "AIDAX" },
      serviceLinked: true,
    });
    const created = await suite.db.write((tx) => roles.create(tx, role));
    expect(await suite.db.read((tx) => roles.byName(tx, account, "deploy"))).toEqual(created);
    expect(created).toEqual({ ...role, boundaryArn: null, lastUsed: null, tags: [] });
    await expect(suite.db.write((tx) => roles.create(tx, newRole(account, "DEPLOY")))).rejects.toBeInstanceOf(Conflict);
  });

  test("details, trust policy, boundary and last use change alone", async () => {
    const account = await newAccount(suite.db);
    const role = await suite.db.write((tx) => roles.create(tx, newRole(account, "r", { description: "d" })));
    await suite.db.write(async (tx) => {
      await roles.update(tx, role, { maxSessionDuration: 7200 });
      await roles.update(tx, role, { trustPolicy: "{}", trustBindings: { "0/Principal/AWS/0": "AROAX" } });
      await roles.update(tx, role, { boundaryArn: "arn:aws:iam::aws:policy/B" });
      await roles.recordLastUsed(tx, [
        { id: role.id, at: 10, region: "eu-west-1" },
        { id: role.id, at: 9, region: "eu-west-2" },
        { id: "AROAGONE", at: 9, region: "eu-west-2" },
      ]);
    });
    expect(await suite.db.read((tx) => roles.byId(tx, role.id))).toEqual({
      ...role,
      maxSessionDuration: 7200,
      trustPolicy: "{}",
      trustBindings: { "0/Principal/AWS/0": "AROAX" },
      boundaryArn: "arn:aws:iam::aws:policy/B",
      lastUsed: { at: 10, region: "eu-west-1" },
    });
    await suite.db.write((tx) => roles.update(tx, role, { description: null }));
    expect((await suite.db.read((tx) => roles.byId(tx, role.id)))?.description).toBeNull();
  });
});

onEachBackend("groups", (suite) => {
  test("members come and go; both sides list by name", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const group = await db.write((tx) => groups.create(tx, newGroup(account, "Admins")));
    const second = await db.write((tx) => groups.create(tx, newGroup(account, "auditors")));
    const zoe = await db.write((tx) => users.create(tx, newUser(account, "Zoe")));
    const al = await db.write((tx) => users.create(tx, newUser(account, "al")));
    const added = await db.write(async (tx) => [
      await groups.addMember(tx, group, zoe),
      await groups.addMember(tx, group, zoe),
      await groups.addMember(tx, group, al),
      await groups.addMember(tx, second, al),
    ]);
    expect(added).toEqual([true, false, true, true]);
    await db.read(async (tx) => {
      expect((await groups.members(tx, group, { limit: 9 })).map(({ name }) => name)).toEqual(["al", "Zoe"]);
      expect((await groups.members(tx, group, { limit: 9, after: "AL" })).map(({ name }) => name)).toEqual(["Zoe"]);
      expect(await groups.groupsOfUser(tx, al, { limit: 9 })).toEqual([group, second]);
      expect(await groups.memberCount(tx, group)).toBe(2);
      expect(await groups.groupCountOfUser(tx, al)).toBe(2);
    });
    await expect(db.write((tx) => groups.remove(tx, group))).rejects.toMatchObject({ constraint: "dependents" });
    await expect(db.write((tx) => users.remove(tx, al))).rejects.toMatchObject({ constraint: "dependents" });
    await db.write((tx) => groups.removeMember(tx, group, zoe));
    expect(await db.write((tx) => groups.removeMember(tx, group, zoe))).toBe(false);
    const renamed = await db.write((tx) => groups.update(tx, group, { name: "admins" }));
    expect(await db.read((tx) => groups.byName(tx, account, "ADMINS"))).toEqual(renamed);
    await expect(db.write((tx) => groups.update(tx, group, { name: "Auditors" }))).rejects.toBeInstanceOf(Conflict);
  });
});

onEachBackend("access keys", (suite) => {
  test("a key of a user or of the root, with its sealed secret untouched", async () => {
    const account = await newAccount(suite.db);
    const { db } = suite;
    const user = await db.write((tx) => users.create(tx, newUser(account, "keyed")));
    const sealedSecret = Uint8Array.from({ length: 256 }, (_, index) => index);
    const key = {
      id: ids.accessKeyId("AKIA", account),
      account,
      ownerId: user.id,
      sealedSecret,
      status: "Active" as const,
      createdAt: 3,
    };
    await expect(db.write((tx) => accessKeys.create(tx, key))).rejects.toBeInstanceOf(FormerRingKey);
    await db.write((tx) =>
      keyRings.add(tx, {
        purpose: "secrets",
        id: sealingKeyId(sealedSecret),
        state: "promoted",
        sealedKey: new Uint8Array(),
        createdAt: 1,
        changedAt: 1,
        seals: 0,
      }),
    );
    const rootKey = { ...key, id: ids.accessKeyId("AKIA", account), ownerId: account };
    await db.write(async (tx) => {
      await accessKeys.create(tx, key);
      await accessKeys.create(tx, rootKey);
    });
    // No ring key goes while something is sealed with it.
    const ringKey = sealingKeyId(sealedSecret);
    await expect(db.write((tx) => keyRings.remove(tx, "secrets", ringKey))).rejects.toMatchObject({
      constraint: "dependents",
    });
    const found = await db.read((tx) => accessKeys.byId(tx, key.id));
    expect({ ...found, sealedSecret: [...found!.sealedSecret] }).toEqual({
      ...key,
      sealedSecret: [...sealedSecret],
      lastUsed: null,
    });
    await db.write(async (tx) => {
      await accessKeys.setStatus(tx, key, "Inactive");
      await accessKeys.recordLastUsed(tx, [{ id: key.id, at: 9, region: "us-east-1", service: "sts" }]);
    });
    await db.read(async (tx) => {
      expect(await accessKeys.listByOwner(tx, user.id)).toMatchObject([
        { id: key.id, status: "Inactive", lastUsed: { at: 9, region: "us-east-1", service: "sts" } },
      ]);
      expect(await accessKeys.listByOwner(tx, account)).toMatchObject([{ id: rootKey.id }]);
      expect(await accessKeys.countByOwner(tx, user.id)).toBe(1);
    });
    await expect(db.write((tx) => users.remove(tx, user))).rejects.toMatchObject({ constraint: "dependents" });
    await db.write((tx) => accessKeys.remove(tx, key));
    await expect(db.write((tx) => accessKeys.setStatus(tx, key, "Active"))).rejects.toBeInstanceOf(NotFound);
    await db.write((tx) => users.remove(tx, user));
  });
});
