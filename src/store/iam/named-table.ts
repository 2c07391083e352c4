/**
 * The table of a kind of entity that has a name: users, groups, roles, managed policies, identity providers. One
 * declaration gives everything that all of these kinds do alike; how an entity is made and removed, with its unique id,
 * its tags and what its account's quota counts, is here alone.
 */
import type { Kysely, SelectQueryBuilder } from "kysely";

import { Conflict, NotFound } from "../sql/errors.ts";
import { pathBeginsWith } from "../sql/fragments.ts";
import { nameKey, pageParameters } from "../sql/names.ts";
import type { Page, PageParameters } from "../sql/names.ts";
import { read, unversioned } from "../sql/query.ts";
import type { Changes } from "../sql/query.ts";
import { following, integer, key, text } from "../sql/table/column.ts";
import type { Members } from "../sql/table/column.ts";
import type { Row } from "../sql/table/member.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { AnyTables, Table } from "../sql/table/table.ts";
import type { ChangeOf, NewOf, RecordOf } from "../sql/table/types.ts";
import type { AccountChangeKind } from "../sql/change.ts";
import { giveUp } from "../sql/transaction.ts";
import type { Dialect, Tx } from "../sql/transaction.ts";
import { register, unregister } from "./entities.ts";
import type { Ref } from "./entities.ts";
import * as quotas from "./quotas.ts";
import * as tags from "./tags.ts";
import type { Tag } from "./tags.ts";

/** What all of them have. */
export const named = {
  id: key,
  account: key,
  name: text,
  nameKey: following(key, "name", nameKey),
  path: text,
  createdAt: integer,
} as const;

type NamedMembers = typeof named & Members;
type Taggable = { readonly tags: unknown };

/** What a new entity is made from; tags where its kind has some. */
export type NewNamed<M extends NamedMembers> = NewOf<M> &
  (M extends Taggable ? { readonly tags?: readonly Tag[] | undefined } : unknown);

export interface NamedTable<Name extends string, M extends NamedMembers> {
  readonly table: Table<Name, M>;
  /**
   * Makes an entity, registers its id and counts it.
   *
   * @param limit how many of its kind the account may have; all that it wants where it is left out
   * @throws Conflict `name` when another has the name already, regardless of case; `quota` when the limit is reached
   */
  create(tx: Tx, made: NewNamed<M>, limit?: number): Promise<RecordOf<M>>;
  byId(tx: Tx, id: string): Promise<RecordOf<M> | null>;
  /** Regardless of case, unless its kind says otherwise. */
  byName(tx: Tx, account: string, name: string): Promise<RecordOf<M> | null>;
  /** By name. */
  list(tx: Tx, account: string, page: Page): Promise<RecordOf<M>[]>;
  /**
   * Changes an entity, its name too; its id stays.
   *
   * @returns what was given with what has changed
   * @throws NotFound, Conflict `name` when another has the name
   */
  update<E extends Ref>(tx: Tx, entity: E, to: ChangeOf<M>): Promise<E>;
  /** @throws NotFound, Conflict `dependents` while anything is left that belongs to it */
  remove(tx: Tx, entity: Ref): Promise<void>;
}

interface Kind<Name extends string> {
  /** As errors and the register of ids call it. */
  readonly kind: string;
  /** As caches know of its changes (sql/change.ts); null where none holds anything of its kind. */
  readonly change: AccountChangeKind | null;
  /** Its table in the database. */
  readonly table: Name;
  /** The counter of what an account has of its kind, as AWS calls the quota. */
  readonly quota: string;
  /** How its tags are told apart; left out where it has none. */
  readonly tagKeys?: tags.TagKeys;
  /** What is unique of a name; regardless of case where it is left out. Its member `nameKey` follows by the same. */
  readonly nameKeys?: (name: string) => string;
}

const unlimited = Number.MAX_SAFE_INTEGER;

export function namedTable<const Name extends string, M extends NamedMembers>(
  kind: Kind<Name>,
  members: M,
): NamedTable<Name, M> {
  const declared = table(kind.table, members);
  // What all kinds have is all that the code below knows; the types of the declaration hold for its callers.
  return operationsOf(kind, declared as unknown as AnyNamed) as unknown as NamedTable<Name, M>;
}

type AnyNamed = Table<string, typeof named>;

function operationsOf(
  { kind, change: changeKind, quota, tagKeys, nameKeys = nameKey }: Kind<string>,
  entities: AnyNamed,
): NamedTable<string, typeof named> {
  const byId = finder(entities, "id");
  const byNameKey = finder(entities, "account", "nameKey");
  const byName = (tx: Tx, account: string, name: string) => byNameKey(tx, { account, nameKey: nameKeys(name) });
  const selectPage = read((db: Kysely<AnyTables>, p: PageOf, dialect) => pageOf(entities, db, p, dialect));
  const insert = inserter(entities, "account", "nameKey");
  const change = updater(entities, "id", "account");
  const drop = remover(entities, "id", "account");
  const noted = ({ account, id }: Ref): Changes =>
    changeKind === null ? unversioned : { account, kind: changeKind, id };
  return {
    table: entities,
    byId: (tx, id) => byId(tx, { id }),
    byName,
    list: async (tx, account, page) =>
      (await selectPage.all(tx, { account, ...pageParameters(page) })).map(entities.record),
    async create(tx, made, limit = unlimited) {
      const { tags: added = [] } = made as { readonly tags?: readonly Tag[] | undefined };
      const record = entities.fresh(made);
      // Together, and judged behind it. To look for the name before would make accounts abort each other on PostgreSQL:
      // that a name is missing is read from a page of the index, which SERIALIZABLE then guards for all names on it.
      const [, inserted, , counted] = await Promise.all([
        register(tx, kind, made),
        insert(tx, noted(made), record),
        tagKeys === undefined ? undefined : tags.put(tx, made, added, tagKeys),
        quotas.take(tx, made.account, quota, limit),
      ]);
      if (inserted === 0) {
        const holder = await byName(tx, made.account, made.name);
        giveUp(tx, new Conflict(kind, "name", holder?.name ?? ""));
      }
      if (!counted) giveUp(tx, new Conflict(kind, "quota", quota));
      return tagKeys === undefined ? record : { ...record, tags: added };
    },
    async update(tx, entity, to) {
      if (Object.keys(entities.changed(to)).length === 0) return { ...entity };
      const holder = to.name === undefined ? null : await byName(tx, entity.account, to.name);
      if (holder !== null && holder.id !== entity.id) throw new Conflict(kind, "name", holder.name);
      if ((await change(tx, noted(entity), entity, to)) === 0) throw new NotFound(kind, entity.id);
      return { ...entity, ...to };
    },
    async remove(tx, entity) {
      await Promise.all([
        drop(tx, noted(entity), entity),
        unregister(tx, kind, entity),
        quotas.release(tx, entity.account, quota),
      ]);
    },
  };
}

export type PageOf = PageParameters & { account: string };

/** One page of an account's entities by name. */
export function pageOf<Name extends string, M extends NamedMembers, Tables>(
  entities: Table<Name, M>,
  db: Kysely<Tables>,
  p: PageOf,
  dialect: Dialect,
): SelectQueryBuilder<AnyTables, string, Row> {
  const name: string = entities.name;
  return (entities.selectFrom as unknown as AnyNamed["selectFrom"])(db as never, dialect)
    .where(`${name}.account`, "=", p.account)
    .where(`${name}.name_key`, ">", p.after)
    .where(pathBeginsWith(`${name}.path`, p.prefix))
    .orderBy(`${name}.name_key`)
    .limit(p.limit);
}
