/** The register of unique ids: every account root, user, group, role and managed policy has one row here. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { read, unversioned, write } from "../sql/query.ts";
import type { EntityKind, EntityRecord, Ref } from "../records.ts";
import type { Tx } from "../sql/transaction.ts";

const select = read((db, p: { id: string }) =>
  db.selectFrom("entities").select(["id", "account", "kind"]).where("id", "=", p.id),
);
const insert = write((db, p: { id: string; account: string; kind: string }) =>
  db
    .insertInto("entities")
    .values({ id: p.id, account: p.account, kind: p.kind })
    .onConflict((conflict) => conflict.doNothing()),
);
const drop = write((db, p: { id: string; account: string }) =>
  db.deleteFrom("entities").where("id", "=", p.id).where("account", "=", p.account),
);

/** What a unique id belongs to; null when it is gone. Rendering of bindings looks here first. */
export async function byId(tx: Tx, id: string): Promise<EntityRecord | null> {
  const row = await select.one(tx, { id });
  return row === undefined ? null : { id: row.id, account: row.account, kind: row.kind as EntityKind };
}

/** For the other files of the store: registers a unique id. @throws Conflict when the id is taken */
export async function register(tx: Tx, kind: EntityKind, ref: Ref): Promise<void> {
  // The record's own insert follows in the same transaction and notes the change.
  const count = await insert.run(tx, unversioned, { id: ref.id, account: ref.account, kind });
  if (count === 0) throw new Conflict(kind, "id", ref.id);
}

/**
 * For the other files of the store: gives back the unique id of a record that was not inserted because another has its
 * name. To look for the name before would make accounts abort each other on PostgreSQL: that a name is missing is read
 * from a page of the index, which SERIALIZABLE then guards for all names on it.
 * @param existing who has the name
 * @throws Conflict `name`
 */
export async function refuseName(
  tx: Tx,
  kind: EntityKind,
  { id, account }: Ref,
  existing: { readonly name: string } | null,
): Promise<never> {
  await drop.run(tx, unversioned, { id, account });
  throw new Conflict(kind, "name", existing?.name ?? "");
}

/** For the other files of the store: takes a unique id out. @throws Conflict while something still refers to it */
export async function unregister(tx: Tx, kind: EntityKind, ref: Ref): Promise<void> {
  const count = await drop.run(tx, { account: ref.account, kind, id: ref.id }, { id: ref.id, account: ref.account });
  if (count === 0) throw new NotFound(kind, ref.id);
}
