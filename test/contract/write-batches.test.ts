/** Writes that wait together may be one transaction: each is as it would be alone. */
import pg from "pg";
import { expect, test } from "vitest";

import * as tags from "../../src/store/iam/tags.ts";
import * as users from "../../src/store/iam/users.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as outbox from "../../src/store/server/outbox.ts";
import { RevisionCache } from "../../src/store/sql/cache/revision-cache.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import { accountDomain } from "../../src/store/sql/domain.ts";
import { Conflict, NotFound } from "../../src/store/sql/errors.ts";
import { connection } from "../../src/store/sql/transaction.ts";
import { onEachBackend, postgresql } from "./backends.ts";
import { newAccount, newUser } from "./records.ts";

async function accounts(db: Database, count: number): Promise<string[]> {
  const made: string[] = [];
  while (made.length < count) made.push(await newAccount(db));
  return made;
}

const create = (db: Database, account: string, name: string) =>
  db.write((tx) => users.create(tx, newUser(account, name)), { account });
const named = (db: Database, account: string, name: string) => db.read((tx) => users.byName(tx, account, name));
const revision = async (db: Database, account: string) => (await db.revision(accountDomain(account))).number;

onEachBackend("of writes that wait together", (suite) => {
  test("one that fails takes back only its own, and says so to its caller alone", async () => {
    const { db } = suite;
    const [a, b, c] = (await accounts(db, 3)) as [string, string, string];
    const failing = (work: (tx: Tx) => Promise<unknown>) =>
      db.write(
        async (tx) => {
          await users.create(tx, newUser(b, "taken-back"));
          return work(tx);
        },
        { account: b },
      );
    const outcomes = await Promise.allSettled([
      create(db, a, "one"),
      failing(() => Promise.reject(new Error("changed my mind"))),
      create(db, a, "ONE"),
      failing((tx) => tags.put(tx, { account: b, id: "AIDANOBODY" }, [{ key: "k", value: "v" }], tags.anyCase)),
      create(db, b, "two"),
      create(db, c, "three"),
    ]);
    expect(outcomes.map((each) => (each.status === "rejected" ? each.reason.constructor : null))).toEqual([
      null,
      Error,
      Conflict,
      NotFound,
      null,
      null,
    ]);
    for (const [account, name] of [
      [a, "one"],
      [b, "two"],
      [c, "three"],
    ] as const) {
      expect(await named(db, account, name), name).not.toBeNull();
      expect(await revision(db, account), name).toBe(2);
    }
    expect(await named(db, b, "taken-back")).toBeNull();
  });

  test("a later one sees what an earlier one did, through caches too", async () => {
    const { db } = suite;
    const [account, other] = (await accounts(db, 2)) as [string, string];
    const user = await create(db, account, "u");
    const cache = new RevisionCache<string | null>(10_000, () => 10);
    const path = async (tx: Tx) =>
      cache.get(tx, accountDomain(account), user.id, async () => (await users.byId(tx, user.id))?.path ?? null);
    expect(await db.read(path)).toBe("/");
    const seen = await Promise.all([
      db.write(path, { account }),
      db.write((tx) => users.update(tx, user, { path: "/first/" }).then(() => path(tx)), { account }),
      db.write(path, { account: other }),
      db.write(path, { account }),
      db.write((tx) => users.update(tx, user, { path: "/second/" }), { account }),
      db.write(path, { account }),
    ]);
    // Its own change a work reads past the cache: the revision is raised behind it. Another account's turn may be any.
    expect([seen[0], seen[3], seen[5]]).toEqual(["/", "/first/", "/second/"]);
    expect(["/", "/first/", "/second/"]).toContain(seen[2]);
    expect(await db.read(path)).toBe("/second/");
  });

  test("one that changes another account is not in the way of that one's own", async () => {
    const { db } = suite;
    const [a, b] = (await accounts(db, 2)) as [string, string];
    await Promise.all([
      create(db, a, "a"),
      db.write((tx) => users.create(tx, newUser(b, "from-a")), { account: a }),
      create(db, b, "b"),
      create(db, a, "aa"),
    ]);
    expect(await named(db, b, "from-a")).not.toBeNull();
    expect([await revision(db, a), await revision(db, b)]).toEqual([3, 3]);
  });

  test("a statement that nobody waited for fails its own work alone", async () => {
    const { db } = suite;
    const [a, b] = (await accounts(db, 2)) as [string, string];
    const recorded = (account: string, eventId: string, name: string) =>
      db.write(
        async (tx) => {
          outbox.append(tx, { eventId, account, at: 1, record: "{}", private: "{}" });
          await users.create(tx, newUser(account, name));
        },
        { account },
      );
    await recorded(a, "taken", "first");
    const outcomes = await Promise.allSettled([
      recorded(a, "free-1", "one"),
      recorded(b, "taken", "never"),
      recorded(b, "free-2", "two"),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await named(db, b, "never")).toBeNull();
    expect(await named(db, b, "two")).not.toBeNull();
    expect([await revision(db, a), await revision(db, b)]).toEqual([3, 2]);
  });
});

test("on PostgreSQL they are one transaction, of several accounts too", async () => {
  const { location } = await postgresql.place();
  const db = await openDatabase(location);
  try {
    const made = await accounts(db, 3);
    const transaction = async (tx: Tx) => {
      const row = await tx[connection].one({ name: "", sql: "select pg_current_xact_id()::text as id" }, []);
      return row!["id"];
    };
    const ids = await Promise.all([...made, ...made].map((account) => db.write(transaction, { account })));
    expect(new Set(ids).size).toBe(1);
  } finally {
    await db.close();
  }
});

test("nobody waits for another node for the sake of an account that is not its own", async () => {
  const { location } = await postgresql.place();
  const db = await openDatabase(location);
  const node = new pg.Client({ connectionString: (location as { postgresql: string }).postgresql });
  await node.connect();
  try {
    const [held, free] = (await accounts(db, 2)) as [string, string];
    await node.query("begin");
    await node.query("select 1 from domains where id = $1 for update", [held]);
    let waits = true;
    const waiting = Promise.all(["w1", "w2"].map((name) => create(db, held, name))).then(() => (waits = false));
    for (const name of ["f1", "f2", "f3"]) await create(db, free, name);
    expect(waits).toBe(true);
    await node.query("update domains set revision = revision + 1 where id = $1", [held]);
    await node.query("commit");
    await waiting;
    expect(await revision(db, held)).toBe(1 + 1 + 2);
  } finally {
    await node.end();
    await db.close();
  }
});

test("a batch that lost against another node is run again, and all of it is kept", async () => {
  const { location } = await postgresql.place();
  const db = await openDatabase(location);
  try {
    const made = await accounts(db, 8);
    let losses = 3;
    await Promise.all(
      made.map((account, index) =>
        db.write(
          async (tx) => {
            await users.create(tx, newUser(account, "u"));
            if (index === 5 && losses-- > 0) {
              throw Object.assign(new Error("could not serialize access"), { code: "40001" });
            }
          },
          { account },
        ),
      ),
    );
    for (const account of made) expect(await revision(db, account)).toBe(2);
  } finally {
    await db.close();
  }
});
