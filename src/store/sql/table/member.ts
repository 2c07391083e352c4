/** What each form of member means: its columns, how it is read from a row, what it writes into one. */
import type { Parameters } from "../query.ts";
import type { Value } from "../transaction.ts";
import { nullable } from "./column.ts";
import type { AnyMember, Column } from "./column.ts";

/** The members of a table by name, in the order of their declaration. */
export type Declared = readonly (readonly [name: string, member: AnyMember])[];
export type Row = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, unknown>>;

const columnNames = new Map<string, string>();

/** `createdAt` → `created_at`. Of members that are declared, so that there are only so many. */
export function columnName(member: string): string {
  let name = columnNames.get(member);
  if (name === undefined) {
    name = member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    columnNames.set(member, name);
  }
  return name;
}

function partName(member: string, part: string): string {
  return `${columnName(member)}_${columnName(part)}`;
}

/** The columns that keep a member, by name. */
export function columnsOf(name: string, member: AnyMember): [string, Column<Value, unknown>][] {
  switch (member.form) {
    case "column":
      return [[columnName(name), member]];
    case "initial":
    case "hidden":
    case "following":
    case "generated":
      return [[columnName(name), member.column as Column<Value, unknown>]];
    case "together":
      return Object.entries(member.parts).map(([part, column]) => [partName(name, part), nullable(column)]);
    case "selected":
      return [];
  }
}

/** How a record has a member from a row; null for a member that records do not show. */
export function readerOf(name: string, member: AnyMember): ((row: Row) => unknown) | null {
  const column = columnName(name);
  switch (member.form) {
    case "column":
      return (row) => member.toRecord(row[column] as Value);
    case "initial":
      return (row) => member.column.toRecord(row[column] as Value);
    case "together": {
      const parts = Object.entries(member.parts).map(([part, of]) => [part, partName(name, part), of] as const);
      const first = parts[0]![1];
      return (row) =>
        row[first] === null
          ? null
          : Object.fromEntries(parts.map(([part, at, of]) => [part, of.toRecord(row[at] as Value)]));
    }
    case "selected":
      return (row) => member.toRecord(row[column] as Value);
    case "hidden":
    case "following":
    case "generated":
      return null;
  }
}

/** What a new record has in its members: what was given, and what is so at first. */
export function newRecord(declared: Declared, given: Values): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, member] of declared) {
    if (member.form === "column") record[name] = given[name];
    else if (member.form === "initial") record[name] = given[name] ?? member.value;
    else if (member.form === "selected") record[name] = member.value;
    else if (member.form === "together") record[name] = null;
  }
  return record;
}

/** What a new row keeps of a new record. */
export function newRow(declared: Declared, record: Values): Parameters {
  const row = changedColumns(declared, record);
  for (const [name, member] of declared) {
    if (member.form === "hidden") row[columnName(name)] = member.value;
  }
  return row;
}

/** The columns that a change of these members writes: their own, and those that follow from them. */
export function changedColumns(declared: Declared, to: Values): Parameters {
  const columns: Parameters = {};
  for (const [name, member] of declared) {
    const value = to[member.form === "following" ? member.of : name];
    if (value === undefined) continue;
    if (member.form === "column") columns[columnName(name)] = member.toRow(value);
    else if (member.form === "initial") columns[columnName(name)] = member.column.toRow(value);
    else if (member.form === "following") columns[columnName(name)] = member.from(value as never);
    else if (member.form === "together") {
      for (const [part, column] of Object.entries(member.parts)) {
        columns[partName(name, part)] = value === null ? null : column.toRow((value as Values)[part]);
      }
    }
  }
  return columns;
}
