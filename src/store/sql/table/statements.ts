/** The statements that every table has, each compiled once for each dialect (query.ts). */
import type { Kysely, SelectQueryBuilder } from "kysely";

import { read, write } from "../query.ts";
import type { Changes, Parameters, WriteQuery } from "../query.ts";
import type { Dialect, Tx } from "../transaction.ts";
import type { Members } from "./column.ts";
import { columnName } from "./member.ts";
import type { Row } from "./member.ts";
import type { AnyTables, Table } from "./table.ts";
import type { ChangeOf, FindableBy, RecordOf } from "./types.ts";

type SelectFromAny = (db: Kysely<AnyTables>, dialect: Dialect) => SelectQueryBuilder<AnyTables, string, Row>;
type Key<M extends Members, By extends keyof FindableBy<M>> = Pick<FindableBy<M>, By>;

/** Finds the record that has these values in these members, which only one can have. */
export function finder<Name extends string, M extends Members, By extends keyof FindableBy<M> & string>(
  table: Table<Name, M>,
  ...by: readonly By[]
): (tx: Tx, key: Key<M, By>) => Promise<RecordOf<M> | null> {
  const name: string = table.name;
  const query = read((db: Kysely<AnyTables>, p: Parameters, dialect) => {
    let select = (table.selectFrom as unknown as SelectFromAny)(db, dialect);
    for (const member of by) select = select.where(`${name}.${columnName(member)}`, "=", p[member]!);
    return select;
  });
  return async (tx, key) => {
    const row = await query.one(tx, key as Parameters);
    return row === undefined ? null : table.record(row);
  };
}

/**
 * Inserts a row.
 *
 * @param unique the members that another row may have already: it then answers 0 and nothing is inserted. Whatever
 * other constraint stands in the way is the database's error; without any, every one is answered by 0.
 */
export function inserter<Name extends string, M extends Members>(
  table: Table<Name, M>,
  ...unique: readonly (keyof FindableBy<M> & string)[]
): (tx: Tx, change: Changes, record: RecordOf<M>) => Promise<number> {
  const query = write((db: Kysely<AnyTables>, p: Parameters) =>
    db
      .insertInto(table.name as string)
      .values(Object.fromEntries(table.written.map((column) => [column, p[column]])))
      .onConflict((conflict) =>
        (unique.length === 0 ? conflict : conflict.columns(unique.map(columnName))).doNothing(),
      ),
  );
  return (tx, change, record) => query.run(tx, change, table.row(record));
}

/** Inserts a row without waiting (WriteQuery.defer): one that cannot be there fails the commit. */
export function deferredInserter<Name extends string, M extends Members>(
  table: Table<Name, M>,
): (tx: Tx, record: RecordOf<M>) => void {
  const query = write((db: Kysely<AnyTables>, p: Parameters) =>
    db.insertInto(table.name as string).values(Object.fromEntries(table.written.map((column) => [column, p[column]]))),
  );
  return (tx, record) => query.defer(tx, table.row(record));
}

/** Inserts a row, or changes these members of the one that has the same values in the unique ones already. */
export function upserter<Name extends string, M extends Members>(
  table: Table<Name, M>,
  unique: readonly (keyof FindableBy<M> & string)[],
  changed: readonly (keyof FindableBy<M> & string)[],
): (tx: Tx, change: Changes, record: RecordOf<M>) => Promise<number> {
  const query = write((db: Kysely<AnyTables>, p: Parameters) =>
    db
      .insertInto(table.name as string)
      .values(Object.fromEntries(table.written.map((column) => [column, p[column]])))
      .onConflict((conflict) =>
        conflict
          .columns(unique.map(columnName))
          .doUpdateSet(Object.fromEntries(changed.map(columnName).map((column) => [column, p[column]]))),
      ),
  );
  return (tx, change, record) => query.run(tx, change, table.row(record));
}

/**
 * Changes members of the one row that a key finds: one statement for each set of members that is changed together.
 *
 * @returns how many rows it found
 */
export function updater<Name extends string, M extends Members, By extends keyof FindableBy<M> & string>(
  table: Table<Name, M>,
  ...by: readonly By[]
): (tx: Tx, change: Changes, key: Key<M, By>, to: ChangeOf<M>) => Promise<number> {
  const queries = new Map<string, WriteQuery<Parameters, unknown>>();
  const queryOf = (columns: readonly string[]): WriteQuery<Parameters, unknown> =>
    write((db: Kysely<AnyTables>, p: Parameters) => {
      let update = db
        .updateTable(table.name as string)
        .set(Object.fromEntries(columns.map((column) => [column, p[column]])));
      for (const member of by) update = update.where(columnName(member), "=", p[`of ${member}`]!);
      return update;
    });
  return (tx, change, key, to) => {
    const changed = table.changed(to);
    const columns = Object.keys(changed);
    const set = columns.join(" ");
    let query = queries.get(set);
    if (query === undefined) queries.set(set, (query = queryOf(columns)));
    for (const member of by) changed[`of ${member}`] = (key as Parameters)[member]!;
    return query.run(tx, change, changed);
  };
}

/** Removes the row that a key finds. @returns how many there were */
export function remover<Name extends string, M extends Members, By extends keyof FindableBy<M> & string>(
  table: Table<Name, M>,
  ...by: readonly By[]
): (tx: Tx, change: Changes, key: Key<M, By>) => Promise<number> {
  const query = write((db: Kysely<AnyTables>, p: Parameters) => {
    let remove = db.deleteFrom(table.name as string);
    for (const member of by) remove = remove.where(columnName(member), "=", p[member]!);
    return remove;
  });
  return (tx, change, key) => query.run(tx, change, key as Parameters);
}
