import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { accountDomain } from "../../src/store/sql/domain.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as groups from "../../src/store/iam/groups.ts";
import * as quotas from "../../src/store/iam/quotas.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as tags from "../../src/store/iam/tags.ts";
import type { Tx } from "../../src/store/sql/database.ts";
import { NotFound } from "../../src/store/sql/errors.ts";
import * as settings from "../../src/store/server/settings.ts";
import * as users from "../../src/store/iam/users.ts";
import { onEachBackend, postgresql } from "./backends.ts";
import { newAccount, newGroup, newRole, newUser } from "./records.ts";

onEachBackend("transactions", (suite) => {
  test("a work that throws leaves nothing, and those beside it are kept", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, (_, index) =>
        db.write(
          async (tx) => {
            await users.create(tx, newUser(account, `user-${index}`));
            if (index % 3 === 1) throw new Error("changed my mind");
          },
          { account },
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual(
      Array.from({ length: 9 }, (_, index) => index % 3 !== 1),
    );
    const listed = await db.read((tx) => users.list(tx, account, { limit: 100 }));
    expect(listed.map(({ name }) => name)).toEqual([0, 2, 3, 5, 6, 8].map((index) => `user-${index}`));
    expect((await db.revision(accountDomain(account))).number).toBe(1 + 6);
  });

  test("of many who create one name at once, one does", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const outcomes = await Promise.allSettled(
      ["Same", "same", "SAME", "sAme", "saMe", "samE"].map((name) =>
        db.write((tx) => roles.create(tx, newRole(account, name))),
      ),
    );
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(failed).toHaveLength(5);
    for (const { reason } of failed) expect(reason).toMatchObject({ name: "Conflict", constraint: "name" });
  });

  test("check and act are one: a count that was read still holds when it is acted upon", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    // Each allows itself one user more only if it counts fewer than four: write skew would let more through.
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        db.write(async (tx) => {
          const present = await users.list(tx, account, { limit: 100 });
          if (present.length >= 4) throw new Error("full");
          await users.create(tx, newUser(account, `u${index}`));
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
    expect(await db.read((tx) => users.list(tx, account, { limit: 100 }))).toHaveLength(4);
  });

  test("a read sees one snapshot and nothing uncommitted", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    let stop = false;
    const writers = [0, 1].map(async (writer) => {
      for (let index = 0; !stop; index++) {
        // Always in pairs: a snapshot never has an odd number of groups.
        await db.write(async (tx) => {
          await groups.create(tx, newGroup(account, `g-${writer}-${index}-a`));
          await groups.create(tx, newGroup(account, `g-${writer}-${index}-b`));
        });
      }
    });
    for (let round = 0; round < 30; round++) {
      await db.read(async (tx) => {
        const first = await groups.list(tx, account, { limit: 1000 });
        const { number: revision } = await tx.revision(accountDomain(account));
        const second = await groups.list(tx, account, { limit: 1000 });
        expect(first.length % 2).toBe(0);
        expect(second).toEqual(first);
        expect(first.length).toBe((revision - 1) * 2);
      });
      await db.read(async (tx) => {
        // Asked first, it may be older than the snapshot that follows, never newer: what is cached under it is fresh.
        const { number: revision } = await tx.revision(accountDomain(account));
        const present = await groups.list(tx, account, { limit: 1000 });
        expect(present.length).toBeGreaterThanOrEqual((revision - 1) * 2);
      });
      await sleep(1);
    }
    stop = true;
    await Promise.all(writers);
  });

  test("a work that goes on after a failed statement is not committed", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const user = await db.write((tx) => users.create(tx, newUser(account, "u", { tags: [{ key: "k", value: "v" }] })));
    const careless = db.write(async (tx) => {
      await settings.set(tx, "careless", "1");
      await users.remove(tx, user).catch(() => undefined);
    });
    await expect(careless).rejects.toMatchObject({ name: "Conflict", constraint: "dependents" });
    expect(await db.read((tx) => settings.get(tx, "careless"))).toBeNull();
    expect(await db.read((tx) => users.byId(tx, user.id))).toEqual(user);
  });

  test("of statements that go together, the first that fails says why", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const user = await db.write((tx) => users.create(tx, newUser(account, "u")));
    const nobody = { account, id: "AIDANOBODY" };
    for (const together of [
      (tx: Tx) => [
        tags.put(tx, nobody, [{ key: "k", value: "v" }], tags.anyCase),
        users.update(tx, user, { boundaryArn: null }),
      ],
      (tx: Tx) => [tags.put(tx, nobody, [{ key: "k", value: "v" }], tags.anyCase), users.byId(tx, user.id)],
      (tx: Tx) => [
        settings.set(tx, "a", "b"),
        tags.put(tx, nobody, [{ key: "k", value: "v" }], tags.anyCase),
        settings.get(tx, "a"),
      ],
    ]) {
      await expect(db.write((tx) => Promise.all<unknown>(together(tx)))).rejects.toBeInstanceOf(NotFound);
    }
    expect(await db.read((tx) => settings.get(tx, "a"))).toBeNull();
  });

  test("a read cannot write", async () => {
    const { db } = suite;
    await expect(db.read((tx) => settings.set(tx, "a", "b"))).rejects.toThrow(/read transaction/);
  });

  test("a work sees what it wrote itself", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    await db.write(async (tx) => {
      const user = await users.create(tx, newUser(account, "me"));
      expect(await users.byName(tx, account, "ME")).toEqual(user);
      expect((await tx.revision(accountDomain(account))).number).toBe(1);
    });
  });

  test("the database answers and can be opened again with all that was in it", async () => {
    const { db, location } = suite;
    await db.health();
    const account = await newAccount(db);
    const user = await db.write((tx) => users.create(tx, newUser(account, "lasting")));
    if (db.dialect === "postgresql") {
      const again = await openDatabase(location);
      expect(await again.read((tx) => users.byId(tx, user.id))).toEqual(user);
      expect((await again.revision(accountDomain(account))).number).toBe(2);
      await again.close();
    }
  });
});

onEachBackend("revisions", (suite) => {
  test("each write raises the revision of its account once, whatever it changed", async () => {
    const { db } = suite;
    const [account, other] = [await newAccount(db), await newAccount(db)];
    expect((await db.revision(accountDomain("999999999999"))).number).toBe(0);
    await db.write(async (tx) => {
      await users.create(tx, newUser(account, "u", { tags: [{ key: "k", value: "v" }] }));
      await roles.create(tx, newRole(account, "r"));
    });
    const asked = await db.revisions([account, other, "999999999999"].map(accountDomain));
    expect([...asked].map(([id, { number }]) => [id, number])).toEqual([
      [account, 2],
      [other, 1],
      ["999999999999", 0],
    ]);
    await db.read(async (tx) => {
      expect((await tx.revision(accountDomain(account))).number).toBe(2);
    });
  });

  test("last uses, counters and writes that change nothing bump no revision", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const role = await db.write((tx) => roles.create(tx, newRole(account, "r")));
    const before = (await db.revision(accountDomain(account))).number;
    await db.write((tx) => roles.recordLastUsed(tx, [{ id: role.id, at: 1, region: "x" }]));
    await db.write((tx) => quotas.take(tx, account, "roles", 5));
    await db.write((tx) => users.update(tx, { account, id: "AIDAGONE" }, { boundaryArn: null }).catch(() => undefined));
    expect((await db.revision(accountDomain(account))).number).toBe(before);
  });
});

test("two nodes that start at once on an empty database both come up and see each other's writes", async () => {
  const { location } = await postgresql.place();
  const [one, two] = await Promise.all([openDatabase(location), openDatabase(location)]);
  try {
    const account = await newAccount(one);
    const take = (node: typeof one) => () => node.write((tx) => quotas.take(tx, account, "q", 7), { account });
    const taken = await Promise.all([...Array(8).fill(take(one)), ...Array(8).fill(take(two))].map((each) => each()));
    expect(taken.filter(Boolean)).toHaveLength(7);
    for (let round = 0; round < 10; round++) {
      await one.write((tx) => users.create(tx, newUser(account, `u${round}`)));
      // Read-your-writes on every node: a revision read after the commit is never behind it.
      expect((await two.revision(accountDomain(account))).number).toBe(2 + round);
    }
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});

test("revisions asked for together are one query, and none is older than its question", async () => {
  const { location } = await postgresql.place();
  const db = await openDatabase(location);
  try {
    const account = await newAccount(db);
    const user = await db.write((tx) => users.create(tx, newUser(account, "u")));
    let committed = 2;
    let stop = false;
    const writer = (async () => {
      while (!stop) {
        await db.write((tx) => users.update(tx, user, { boundaryArn: null }));
        committed++;
      }
    })();
    const reader = async () => {
      for (let round = 0; round < 40; round++) {
        const known = committed;
        expect((await db.revision(accountDomain(account))).number).toBeGreaterThanOrEqual(known);
      }
    };
    await Promise.all(Array.from({ length: 8 }, reader));
    stop = true;
    await writer;
  } finally {
    await db.close();
  }
});
