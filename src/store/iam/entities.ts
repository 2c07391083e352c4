/** The register of unique ids: every account root, user, group, role and managed policy has one row here. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { key, text } from "../sql/table/column.ts";
import { inserter, remover } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Tx } from "../sql/transaction.ts";

/** One row for each unique id, so that tags, attachments, keys… have one thing to refer to. */
export const entities = table("entities", {
  id: key,
  account: key,
  /** `account`, `user`, `role` …: as errors and changes call it. */
  kind: text,
});

/** Enough to name a record for a change: any record of an entity is one. */
export interface Ref {
  readonly account: string;
  /** Unique id (AIDA…, AROA…, AGPA…, ANPA…); for the root of an account, the account's id. */
  readonly id: string;
}

const insert = inserter(entities);
const drop = remover(entities, "id", "account");

/** For the other files of the store: registers a unique id. @throws Conflict when the id is taken */
export async function register(tx: Tx, kind: string, { id, account }: Ref): Promise<void> {
  // The record's own insert follows in the same transaction and notes the change.
  if ((await insert(tx, unversioned, { id, account, kind })) === 0) throw new Conflict(kind, "id", id);
}

/** For the other files of the store: takes a unique id out, once its record is gone. @throws Conflict while something still refers to it */
export async function unregister(tx: Tx, kind: string, ref: Ref): Promise<void> {
  if ((await drop(tx, unversioned, ref)) === 0) throw new NotFound(kind, ref.id);
}
