/** What every table of credentials does alike that belong to a user, or to the root of an account. */
import type { Kysely, SelectQueryBuilder } from "kysely";

import { read } from "../sql/query.ts";
import { key } from "../sql/table/column.ts";
import type { Members } from "../sql/table/column.ts";
import type { Row } from "../sql/table/member.ts";
import type { AnyTables, Table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Dialect, Tx } from "../sql/transaction.ts";

/** The members of a record that somebody has. */
export const owned = {
  id: key,
  account: key,
  /** Id of the user, or of the account for what its root has. */
  ownerId: key,
} as const;

type OwnedMembers = typeof owned & Members;

interface OwnedRecords<R> {
  /** By id. @param page `after`: the id of the last one of the page before; `limit`: 1,000 where it is left out */
  listByOwner(
    tx: Tx,
    ownerId: string,
    page?: { readonly after?: string | undefined; readonly limit?: number | undefined },
  ): Promise<R[]>;
  countByOwner(tx: Tx, ownerId: string): Promise<number>;
}

type SelectFromAny = (db: Kysely<AnyTables>, dialect: Dialect) => SelectQueryBuilder<AnyTables, string, Row>;

export function ownedRecords<Name extends string, M extends OwnedMembers>(
  table: Table<Name, M>,
): OwnedRecords<RecordOf<M>> {
  const name: string = table.name;
  const selectPage = read((db: Kysely<AnyTables>, p: { owner: string; after: string; limit: number }, dialect) =>
    (table.selectFrom as unknown as SelectFromAny)(db, dialect)
      .where(`${name}.owner_id`, "=", p.owner)
      .where(`${name}.id`, ">", p.after)
      .orderBy(`${name}.id`)
      .limit(p.limit),
  );
  const selectCount = read((db: Kysely<AnyTables>, p: { owner: string }) =>
    db
      .selectFrom(name)
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("owner_id", "=", p.owner),
  );
  return {
    async listByOwner(tx, owner, { after = "", limit = 1000 } = {}) {
      return (await selectPage.all(tx, { owner, after, limit })).map(table.record);
    },
    countByOwner: async (tx, owner) => (await selectCount.one(tx, { owner }))?.count ?? 0,
  };
}
