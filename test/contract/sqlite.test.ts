/** What only the embedded database has to prove: batches, crashes, and one owner of a data directory. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { accountDomain } from "../../src/store/sql/domain.ts";
import { SqliteConnection } from "../../src/store/sql/dialects/sqlite/connection.ts";
import { SqliteExecutor } from "../../src/store/sql/dialects/sqlite/executor.ts";
import { lockDataDirectory } from "../../src/store/sql/dialects/sqlite/data-directory.ts";
import { openDatabase } from "../../src/store/open.ts";
import { Unavailable } from "../../src/store/sql/errors.ts";
import * as users from "../../src/store/iam/users.ts";
import type { Value } from "../../src/store/sql/transaction.ts";
import type { Program } from "../harness/program.ts";
import { compileProgram } from "../harness/program.ts";
import { newAccount, newUser } from "./records.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-sqlite-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const statement = (sql: string) => ({ name: "", sql });

function executorOn(path: string): {
  connection: SqliteConnection;
  write: (work: () => void) => Promise<void>;
  close: () => Promise<void>;
} {
  const connection = new SqliteConnection(path);
  connection.execute("pragma journal_mode = wal; pragma foreign_keys = on");
  connection.execute("create table parent (id integer primary key)");
  connection.execute("create table child (id integer primary key, parent integer references parent (id), body text)");
  const executor = new SqliteExecutor(connection);
  return {
    connection,
    close: () => executor.close(),
    write: (work) =>
      new Promise((resolve, reject) => executor.write({ run: async () => work(), committed: resolve, failed: reject })),
  };
}

test("when a commit fails, every write of its batch fails, and the next batch is fresh", async () => {
  const { connection, write, close } = executorOn(join(directory, "commit.db"));
  const insert = (id: number) => () => void connection.run(statement("insert into parent values (?)"), [id]);
  const outcomes = await Promise.allSettled([
    write(insert(1)),
    write(() => {
      // A constraint that is checked by COMMIT only.
      connection.execute("pragma defer_foreign_keys = on");
      connection.run(statement("insert into child values (1, 99, '')"), []);
    }),
    write(insert(2)),
  ]);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(Unavailable) });
  }
  await write(insert(3));
  expect(connection.all(statement("select id from parent"), []).map((row) => row["id"])).toEqual([3]);
  await close();
});

test("a full disk fails the write that met it, and the database goes on", async () => {
  const { connection, write, close } = executorOn(join(directory, "full.db"));
  connection.execute("pragma max_page_count = 40");
  const body = (id: number, length: number) => () =>
    void connection.run(statement("insert into child values (?, null, ?)"), [id, "x".repeat(length)]);
  const outcomes = await Promise.allSettled([write(body(1, 10)), write(body(2, 400_000)), write(body(3, 10))]);
  expect(outcomes[1]).toMatchObject({ status: "rejected", reason: expect.any(Unavailable) });
  await write(body(4, 10));
  const kept = connection.all(statement("select id from child order by id"), []).map((row) => row["id"]);
  const acknowledged = [1, 2, 3].filter((id) => outcomes[id - 1]!.status === "fulfilled");
  expect(kept).toEqual([...acknowledged, 4]);
  await close();
});

test("a value that the binding would change is refused before it gets there", async () => {
  const { connection, close } = executorOn(join(directory, "values.db"));
  for (const value of [true, undefined, new Date(), {}, 1n, NaN, "AKIA\0"]) {
    const binding = () => connection.one(statement("select ? as v"), [value as unknown as Value]);
    expect(binding).toThrow(TypeError);
  }
  await close();
});

test("SQLite is one without the error in resetting the write-ahead log, which workers could meet", () => {
  const connection = new SqliteConnection(":memory:");
  const version = connection.one(statement("select sqlite_version() as v"), [])!["v"] as string;
  connection.close();
  // Mended in 3.51.3 (sqlite.org/wal.html#walresetbug).
  const [major, minor, patch] = version.split(".").map(Number) as [number, number, number];
  expect(major * 1_000_000 + minor * 1000 + patch).toBeGreaterThanOrEqual(3_051_003);
});

test("what was asked for before the close is done, what comes after is refused", async () => {
  const path = join(directory, "close.db");
  const db = await openDatabase({ sqlite: path });
  const account = await newAccount(db);
  const user = newUser(account, "last");
  const writing = db.write((tx) => users.create(tx, user));
  const closing = db.close();
  await expect(db.write((tx) => users.create(tx, newUser(account, "late")))).rejects.toBeInstanceOf(Unavailable);
  await expect(db.read((tx) => users.byId(tx, user.id))).rejects.toBeInstanceOf(Unavailable);
  await Promise.all([writing, closing]);
  const again = await openDatabase({ sqlite: path });
  expect(await again.read((tx) => users.byId(tx, user.id))).toMatchObject({ name: "last" });
  expect(again.revision(accountDomain(account))).toMatchObject({ number: 2 });
  await again.close();
});

test("a database of a newer version is refused, untouched", async () => {
  const path = join(directory, "newer.db");
  await (await openDatabase({ sqlite: path })).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const connection = new SqliteConnection(path);
  connection.run(statement("insert into schema_migrations values ('9999-later', 1)"), []);
  connection.close();
  await expect(openDatabase({ sqlite: path })).rejects.toThrow(/newer version of rolecall \(it has 9999-later\)/);
});

test("a read that takes long does not keep writes waiting behind ever new reads", async () => {
  const db = await openDatabase({ sqlite: ":memory:" });
  const account = await newAccount(db);
  const order: string[] = [];
  const reads: (() => void)[] = [];
  /** A read that goes on until it is told to end. */
  const read = (name: string) =>
    db.read(() => {
      order.push(name);
      return new Promise<void>((resolve) => reads.push(resolve));
    });
  const first = read("first read");
  while (reads.length === 0) await new Promise(setImmediate);
  const writing = db.write((tx) => users.create(tx, newUser(account, "u"))).then(() => order.push("write"));
  // Writes of one turn of the event loop go together: it is due in the next.
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  const later = [read("later read"), read("later read")];
  reads.shift()!();
  await first;
  await writing;
  while (reads.length < later.length) await new Promise(setImmediate);
  for (const end of reads) end();
  await Promise.all(later);
  expect(order).toEqual(["first read", "write", "later read", "later read"]);
  await db.close();
});

test("an ephemeral database needs no file", async () => {
  const db = await openDatabase({ sqlite: ":memory:" });
  const account = await newAccount(db);
  const user = await db.write((tx) => users.create(tx, newUser(account, "here")));
  expect(await db.read((tx) => users.byId(tx, user.id))).toEqual(user);
  await db.close();
});

test("a file of another kind, and a path that cannot be, are Unavailable", async () => {
  const inFile = openDatabase({ sqlite: join(directory, "missing", "x.db") });
  await expect(inFile).rejects.toBeInstanceOf(Unavailable);
  writeFileSync(join(directory, "text.db"), "not a database at all, but long enough to be looked at ".repeat(40));
  const text = openDatabase({ sqlite: join(directory, "text.db") });
  await expect(text).rejects.toBeInstanceOf(Unavailable);
});

test("kill -9 under writes: every acknowledged write is there, whole", async () => {
  const program = compileProgram("test/contract/writer.ts");
  const path = join(directory, "killed.db");
  const acknowledged: string[] = [];
  try {
    for (let round = 0; round < 3; round++) {
      acknowledged.push(...(await acknowledgedUntilKilled(program, path, round)));
      await verify(path, acknowledged);
    }
  } finally {
    program.remove();
  }
});

async function acknowledgedUntilKilled(program: Program, path: string, round: number): Promise<string[]> {
  const child = program.spawn([path, String(round)]);
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      // Not between two writes: some of the next are under way by the time the signal arrives.
      if (output.length > 4000) child.kill("SIGKILL");
    });
    child.once("exit", (_, signal) => (signal === "SIGKILL" ? resolve() : reject(new Error("the writer ended"))));
  });
  return output.slice(0, output.lastIndexOf("\n")).split("\n");
}

async function verify(path: string, acknowledged: readonly string[]): Promise<void> {
  const connection = new SqliteConnection(path);
  expect(connection.one(statement("pragma integrity_check"), [])).toMatchObject({ integrity_check: "ok" });
  expect(connection.all(statement("pragma foreign_key_check"), [])).toEqual([]);
  connection.close();
  const db = await openDatabase({ sqlite: path });
  const present = await db.read((tx) => users.list(tx, "100000000001", { limit: 1_000_000 }));
  const names = new Set(present.map(({ name }) => name));
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  // Whole: each committed user has bumped the revision, and has its tag.
  expect(db.revision(accountDomain("100000000001"))).toMatchObject({ number: 1 + present.length });
  expect(present.every(({ tags }) => tags.length === 1)).toBe(true);
  await db.close();
}

test("a data directory has one owner at a time, and a killed owner's lock is gone", async () => {
  const data = join(directory, "data");
  const program = compileProgram("test/contract/owner.ts");
  const owner = program.spawn([data]);
  try {
    await new Promise((resolve) => owner.stdout!.once("data", resolve));
    expect(() => lockDataDirectory(data)).toThrow(`in use by process ${owner.pid}`);
    owner.kill("SIGKILL");
    await new Promise((resolve) => owner.once("exit", resolve));
    const lock = lockDataDirectory(data);
    expect(() => lockDataDirectory(data)).toThrow(`in use by process ${process.pid}`);
    lock.release();
    lockDataDirectory(data).release();
  } finally {
    owner.kill("SIGKILL");
    program.remove();
  }
});
