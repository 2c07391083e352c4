import { expect, test } from "vitest";
import { Usage } from "../../src/operation/usage.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database } from "../../src/store/sql/database.ts";
import * as roles from "../../src/store/iam/roles.ts";
import { newAccount, newRole } from "../contract/records.ts";

test("who closes waits for the uses that are being written, so that the database may be closed after it", async () => {
  const database = await openDatabase({ sqlite: ":memory:" });
  const account = await newAccount(database);
  const role = await database.write((tx) => roles.create(tx, newRole(account, "used")));
  let go = (): void => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  const slow = new Proxy(database, {
    get(target, name) {
      if (name === "write") return async (work: Parameters<Database["write"]>[0]) => (await held, target.write(work));
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const errors: unknown[] = [];
  const usage = new Usage(slow, [], (error) => errors.push(error));
  usage.roleUsed(role, { now: 7, region: "eu-west-1" });
  // As the timer does, with nobody waiting.
  void usage.write();
  let closed = false;
  const closing = usage.close().then(() => (closed = true));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(false);
  go();
  await closing;
  expect(await database.glance((tx) => roles.lastUse(tx, role.id))).toEqual({ at: 7, region: "eu-west-1" });
  expect(errors).toEqual([]);
  await database.close();
});
