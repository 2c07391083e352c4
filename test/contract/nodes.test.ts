/** Nodes that write to one PostgreSQL beside each other: who waits for whom, and for how long. */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { BoundedDatabase } from "../../src/pipeline/bounded-database.ts";
import { Readiness } from "../../src/doors/health/readiness.ts";
import { systemClock } from "../../src/clock/clock.ts";
import type { Environment } from "../../src/operation/context.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as groups from "../../src/store/iam/groups.ts";
import * as quotas from "../../src/store/iam/quotas.ts";
import * as roles from "../../src/store/iam/roles.ts";
import * as users from "../../src/store/iam/users.ts";
import { until } from "../harness/until.ts";
import { postgresql } from "./backends.ts";
import { newAccount, newGroup, newRole, newUser } from "./records.ts";

let url: string;
let one: Database;
let other: Database;
beforeAll(async () => {
  const { location } = await postgresql.place();
  url = (location as { postgresql: string }).postgresql;
  [one, other] = [await openDatabase(location), await openDatabase(location)];
});
afterAll(async () => {
  await one?.close();
  await other?.close();
});

test("writers of one account wait for each other instead of doing their work in vain", async () => {
  const account = await newAccount(one);
  let runs = 0;
  const write = (db: Database, name: string) =>
    db.write(
      async (tx) => {
        runs++;
        return users.create(tx, newUser(account, name));
      },
      { account },
    );
  const names = Array.from({ length: 12 }, (_, index) => `u${index}`);
  await Promise.all([one, other].flatMap((db, node) => names.map((name) => write(db, `${name}-${node}`))));
  expect(runs).toBe(2 * names.length);
});

test("a node that stands still in the middle of a change holds up the others for seconds, and says so", async () => {
  const account = await newAccount(one);
  let goOn = (): void => undefined;
  const stands = new Promise<void>((resolve) => (goOn = resolve));
  let runs = 0;
  const work = one.write(
    async (tx) => {
      const user = await users.create(tx, newUser(account, `still-${runs}`));
      if (runs++ === 0) await stands;
      return user;
    },
    { account },
  );
  work.catch(() => undefined);
  await until(() => runs === 1);

  const bounded = new BoundedDatabase(other, 10, null);
  const well = { full: false, state: { failing: false }, canSeal: true, damaged: [] };
  const node = { clockDeviation: 0, isCurrent: () => true };
  const storedSecrets = { unopenable: new Set() };
  const parts = { database: bounded, trail: well, tokens: well, secrets: well, node, storedSecrets };
  const environment = parts as unknown as Environment;
  const readiness = new Readiness(
    () => environment,
    () => other,
    systemClock,
  );
  const said = new Set<string>([(await readiness.find()).store]);
  const change = bounded.write((tx) => users.create(tx, newUser(account, "moves")), { account });
  let done = false;
  const ended = change.finally(() => (done = true));
  while (!done) {
    said.add((await readiness.find()).store);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await ended;
  expect(said).toEqual(new Set(["ok", "changes wait"]));
  // The account has one user: what stood still was taken back.
  expect(await other.read((tx) => users.list(tx, account, { limit: 10 }))).toHaveLength(1);
  goOn();
  await work.catch(() => undefined);
  const names = (await other.read((tx) => users.list(tx, account, { limit: 10 }))).map((user) => user.name);
  expect(names).not.toContain("still-0");
});

test("no table is locked as a whole, so that accounts do not abort each other", async () => {
  const account = await newAccount(one);
  const user = await one.write((tx) => users.create(tx, newUser(account, "u", { tags: [{ key: "k", value: "v" }] })));
  // An index without any entry has no page that could be locked alone.
  await one.write(async (tx) => {
    await roles.create(tx, newRole(account, "first"));
    await groups.create(tx, newGroup(account, "first"));
  });
  const watcher = new pg.Client({ connectionString: url });
  await watcher.connect();
  const whole = await one.write(
    async (tx) => {
      await users.byId(tx, user.id);
      await users.list(tx, account, { limit: 10 });
      await roles.create(tx, newRole(account, "r", { tags: [{ key: "k", value: "v" }] }));
      const group = await groups.create(tx, newGroup(account, "g"));
      await groups.addMember(tx, group, user);
      await quotas.take(tx, account, "roles", 5);
      const { rows } = await watcher.query<{ name: string }>(
        `select distinct relation::regclass::text as name from pg_locks
          where mode = 'SIReadLock' and locktype = 'relation' and pid in (
            select pid from pg_stat_activity where datname = current_database()) order by 1`,
      );
      return rows.map(({ name }) => name);
    },
    { account },
  );
  await watcher.end();
  expect(whole).toEqual([]);
});
