/**
 * What every table of secrets does alike. A secret is ciphertext, bound to the id of its record, and refers to the ring
 * key that sealed it by a foreign key: no ring key goes while anything is sealed with it.
 */
import type { Kysely, SelectQueryBuilder } from "kysely";

import { FormerRingKey } from "../../seal/errors.ts";
import { sealingKeyId } from "../../seal/key-ring.ts";
import { NotFound } from "../sql/errors.ts";
import { read } from "../sql/query.ts";
import type { Changes } from "../sql/query.ts";
import { ringKeys } from "../server/key-rings.ts";
import { bytes, following, hidden, key } from "../sql/table/column.ts";
import type { Members } from "../sql/table/column.ts";
import type { Row } from "../sql/table/member.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { updater } from "../sql/table/statements.ts";
import type { AnyTables, Table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Dialect, Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";

/** The ring that seals secrets. */
const ring = "secrets";

/** The members of a record that has a secret. */
export const sealed = {
  id: key,
  account: key,
  sealedSecret: bytes,
  ring: hidden(key, ring),
  ringKey: following(key, "sealedSecret", sealingKeyId),
} as const;

type SealedMembers = typeof sealed & Members;

/** Any record that has a secret. */
export interface SealedRecord extends Ref {
  readonly sealedSecret: Uint8Array;
}

interface SecretsPage {
  /** The id of the last one of the page before. */
  readonly after: string;
  readonly limit: number;
}

export interface SealedSecrets<R extends SealedRecord = SealedRecord> {
  /** Of their table. */
  readonly name: string;
  /** Those of all accounts, by id. */
  page(tx: Tx, page: SecretsPage): Promise<R[]>;
  /** Up to `limit` that are sealed with a ring key, by id. */
  sealedWith(tx: Tx, ringKey: string, page: SecretsPage): Promise<R[]>;
  /** Puts the same secret sealed anew, before its ring key is retired. @throws NotFound, FormerRingKey */
  setSealedSecret(tx: Tx, of: Ref, sealedSecret: Uint8Array): Promise<void>;
  /** How many there are in all accounts that were not lost with their master key. */
  countUsable(tx: Tx): Promise<number>;
}

/** @param noted what caches are told of a secret that was sealed anew */
export function sealedSecrets<Name extends string, M extends SealedMembers>(
  table: Table<Name, M>,
  noted: (of: Ref) => Changes,
): SealedSecrets<RecordOf<M> & SealedRecord> {
  // What all of them have is all that the code below knows; the types of the declaration hold for its callers.
  return operationsOf(table as unknown as AnySealed, noted) as unknown as SealedSecrets<RecordOf<M> & SealedRecord>;
}

type AnySealed = Table<string, typeof sealed>;

type SelectFromAny = (db: Kysely<AnyTables>, dialect: Dialect) => SelectQueryBuilder<AnyTables, string, Row>;

function operationsOf(table: AnySealed, noted: (of: Ref) => Changes): SealedSecrets {
  const pageOf = (db: Kysely<AnyTables>, p: SecretsPage, dialect: Dialect) =>
    (table.selectFrom as unknown as SelectFromAny)(db, dialect)
      .where(`${table.name}.id`, ">", p.after)
      .orderBy(`${table.name}.id`)
      .limit(p.limit);
  const selectPage = read((db: Kysely<AnyTables>, p: { after: string; limit: number }, dialect) =>
    pageOf(db, p, dialect),
  );
  const selectSealedWith = read(
    (db: Kysely<AnyTables>, p: { ringKey: string; after: string; limit: number }, dialect) =>
      pageOf(db, p, dialect).where(`${table.name}.ring_key`, "=", p.ringKey),
  );
  const selectUsable = read((db: Kysely<AnyTables>) =>
    db
      .selectFrom(table.name)
      .innerJoin("ring_keys", (join) =>
        join.onRef("ring_keys.id", "=", `${table.name}.ring_key`).onRef("ring_keys.purpose", "=", `${table.name}.ring`),
      )
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("ring_keys.state", "<>", "lost"),
  );
  const change = updater(table, "id", "account");
  return {
    name: table.name,
    page: async (tx, page) => (await selectPage.all(tx, { ...page })).map(table.record),
    sealedWith: async (tx, ringKey, page) => (await selectSealedWith.all(tx, { ringKey, ...page })).map(table.record),
    async setSealedSecret(tx, of, sealedSecret) {
      await requireSealing(tx, sealedSecret);
      if ((await change(tx, noted(of), of, { sealedSecret })) === 0) throw new NotFound(table.name, of.id);
    },
    countUsable: async (tx) => (await selectUsable.one(tx, {}))?.count ?? 0,
  };
}

const queries = queriesOf(ringKeys);
const selectRingKeyState = queries.read((db, p: { id: string }) =>
  db.selectFrom("ring_keys").select("state").where("purpose", "=", ring).where("id", "=", p.id),
);

/**
 * The ring is compared in the transaction that keeps what it sealed.
 * @throws FormerRingKey unless the key that sealed it is the one that seals in this transaction
 */
export async function requireSealing(tx: Tx, sealedSecret: Uint8Array): Promise<void> {
  const id = sealingKeyId(sealedSecret);
  if ((await selectRingKeyState.one(tx, { id }))?.state !== "promoted") throw new FormerRingKey(id);
}
