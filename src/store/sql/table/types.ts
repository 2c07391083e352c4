/** What follows from the members that a table is declared with, in types. */
import type { Column, Following, Generated, Hidden, Initial, Members, Selected, Together } from "./column.ts";

/** `createdAt` → `created_at` */
export type Snake<T extends string> = T extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : "";

/** What the database keeps in a member's one column; never for a member that has none, or several. */
type StoredOf<M> =
  M extends Column<infer S, infer _>
    ? S
    : M extends Initial<infer S, infer _>
      ? S
      : M extends Hidden<infer S> | Following<infer S> | Generated<infer S>
        ? S
        : never;

/** What a record has in a member; never for one that it does not show. */
type ValueOf<M> =
  M extends Column<infer _, infer V>
    ? V
    : M extends Initial<infer _, infer V>
      ? V
      : M extends Selected<infer _, infer V>
        ? V
        : M extends Together<infer P>
          ? { readonly [Part in keyof P]: ValueOf<P[Part]> } | null
          : never;

type Shown = { readonly form: "column" | "initial" | "selected" | "together" };
type Kept = { readonly form: "column" | "initial" | "hidden" | "following" | "generated" };

/** Names of columns that are parts of a member, `lastUsed.at`. */
type PartNames<M extends Members> = {
  [Name in keyof M & string]: M[Name] extends Together<infer P> ? `${Name}.${keyof P & string}` : never;
}[keyof M & string];
type PartOf<M extends Members, Path> = Path extends `${infer Name}.${infer Part}`
  ? M[Name] extends Together<infer P>
    ? StoredOf<P[Part]>
    : never
  : never;
type PartColumn<Path> = Path extends `${infer Name}.${infer Part}` ? `${Snake<Name>}_${Snake<Part>}` : never;

/** A row of a table: its columns by their names. */
export type RowOf<M extends Members> = {
  [Name in keyof M & string as M[Name] extends Kept ? Snake<Name> : never]: StoredOf<M[Name]>;
} & { [Path in PartNames<M> as PartColumn<Path>]: PartOf<M, Path> | null };

/** A record, as the store returns it. */
export type RecordOf<M extends Members> = {
  readonly [Name in keyof M as M[Name] extends Shown ? Name : never]: ValueOf<M[Name]>;
};

/** What a new record is made from. */
export type NewOf<M extends Members> = {
  readonly [Name in keyof M as M[Name] extends { readonly form: "column" } ? Name : never]: ValueOf<M[Name]>;
} & {
  readonly [Name in keyof M as M[Name] extends { readonly form: "initial" } ? Name : never]?:
    | ValueOf<M[Name]>
    | undefined;
};

/** Members that a record's owner may change, each with its value. */
export type ChangeOf<M extends Members> = Partial<
  Pick<
    RecordOf<M>,
    keyof RecordOf<M> &
      {
        [Name in keyof M]: M[Name] extends { readonly form: "column" | "initial" | "together" } ? Name : never;
      }[keyof M]
  >
>;

/** Members that have one column, with the value by which a row is found. */
export type FindableBy<M extends Members> = {
  readonly [Name in keyof M as M[Name] extends Kept ? Name : never]: M[Name] extends
    | Hidden<infer S>
    | Following<infer S>
    ? S
    : ValueOf<M[Name]>;
};
