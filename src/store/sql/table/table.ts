/**
 * A table is declared once: from its members follow its columns, the types of its rows and records, and how they are
 * selected, read and written. test/contract/tables.test.ts holds each declaration against what the migrations made.
 */
import type { Kysely, SelectQueryBuilder } from "kysely";

import type { Parameters } from "../query.ts";
import type { Dialect, Value } from "../transaction.ts";
import type { AnyMember, Column, Members } from "./column.ts";
import { changedColumns, columnName, columnsOf, newRecord, newRow, readerOf } from "./member.ts";
import type { Declared, Row } from "./member.ts";
import type { ChangeOf, NewOf, RecordOf, RowOf } from "./types.ts";

export interface Table<Name extends string, M extends Members> {
  readonly name: Name;
  readonly members: M;
  /** Every column by its name. */
  readonly columns: ReadonlyMap<string, Column<Value, unknown>>;
  /** Those that a new row has from whoever makes it. */
  readonly written: readonly string[];
  /** All that a record is read from. Columns are qualified, so that other tables may be joined. */
  selectFrom<T extends Record<Name, RowOf<M>>>(db: Kysely<T>, dialect: Dialect): SelectQueryBuilder<T, Name, Row>;
  record(row: Row): RecordOf<M>;
  /** What a new record has, where it was not given. */
  fresh(given: NewOf<M>): RecordOf<M>;
  /** A new row, by column. */
  row(record: RecordOf<M>): Parameters;
  /** The columns that a change writes. */
  changed(to: ChangeOf<M>): Parameters;
}

/** @param name in the database */
export function table<const Name extends string, M extends Members>(name: Name, members: M): Table<Name, M> {
  const declared = Object.entries(members as unknown as Readonly<Record<string, AnyMember>>);
  const readers = readersOf(declared);
  return {
    name,
    members,
    columns: new Map(declared.flatMap(([member, of]) => columnsOf(member, of))),
    written: declared.flatMap(([member, of]) =>
      of.form === "generated" ? [] : columnsOf(member, of).map(([column]) => column),
    ),
    selectFrom: (db, dialect) => selection(name, declared, db as unknown as Kysely<AnyTables>, dialect) as never,
    record: (row) => {
      const record: Record<string, unknown> = {};
      for (const [member, read] of readers) record[member] = read(row);
      return record as RecordOf<M>;
    },
    fresh: (given) => newRecord(declared, given) as RecordOf<M>,
    row: (record) => newRow(declared, record),
    changed: (to) => changedColumns(declared, to),
  };
}

/** Any tables, where they are known at run time alone. */
export type AnyTables = Record<string, Record<string, unknown>>;

function selection(name: string, declared: Declared, db: Kysely<AnyTables>, dialect: Dialect) {
  const shown = declared.filter(([member, of]) => readerOf(member, of) !== null);
  let query = db
    .selectFrom(name)
    .select(shown.flatMap(([member, of]) => columnsOf(member, of)).map(([column]) => `${name}.${column}`));
  for (const [member, of] of shown) {
    if (of.form === "selected") query = query.select(of.expression(dialect).as(columnName(member)));
  }
  return query;
}

function readersOf(declared: Declared): readonly (readonly [string, (row: Row) => unknown])[] {
  return declared.flatMap(([member, of]) => {
    const read = readerOf(member, of);
    return read === null ? [] : [[member, read] as const];
  });
}
