/** The embedded database as two processes have it, here as two openings of one file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SeededRandom } from "../harness/deterministic.ts";
import { accountDomain } from "../../src/store/sql/domain.ts";
import { joinDataDirectory, lockDataDirectory } from "../../src/store/sql/dialects/sqlite/data-directory.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { SqliteConnection } from "../../src/store/sql/dialects/sqlite/connection.ts";
import { WalIndex } from "../../src/store/sql/dialects/sqlite/wal-index.ts";
import { RevisionCache } from "../../src/store/sql/cache/revision-cache.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as users from "../../src/store/iam/users.ts";
import { newAccount, newRole, newUser } from "./records.ts";
import { seed } from "../harness/seed.ts";

let directory: string;
let path: string;
let one: Database;
let other: Database;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-shared-"));
  path = join(directory, "shared.db");
  one = await openDatabase({ sqlite: path }, { shared: true });
  other = await openDatabase({ sqlite: path }, { shared: true });
});
afterAll(async () => {
  await one.close();
  await other.close();
  rmSync(directory, { recursive: true, force: true });
});

test("a cache holds nothing that was changed before the read began, whoever changed it", async () => {
  const account = await newAccount(one);
  const caches = new Map([one, other].map((db) => [db, new RevisionCache<string | null>(10_000, () => 10)]));
  const user = await one.write((tx) => users.create(tx, newUser(account, "name-0")));
  const seen = (db: Database) =>
    db.read(async (tx) =>
      caches
        .get(db)!
        .get(tx, accountDomain(account), user.id, async () => (await users.byId(tx, user.id))?.name ?? null),
    );
  const random = new SeededRandom(seed);
  for (let turn = 1; turn <= 300; turn++) {
    const [dice] = random.bytes(1);
    const writer = dice! % 2 === 0 ? one : other;
    await writer.write((tx) => users.update(tx, user, { name: `name-${turn}`, path: "/" }));
    // One of the two reads first, now this one, now that one.
    const readers = dice! % 4 < 2 ? [one, other] : [other, one];
    for (const db of readers) expect(await seen(db)).toBe(`name-${turn}`);
    for (const db of readers) expect(db.revision(accountDomain(account))).toMatchObject({ number: 2 + turn });
    expect(await seen(readers[0]!)).toBe(`name-${turn}`);
  }
  expect(caches.get(one)!.hits).toBeGreaterThanOrEqual(100);
});

test("a role's last use, whose row is kept, is that of the last commit, whoever made it", async () => {
  const account = await newAccount(one);
  const role = await one.write((tx) => roles.create(tx, newRole(account, "worn")));
  const random = new SeededRandom(seed + 1);
  const seen = (db: Database) => db.glance((tx) => roles.lastUse(tx, role.id));
  for (let turn = 1; turn <= 200; turn++) {
    const [dice] = random.bytes(1);
    await (dice! % 2 === 0 ? one : other).write((tx) =>
      roles.recordLastUsed(tx, [{ id: role.id, at: turn, region: "us-east-1" }]),
    );
    for (const db of dice! % 4 < 2 ? [one, other, one] : [other, one, other]) {
      // Given at once: no promise, and the second time no statement.
      expect(seen(db)).toEqual({ at: turn, region: "us-east-1" });
    }
  }
});

test("a read keeps its snapshot while the other process commits, and its revision fits it", async () => {
  const account = await newAccount(one);
  const names = () =>
    other.read(async (tx) => {
      const before = await users.list(tx, account, { limit: 10 });
      const revision = (await tx.revision(accountDomain(account))).number;
      await one.write((writing) => users.create(writing, newUser(account, "late")));
      const after = await users.list(tx, account, { limit: 10 });
      expect((await tx.revision(accountDomain(account))).number).toBe(revision);
      expect(after).toEqual(before);
      return { revision, count: after.length };
    });
  expect(await names()).toEqual({ revision: 1, count: 0 });
  expect(await other.read(async (tx) => (await users.list(tx, account, { limit: 10 })).length)).toBe(1);
  expect(other.revision(accountDomain(account))).toMatchObject({ number: 2 });
});

test("more reads than there are connections wait, and all are answered", async () => {
  const account = await newAccount(one);
  await one.write((tx) => users.create(tx, newUser(account, "there")));
  const slow = () =>
    one.read(async (tx) => {
      const first = await users.list(tx, account, { limit: 10 });
      await delay(5);
      return first.length + (await users.list(tx, account, { limit: 10 })).length;
    });
  expect(await Promise.all(Array.from({ length: 60 }, slow))).toEqual(Array.from({ length: 60 }, () => 2));
});

test("while another process writes, reads go on and writes wait for their turn", async () => {
  const account = await newAccount(one);
  const foreign = new SqliteConnection(path);
  foreign.execute("begin immediate");
  let written = false;
  const writing = one.write((tx) => users.create(tx, newUser(account, "patient"))).then(() => (written = true));
  for (let turn = 0; turn < 20; turn++) {
    expect(await one.read((tx) => users.list(tx, account, { limit: 10 }))).toEqual([]);
    await delay(2);
  }
  expect(written).toBe(false);
  foreign.execute("commit");
  await writing;
  foreign.close();
});

test("who never gets its turn is told so, and nothing is kept", async () => {
  const account = await newAccount(one);
  const foreign = new SqliteConnection(path);
  foreign.execute("begin immediate");
  const lost = one.write((tx) => users.create(tx, newUser(account, "never")));
  await expect(lost).rejects.toMatchObject({ name: "Contention" });
  foreign.execute("commit");
  foreign.close();
  expect(await other.read((tx) => users.list(tx, account, { limit: 10 }))).toEqual([]);
  await one.write((tx) => users.create(tx, newUser(account, "later")));
});

test("both write at once without end, and neither starves", async () => {
  const account = await newAccount(one);
  const counts = new Map<Database, number>();
  const written = () => (counts.get(one) ?? 0) + (counts.get(other) ?? 0);
  const write = async (db: Database, writer: string): Promise<void> => {
    for (let index = 0; written() < 1000; index++) {
      await db.write((tx) => users.create(tx, newUser(account, `${writer}-${index}`)));
      counts.set(db, (counts.get(db) ?? 0) + 1);
    }
  };
  const writers = [one, other].flatMap((db, at) =>
    Array.from({ length: 8 }, (_, index) => write(db, `${at}-${index}`)),
  );
  await Promise.all(writers);
  const [a, b] = [counts.get(one)!, counts.get(other)!];
  expect(Math.min(a, b) / Math.max(a, b)).toBeGreaterThan(0.2);
  expect(one.revision(accountDomain(account))).toMatchObject({ number: 1 + a + b });
});

test("a next owner waits for the workers of the last", () => {
  const data = join(directory, "owned");
  const owner = lockDataDirectory(data);
  const workers = [joinDataDirectory(data), joinDataDirectory(data)];
  owner.release();
  expect(() => lockDataDirectory(data)).toThrow(/in use by a worker of a server that has ended/);
  for (const worker of workers) worker.release();
  lockDataDirectory(data).release();
});

test("the index of the file tells of every commit, whoever made it", async () => {
  const account = await newAccount(one);
  const index = WalIndex.open(path)!;
  expect(index.changed()).toBe(true);
  index.seen();
  const user = await one.write((tx) => users.create(tx, newUser(account, "watched-0")));
  for (let turn = 1; turn <= 50; turn++) {
    expect(index.changed()).toBe(true);
    index.seen();
    expect(index.changed()).toBe(false);
    await one.read((tx) => users.list(tx, account, { limit: 10 }));
    expect(index.changed()).toBe(false);
    await (turn % 2 === 0 ? one : other).write((tx) =>
      users.update(tx, user, { name: `watched-${turn % 3}`, path: "/" }),
    );
  }
  // A checkpoint begins the log anew.
  const connection = new SqliteConnection(path);
  connection.execute("pragma wal_checkpoint(truncate)");
  index.changed();
  index.seen();
  await other.write((tx) => users.update(tx, user, { name: "after", path: "/" }));
  expect(index.changed()).toBe(true);
  connection.close();
});

test("a database in memory cannot be shared", async () => {
  await expect(openDatabase({ sqlite: ":memory:" }, { shared: true })).rejects.toThrow(/cannot be shared/);
});
