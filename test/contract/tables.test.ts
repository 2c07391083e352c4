/**
 * Tables are declared in code (store/sql/table), and made by migrations, which are history and stay as they were
 * written. Here each declaration is held against what the migrations have made: on both databases, column by column.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { sql } from "kysely";
import { beforeAll, expect, test } from "vitest";

import { sealedTables } from "../../src/store/iam/sealed-tables.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { read } from "../../src/store/sql/query.ts";
import type { Members, StoredType } from "../../src/store/sql/table/column.ts";
import type { Table } from "../../src/store/sql/table/table.ts";
import { onEachBackend } from "./backends.ts";

type AnyTable = Table<string, Members>;
const store = fileURLToPath(new URL("../../src/store", import.meta.url));

/** What can be compared: SQLite knows no collation of its own for keys, PostgreSQL calls it "C". */
type Facts = { type: StoredType | "key or text"; nullable: boolean };
type Columns = Record<string, Facts>;

interface Found {
  table: string;
  column: string;
  type: string;
  nullable: number;
}

const onSqlite = read(
  () => sql<Found>`
  select t."name" as "table", c."name" as "column", lower(c."type") as "type", 1 - max(c."notnull", c."pk" > 0) as "nullable"
  from sqlite_master t join pragma_table_info(t."name") c where t."type" = 'table' and t."name" not like 'sqlite_%'`,
);
const onPostgresql = read(
  () => sql<Found>`
  select table_name as "table", column_name as "column",
    case when collation_name = 'C' then 'key' else data_type end as "type",
    case when is_nullable = 'YES' then 1 else 0 end as "nullable"
  from information_schema.columns where table_schema = 'public'`,
);

const types: Readonly<Record<string, Facts["type"]>> = {
  integer: "integer",
  bigint: "integer",
  blob: "bytes",
  bytea: "bytes",
  key: "key",
};

/** Tables as the database has them. */
async function made(db: Database): Promise<Record<string, Columns>> {
  const isSqlite = db.dialect === "sqlite";
  const rows = await db.read((tx) => (isSqlite ? onSqlite : onPostgresql).all(tx, {}));
  const tables: Record<string, Columns> = {};
  for (const { table, column, type, nullable } of rows) {
    const columns = (tables[table] ??= {});
    columns[column] = { type: types[type] ?? (isSqlite ? "key or text" : "text"), nullable: nullable === 1 };
  }
  return tables;
}

/** Tables as they are declared. One that is declared in two places (accounts) is all that both say. */
function wanted(db: Database): Record<string, Columns> {
  const tables: Record<string, Columns> = {};
  for (const { name, columns } of declared) {
    const facts = (tables[name] ??= {});
    for (const [column, { type, nullable }] of columns) {
      const isText = type === "key" || type === "text";
      facts[column] = { type: isText && db.dialect === "sqlite" ? "key or text" : type, nullable };
    }
  }
  return tables;
}

/** The tables that the files of the store export: one that is not exported is missed here, and named. */
async function declaredTables(): Promise<AnyTable[]> {
  const files = readdirSync(store, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const modules: object[] = await Promise.all(files.map((file) => import(join(store, file))));
  return modules.flatMap((module) => Object.values(module).filter(isTable));
}

function isTable(value: unknown): value is AnyTable {
  return typeof value === "object" && value !== null && "columns" in value && "members" in value;
}

let declared: readonly AnyTable[] = [];
beforeAll(async () => {
  declared = await declaredTables();
});

onEachBackend("tables", (suite) => {
  test("are tended where they keep sealed secrets: a rotation would leave out those of any other", async () => {
    const sealing = declared.filter(({ columns }) => columns.has("ring_key"));
    expect(sealedTables.map(({ name }) => name).toSorted()).toEqual(sealing.map(({ name }) => name).toSorted());
    await suite.db.read(async (tx) => {
      for (const table of sealedTables) {
        expect(await table.page(tx, { after: "", limit: 1 })).toEqual([]);
        expect(await table.sealedWith(tx, "none", { after: "", limit: 1 })).toEqual([]);
        expect(await table.countUsable(tx)).toBe(0);
      }
    });
  });

  test("are declared as the migrations have made them, every column of every table", async () => {
    expect(wanted(suite.db)).toEqual(await made(suite.db));
  });
});
