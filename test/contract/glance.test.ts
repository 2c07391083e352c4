import { expect, test } from "vitest";
import { accountDomain } from "../../src/store/sql/domain.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { RevisionCache } from "../../src/store/sql/cache/revision-cache.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as users from "../../src/store/iam/users.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount, newRole, newUser } from "./records.ts";

onEachBackend("a glance", (suite) => {
  const names = async (db: Database, account: string): Promise<string[]> =>
    (await db.glance((tx) => users.list(tx, account, { limit: 100 }))).map(({ name }) => name);

  test("sees every write that was acknowledged before it", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    for (let index = 0; index < 5; index++) {
      await db.write((tx) => users.create(tx, newUser(account, `user-${index}`)));
      expect(await names(db, account)).toHaveLength(index + 1);
    }
  });

  test("sees nothing of a write that is under way or fails", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const failing = db.write(async (tx) => {
      await users.create(tx, newUser(account, "nobody"));
      throw new Error("changed my mind");
    });
    const seen = names(db, account);
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await seen).toEqual([]);
    expect(await names(db, account)).toEqual([]);
  });

  test("hands on what its work throws, now or later, and others go on", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const now = async () =>
      db.glance(() => {
        throw new Error("now");
      });
    const later = async () =>
      db.glance(async (tx) => {
        await users.list(tx, account, { limit: 1 });
        throw new Error("later");
      });
    await expect(now()).rejects.toThrow("now");
    await expect(later()).rejects.toThrow("later");
    await db.write((tx) => users.create(tx, newUser(account, "next")));
    expect(await names(db, account)).toEqual(["next"]);
  });

  test("fills caches that no change outlives", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const cache = new RevisionCache<string | null>(10_000, () => 10);
    const description = (): unknown =>
      db.glance((tx) =>
        cache.get(
          tx,
          accountDomain(account),
          "role",
          async () => (await roles.byName(tx, account, "role"))?.description ?? null,
        ),
      );
    expect(await description()).toBeNull();
    const role = await db.write((tx) => roles.create(tx, newRole(account, "role")));
    for (const text of ["one", "two"]) {
      await db.write((tx) => roles.update(tx, role, { description: text }));
      expect(await description()).toBe(text);
      expect(await description()).toBe(text);
    }
    expect(cache.hits).toBe(2);
  });

  test("shows a role's last use at once, which raises no revision", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const role = await db.write((tx) => roles.create(tx, newRole(account, "used")));
    expect(await db.glance((tx) => roles.lastUse(tx, role.id))).toBeNull();
    const revision = (await db.revision(accountDomain(account))).number;
    await db.write((tx) => roles.recordLastUsed(tx, [{ id: role.id, at: 7, region: "eu-west-1" }]));
    expect((await db.revision(accountDomain(account))).number).toBe(revision);
    expect(await db.glance((tx) => roles.lastUse(tx, role.id))).toEqual({ at: 7, region: "eu-west-1" });
  });
});

test("SQLite answers a glance at once where its work does", async () => {
  const db = await openDatabase({ sqlite: ":memory:" });
  expect(db.glance((tx) => tx.writable)).toBe(false);
  expect(() => db.glance(() => expect.unreachable("thrown at once"))).toThrow("thrown at once");
  await db.close();
  expect(() => db.glance(() => 1)).toThrow("closed");
});
