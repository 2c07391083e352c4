/**
 * Changes that were acknowledged and are gone: a failover to a replica that had not received them, a backup put back
 * under running nodes. Revisions are then counted a second time, and what was cached of the lost ones must not count.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { accountDomain } from "../../src/store/sql/domain.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import { openDatabase } from "../../src/store/open.ts";
import { RevisionCache } from "../../src/store/sql/cache/revision-cache.ts";
import { connection } from "../../src/store/sql/transaction.ts";
import * as users from "../../src/store/iam/users.ts";
import { postgresql, sharedSqlite } from "./backends.ts";
import type { Place } from "./backends.ts";
import { newAccount, newUser } from "./records.ts";

describe.each([sharedSqlite, postgresql])("lost changes on $name", (backend) => {
  let place: Place;
  let db: Database;
  beforeAll(async () => {
    place = await backend.place();
    db = await openDatabase(place.location, { shared: backend.shared });
  });
  afterAll(async () => {
    await db?.close();
    place?.remove();
  });

  async function subject() {
    const account = await newAccount(db);
    const user = await db.write((tx) => users.create(tx, newUser(account, "u")));
    const cache = new RevisionCache<string | null>(10_000, () => 10);
    const load = async (tx: Tx) => (await users.byId(tx, user.id))?.boundaryArn ?? null;
    return {
      account,
      set: (boundaryArn: string) => db.write((tx) => users.update(tx, user, { boundaryArn })),
      cached: () => db.read(async (tx) => cache.get(tx, accountDomain(account), user.id, load)),
      /** As `cached`, of a read whose snapshot comes after a change that its first question did not see. */
      cachedAcross: (change: () => Promise<unknown>) =>
        db.read(async (tx) => {
          await tx.revision(accountDomain(account));
          await change();
          return cache.get(tx, accountDomain(account), user.id, load);
        }),
      /** @returns what puts account and user back to where they stand now, behind everybody's back */
      async backup() {
        const before = await db.revision(accountDomain(account));
        const boundary = await db.read(load);
        return () =>
          db.write(async (tx) => {
            const run = (sql: string) => tx[connection].run({ name: "", sql }, []);
            await run(
              `update domains set revision = ${before.number}, stamp = ${before.stamp} where id = '${account}'`,
            );
            const value = boundary === null ? "null" : `'${boundary}'`;
            await run(`update users set boundary_arn = ${value} where id = '${user.id}'`);
          });
      },
    };
  }

  test("a revision that is counted again is another", async () => {
    const { account, set, cached, backup } = await subject();
    const restore = await backup();
    await set("lost");
    const lost = await db.revision(accountDomain(account));
    expect(await cached()).toBe("lost");
    await restore();
    await set("present");
    expect((await db.revision(accountDomain(account))).number).toBe(lost.number);
    expect(await cached()).toBe("present");
  });

  test("what a later snapshot saw is not cached under the revision that comes back", async () => {
    const { set, cached, cachedAcross, backup } = await subject();
    await set("before");
    const restore = await backup();
    expect(await cachedAcross(() => set("lost"))).toBe("lost");
    await restore();
    expect(await cached()).toBe("before");
  });
});
