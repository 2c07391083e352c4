import { expect, test } from "vitest";

import { accountDomain } from "../../src/store/sql/domain.ts";
import { openDatabase } from "../../src/store/open.ts";
import { Unstorable } from "../../src/store/sql/errors.ts";
import { unversioned } from "../../src/store/sql/query.ts";
import { key, text as plainText } from "../../src/store/sql/table/column.ts";
import { queriesOf } from "../../src/store/sql/table/queries.ts";
import { table } from "../../src/store/sql/table/table.ts";
import * as roles from "../../src/store/iam/roles.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount, newRole } from "./records.ts";

const { read, write } = queriesOf(table("settings", { key, value: plainText }));
const select = read((db, p: { key: string; value: string }) =>
  db.selectFrom("settings").selectAll().where("value", "=", p.value).where("key", "=", p.key).limit(1),
);
const insert = write((db, p: { key: string }) => db.insertInto("settings").values({ key: p.key, value: "constant" }));

test("parameters go to their places by name, constants stay", async () => {
  const db = await openDatabase({ sqlite: ":memory:" });
  await db.write((tx) => insert.run(tx, unversioned, { key: "a" }));
  const found = await db.read((tx) => select.one(tx, { value: "constant", key: "a" }));
  expect(found).toMatchObject({ key: "a", value: "constant" });
  expect(await db.read((tx) => select.all(tx, { key: "constant", value: "a" }))).toEqual([]);
  await db.close();
});

test("a missing parameter is a defect, never null", async () => {
  const db = await openDatabase({ sqlite: ":memory:" });
  const missing = { key: "a" } as { key: string; value: string };
  await expect(db.read((tx) => select.one(tx, missing))).rejects.toThrow("query parameter value is missing");
  await expect(db.write((tx) => insert.run(tx, { account: "1", kind: "user", id: "1" }, { key: "b" }))).rejects.toThrow(
    "domain 1 does not exist",
  );
  expect(await db.read((tx) => select.one(tx, { key: "b", value: "constant" }))).toBeUndefined();
  await db.close();
});

onEachBackend("what no database keeps as it is", (suite) => {
  test.each(["nul\0", "\0", "half \ud800", "\udc00 half"])("%j is found nowhere, and not written", async (text) => {
    const { db } = suite;
    const account = await newAccount(db);
    expect(await db.read((tx) => select.all(tx, { key: text, value: "x" }))).toEqual([]);
    expect(await db.read((tx) => select.one(tx, { key: "x", value: text }))).toBeUndefined();
    expect((await db.revisions([text, account].map(accountDomain))).get(accountDomain(account))!.number).toBe(1);
    const described = (description: string) =>
      db.write((tx) => roles.create(tx, newRole(account, "r", { description })), { account });
    await expect(described(text)).rejects.toBeInstanceOf(Unstorable);
    await expect(db.write((tx) => insert.run(tx, unversioned, { key: text }))).rejects.toBeInstanceOf(Unstorable);
    expect((await described("whole \ud83c\udfa9")).description).toBe("whole \ud83c\udfa9");
  });

  test.each([1e300, -Infinity, Number.NaN, 0.5])("nor is the integer %d", async (number) => {
    const { db } = suite;
    const account = await newAccount(db);
    const page = (limit: number) => db.read((tx) => roles.list(tx, account, { limit }));
    expect(await page(number)).toEqual([]);
    const lasting = { maxSessionDuration: number };
    const create = db.write((tx) => roles.create(tx, newRole(account, "r", lasting)), { account });
    await expect(create).rejects.toBeInstanceOf(Unstorable);
  });
});
