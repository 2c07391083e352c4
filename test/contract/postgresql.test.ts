/** What only PostgreSQL can do: go away, come back, and abort a transaction for the sake of another. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { accountDomain } from "../../src/store/sql/domain.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { openDatabase } from "../../src/store/open.ts";
import { Contention, Unavailable } from "../../src/store/sql/errors.ts";
import * as settings from "../../src/store/server/settings.ts";
import * as users from "../../src/store/iam/users.ts";
import { until } from "../harness/until.ts";
import type { PostgresServer } from "../harness/postgres/server.ts";
import { startPostgres } from "../harness/postgres/server.ts";
import { newAccount, newUser } from "./records.ts";

let server: PostgresServer;
let db: Database;
beforeAll(async () => {
  server = await startPostgres();
  db = await openDatabase({ postgresql: await server.createDatabase("own") });
});
afterAll(async () => {
  await db?.close();
  await server?.stop();
});

test("a server that restarts makes calls unavailable, loses nothing, and is found again", async () => {
  const account = await newAccount(db);
  const acknowledged: string[] = [];
  const failures: unknown[] = [];
  let stop = false;
  const writer = async (lane: number) => {
    for (let index = 0; !stop; index++) {
      const user = newUser(account, `u-${lane}-${index}`);
      try {
        await db.write((tx) => users.create(tx, user), { account });
        acknowledged.push(user.id);
      } catch (error) {
        failures.push(error);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const lanes = [0, 1, 2].map(writer);
  await until(() => acknowledged.length > 10);
  await server.restart();
  const before = acknowledged.length;
  await until(() => acknowledged.length > before + 10);
  stop = true;
  await Promise.all(lanes);
  for (const failure of failures) expect(failure).toBeInstanceOf(Unavailable);
  await db.health();
  await db.read(async (tx) => {
    for (const id of acknowledged) expect(await users.byId(tx, id)).not.toBeNull();
  });
  expect((await db.revision(accountDomain(account))).number).toBeGreaterThan(acknowledged.length);
});

test("on a standby nothing is read or decided, and its promotion is found without a restart", async () => {
  const account = await newAccount(db);
  const location = { postgresql: await server.createDatabase("standby") };
  await server.restartAsStandby();
  const standby = /^PostgreSQL: the server is a standby/;
  const refused: Record<string, () => unknown> = {
    revision: () => db.revision(accountDomain(account)),
    read: () => db.read((tx) => users.list(tx, account, { limit: 1 })),
    health: () => db.health(),
    opening: () => openDatabase(location),
  };
  // Twice: the first call may find connections that the restart has cut.
  for (const ask of Object.values(refused)) await Promise.resolve(ask()).catch(() => undefined);
  for (const [name, ask] of Object.entries(refused)) {
    const error = await Promise.resolve(ask()).catch((reason: unknown) => reason);
    expect(error, name).toBeInstanceOf(Unavailable);
    expect((error as Error).message, name).toMatch(standby);
  }
  await expect(db.write((tx) => settings.set(tx, "x", "y"))).rejects.toBeInstanceOf(Unavailable);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query("select pg_promote()");
  await client.end();
  expect((await db.revision(accountDomain(account))).number).toBe(1);
  await db.write((tx) => users.create(tx, newUser(account, "after")), { account });
  await db.health();
});

test("a server that is not there is Unavailable", async () => {
  const nobody = openDatabase({ postgresql: "postgresql://nobody@127.0.0.1:1/none" });
  await expect(nobody).rejects.toBeInstanceOf(Unavailable);
});

test("a work that always loses ends in Contention, after bounded time", async () => {
  let attempts = 0;
  const losing = db.write(async (tx) => {
    attempts++;
    await settings.get(tx, "x");
    throw Object.assign(new Error("could not serialize access"), { code: "40001" });
  });
  await expect(losing).rejects.toBeInstanceOf(Contention);
  // For five seconds, with a pause of a tenth on average once it has lost often; fewer where each takes long.
  expect(attempts).toBeGreaterThanOrEqual(2);
  expect(attempts).toBeLessThan(200);
});
