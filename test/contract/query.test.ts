import { expect, test } from "vitest";

import { openDatabase } from "../../src/store/database.ts";
import { read, unversioned, write } from "../../src/store/query.ts";

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
  await expect(db.write((tx) => insert.run(tx, { account: "1", kind: "x", id: "1" }, { key: "b" }))).rejects.toThrow(
    "account 1 does not exist",
  );
  expect(await db.read((tx) => select.one(tx, { key: "b", value: "constant" }))).toBeUndefined();
  await db.close();
});
