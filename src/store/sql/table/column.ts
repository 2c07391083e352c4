/**
 * What a table is declared with: for each member of its records how the database keeps it. A column is named as its
 * member, in snake case: `createdAt` is kept in `created_at`.
 */
import type { RawBuilder } from "kysely";

import type { Dialect, Value } from "../transaction.ts";

/** As migrations call them (migrations/migration.ts, Types). */
export type StoredType = "key" | "text" | "integer" | "bytes";

/** One column. @typeParam S what the database keeps, V what a record has */
export interface Column<S extends Value, V> {
  readonly form: "column";
  readonly type: StoredType;
  readonly nullable: boolean;
  toRecord(stored: S): V;
  toRow(value: V): S;
}

/** A column that whoever makes a record may leave out. */
export interface Initial<S extends Value, V> {
  readonly form: "initial";
  readonly column: Column<S, V>;
  readonly value: V;
}

/** A column that no record shows; it has this value in a new row. */
export interface Hidden<S extends Value> {
  readonly form: "hidden";
  readonly column: Column<S, S>;
  readonly value: S;
}

/** A column that no record shows; its value follows from that of another member whenever that one is written. */
export interface Following<S extends Value> {
  readonly form: "following";
  readonly column: Column<S, S>;
  readonly of: string;
  readonly from: (value: never) => S;
}

/** A column that the database itself fills, and no record shows. */
export interface Generated<S extends Value> {
  readonly form: "generated";
  readonly column: Column<S, S>;
}

/** Several columns that are one member: `lastUsed: { at, region }`. All of them are null, or none; at first they are. */
export interface Together<P extends Parts> {
  readonly form: "together";
  readonly parts: P;
}
export type Parts = Readonly<Record<string, { readonly form: "column" }>>;

/** A member that is read from other tables with each record. */
export interface Selected<S extends Value, V> {
  readonly form: "selected";
  readonly expression: (dialect: Dialect) => RawBuilder<S>;
  readonly toRecord: (selected: S) => V;
  /** Of a new record. */
  readonly value: V;
}

/** What a member is, whatever its types are. */
export type AnyMember =
  | Column<Value, unknown>
  | Initial<Value, unknown>
  | Hidden<Value>
  | Following<Value>
  | Generated<Value>
  | Together<Readonly<Record<string, Column<Value, unknown>>>>
  | Selected<Value, unknown>;

/** All members of a table's records. Each is one of AnyMember; its own types are its own. */
export type Members = Readonly<Record<string, { readonly form: AnyMember["form"] }>>;

function asItIs<S extends Value>(type: StoredType): Column<S, S> {
  return { form: "column", type, nullable: false, toRecord: (stored) => stored, toRow: (value) => value };
}

/** Text that is compared and ordered byte by byte. */
export const key = asItIs<string>("key");
export const text = asItIs<string>("text");
export const integer = asItIs<number>("integer");
export const bytes = asItIs<Uint8Array>("bytes");

/** Kept as 0 and 1. */
export const flag: Column<number, boolean> = {
  ...integer,
  toRecord: (stored) => stored === 1,
  toRow: (value) => (value ? 1 : 0),
};

/** One of a closed set of words; nobody else writes to the table. */
export function word<T extends string>(type: "key" | "text" = "text"): Column<T, T> {
  return asItIs<T>(type);
}

/** Any value that JSON has, as text. */
export function json<T>(): Column<string, T> {
  return { ...text, toRecord: (stored) => JSON.parse(stored) as T, toRow: (value) => JSON.stringify(value) };
}

export function nullable<S extends Value, V>(column: Column<S, V>): Column<S | null, V | null> {
  return {
    ...column,
    nullable: true,
    toRecord: (stored) => (stored === null ? null : column.toRecord(stored)),
    toRow: (value) => (value === null ? null : column.toRow(value)),
  };
}

export function initially<S extends Value, V>(column: Column<S, V>, value: V): Initial<S, V> {
  return { form: "initial", column, value };
}

/** What may be absent, and is at first where nobody says otherwise. */
export function optional<S extends Value, V>(column: Column<S, V>): Initial<S | null, V | null> {
  return initially(nullable(column), null);
}

export function hidden<S extends Value>(column: Column<S, S>, value: S): Hidden<S> {
  return { form: "hidden", column, value };
}

/** @param of the member whose value it follows from */
export function following<S extends Value, V>(column: Column<S, S>, of: string, from: (value: V) => S): Following<S> {
  return { form: "following", column, of, from };
}

export function generated<S extends Value>(column: Column<S, S>): Generated<S> {
  return { form: "generated", column };
}

export function together<P extends Parts>(parts: P): Together<P> {
  return { form: "together", parts };
}

export function selected<S extends Value, V>(member: Omit<Selected<S, V>, "form">): Selected<S, V> {
  return { form: "selected", ...member };
}
