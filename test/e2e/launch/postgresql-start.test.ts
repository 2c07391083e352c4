/** Mistakes with PostgreSQL that a start meets are told to a person: what, where, how to mend it, and no stack. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openDatabase } from "../../../src/store/open.ts";
import { UnusableDatabase } from "../../../src/store/sql/errors.ts";
import { createDatabase } from "../../harness/postgres/server.ts";
import { emptyDirectory, rolecall } from "../../harness/cli.ts";

const directory = emptyDirectory();
afterAll(() => directory.remove());

const unique = randomBytes(6).toString("hex");
const user = `app_${unique}`;
const named = (what: string) => `${what}_${unique}`;

/** The server's URL, otherwise. */
function url(database: string, changed: Partial<Pick<URL, "username" | "password" | "port" | "search">> = {}): string {
  const made = new URL(inject("postgresUrl"));
  return Object.assign(made, { pathname: `/${database}`, ...changed }).href;
}

async function run(database: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url(database) });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const latin = `create database ${named("latin")} encoding 'LATIN1' locale 'C' template template0`;
  await run("postgres", `create role ${user} login password 'secret'`, latin);
  for (const name of ["closed", "newer", "foreign"]) await createDatabase(inject("postgresUrl"), named(name));
  await run(named("closed"), "revoke create on schema public from public");
  await run(
    named("newer"),
    "create table schema_migrations (name text primary key not null, applied_at bigint not null)",
    "insert into schema_migrations values ('9999-later', 0)",
  );
  await run(named("foreign"), "create table users (id int)");
});

const asUser = { username: user, password: "secret" };
/** Where, and what is said of it. */
const cases: readonly (readonly [name: string, where: () => string, said: RegExp])[] = [
  ["a wrong password", () => url("postgres", { ...asUser, password: "wrong" }), /check user and password in the URL/],
  ["no such database", () => url("nowhere"), /"nowhere" does not exist: make it with CREATE DATABASE nowhere OWNER/],
  ["no server", () => url("postgres", { port: "1" }), /ECONNREFUSED.*check that it runs and that the URL names it/],
  ["no such host", () => "postgresql://u@nowhere.invalid/d", /nowhere\.invalid.*that the URL names it/],
  [
    "no right to create in the schema",
    () => url(named("closed"), asUser),
    /permission denied for schema public: .*ALTER DATABASE closed_\w+ OWNER TO app_\w+, or GRANT CREATE, USAGE/,
  ],
  ["another encoding", () => url(named("latin")), /its encoding is LATIN1.*ENCODING 'UTF8' TEMPLATE template0/],
  ["a newer schema", () => url(named("newer")), /newer version of rolecall \(it has 9999-later\): start that version/],
  ["tables of something else", () => url(named("foreign")), /"users" already exists: .*a database of its own/],
  ["no TLS there", () => url("postgres", { search: "?sslmode=require" }), /does not support SSL.*: turn TLS on there/],
  [
    "no such certificate",
    () => url("postgres", { search: "?sslmode=verify-full&sslrootcert=/nowhere/ca.pem" }),
    /ENOENT.*\/nowhere\/ca\.pem.*: check the paths in the URL/,
  ],
];

describe("a start on PostgreSQL that cannot be", () => {
  it.each(cases)("%s", async (_, where, said) => {
    const words = ["serve", "--port", "0", "--database", where()];
    const { code, out, err } = await rolecall(directory.path, words);
    expect(err).toMatch(said);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).not.toMatch(/secret|wrong@|defect|\bat .*\.ts/);
    const { host, pathname } = new URL(where());
    expect(err).toContain(`the database ${host}${pathname} cannot be used`);
    expect([code, out]).toEqual([1, ""]);
  });
});

it("a start says whose migration it waits for, gives up in time, and goes on once it may", async () => {
  const database = named("held");
  const postgresql = await createDatabase(inject("postgresUrl"), database);
  const holder = new pg.Client({ connectionString: postgresql, application_name: "another node" });
  await holder.connect();
  await holder.query("select pg_advisory_lock(7867082531)");
  const told: string[] = [];
  const patient = openDatabase({ postgresql }, { onWait: (what) => told.push(what) });
  const impatient = openDatabase({ postgresql }, { migrationPatience: 3500 });
  const gaveUp = await impatient.catch((error: unknown) => error);
  expect(gaveUp).toBeInstanceOf(UnusableDatabase);
  const whose = /held by process \d+ of the server \(another node from 127\.0\.0\.1, idle for \d+ s\)/;
  expect((gaveUp as Error).message).toMatch(whose);
  expect((gaveUp as Error).message).toMatch(/for more than 3\.5 seconds: end the node .*pg_terminate_backend\(\d+\)/);
  await expect.poll(() => told.length).toBe(1);
  expect(told).toEqual([expect.stringMatching(whose)]);
  await holder.end();
  await (await patient).close();
});
