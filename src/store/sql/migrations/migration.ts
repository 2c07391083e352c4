import type { AlterTableBuilder, Compilable, CreateIndexBuilder, CreateTableBuilder, RawBuilder } from "kysely";
import { sql } from "kysely";

import { builderOf } from "../builder.ts";
import type { Dialect } from "../transaction.ts";

/** One step of the schema, for both databases. A migration that was released is never changed. */
export interface Migration {
  /** Unique; migrations run in the order of the list, and their names are kept in the database. */
  readonly name: string;
  up(toolkit: Toolkit): readonly Compilable[];
}

export interface Toolkit {
  /** A new table; strict about types on SQLite as PostgreSQL always is. */
  table(name: string): CreateTableBuilder<string>;
  index(name: string): CreateIndexBuilder;
  /** A table that is there already. */
  alter(name: string): AlterTableBuilder;
  /** What the builders have no words for. */
  statement(text: string): Compilable;
  readonly dialect: Dialect;
  readonly types: Types;
}

export interface Types {
  /** Text that is compared and ordered byte by byte on both. */
  readonly key: RawBuilder<unknown>;
  readonly text: RawBuilder<unknown>;
  /** 64 bits, read as a JavaScript number. */
  readonly integer: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
  /** Adds a primary key that the database counts up. */
  sequence(table: CreateTableBuilder<string>, column: string): CreateTableBuilder<string>;
}

export function toolkitOf(dialect: Dialect): Toolkit {
  const { schema } = builderOf(dialect);
  const strict = (name: string) => schema.createTable(name).modifyEnd(sql`strict`);
  return {
    table: dialect === "sqlite" ? strict : (name) => schema.createTable(name),
    index: (name) => schema.createIndex(name),
    alter: (name) => schema.alterTable(name),
    statement: (text) => ({ compile: () => sql.raw(text).compile(builderOf(dialect)) }),
    dialect,
    types: dialect === "sqlite" ? sqliteTypes : postgresqlTypes,
  };
}

const sqliteTypes: Types = {
  key: sql`text`,
  text: sql`text`,
  integer: sql`integer`,
  bytes: sql`blob`,
  // AUTOINCREMENT never gives a number twice, not even after the newest row was removed.
  sequence: (table, name) => table.addColumn(name, sql`integer`, (column) => column.primaryKey().autoIncrement()),
};

const postgresqlTypes: Types = {
  key: sql`text collate "C"`,
  text: sql`text`,
  integer: sql`bigint`,
  bytes: sql`bytea`,
  sequence: (table, name) =>
    table.addColumn(name, sql`bigint`, (column) => column.generatedAlwaysAsIdentity().primaryKey()),
};
