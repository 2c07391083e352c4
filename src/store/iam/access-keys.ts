/**
 * Long-term access keys of users and account roots; the secret is ciphertext, and refers to the ring key that sealed it.
 */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { integer, text, together, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import { ringKeys } from "../server/key-rings.ts";
import type { Ref } from "./entities.ts";
import { owned, ownedRecords } from "./owned-records.ts";
import { requireSealing, sealed, sealedSecrets } from "./sealed-secrets.ts";

export type AccessKeyStatus = "Active" | "Inactive";

const members = {
  ...sealed,
  ...owned,
  status: word<AccessKeyStatus>(),
  createdAt: integer,
  lastUsed: together({ at: integer, region: text, service: text }),
};
export const accessKeys = table("access_keys", members);

export type AccessKeyRecord = RecordOf<typeof members>;
export type NewAccessKey = NewOf<typeof members>;
type AccessKeyUse = NonNullable<AccessKeyRecord["lastUsed"]>;

const { read, write } = queriesOf(accessKeys, ringKeys);
const find = finder(accessKeys, "id");
const insert = inserter(accessKeys);
const change = updater(accessKeys, "id", "account");
const drop = remover(accessKeys, "id", "account");
export const secrets = sealedSecrets(accessKeys, noted);
export const { listByOwner } = ownedRecords(accessKeys);

const selectCount = read((db, p: { owner: string }) =>
  db
    .selectFrom("access_keys")
    .innerJoin("ring_keys", (join) =>
      join.onRef("ring_keys.id", "=", "access_keys.ring_key").onRef("ring_keys.purpose", "=", "access_keys.ring"),
    )
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_id", "=", p.owner)
    .where("ring_keys.state", "<>", "lost"),
);
const updateLastUsed = write((db, p: { id: string; at: number; region: string; service: string }) =>
  db
    .updateTable("access_keys")
    .set({ last_used_at: p.at, last_used_region: p.region, last_used_service: p.service })
    .where("id", "=", p.id)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", p.at)])),
);
/**
 * @throws Conflict `id`; NotFound when there is no such owner; FormerRingKey when the secret was sealed with a key that
 * does not seal any more: the ring is compared in the transaction that keeps what it sealed
 */
export async function create(tx: Tx, made: NewAccessKey): Promise<AccessKeyRecord> {
  const record = accessKeys.fresh(made);
  const sealing = requireSealing(tx, made.sealedSecret);
  const inserted = insert(tx, noted(made), record);
  // Without its ring key it fails too, and the ring says why.
  inserted.catch(() => undefined);
  await sealing;
  if ((await inserted) === 0) throw new Conflict("access-key", "id", made.id);
  return record;
}

export function byId(tx: Tx, id: string): Promise<AccessKeyRecord | null> {
  return find(tx, { id });
}

/** Those that a lost master key has made unusable do not count: they are not in the way of new ones. */
export async function countByOwner(tx: Tx, ownerId: string): Promise<number> {
  return (await selectCount.one(tx, { owner: ownerId }))?.count ?? 0;
}

/** @throws NotFound */
export async function setStatus(tx: Tx, accessKey: Ref, status: AccessKeyStatus): Promise<void> {
  if ((await change(tx, noted(accessKey), accessKey, { status })) === 0) throw new NotFound("access-key", accessKey.id);
}

/** @throws NotFound */
export async function remove(tx: Tx, accessKey: Ref): Promise<void> {
  if ((await drop(tx, noted(accessKey), accessKey)) === 0) throw new NotFound("access-key", accessKey.id);
}

/** Notes the latest uses; keys that are gone are passed over, an older use never replaces a newer one. */
export async function recordLastUsed(tx: Tx, uses: readonly (AccessKeyUse & { readonly id: string })[]): Promise<void> {
  for (const { id, at, region, service } of uses) {
    await updateLastUsed.run(tx, unversioned, { id, at, region, service });
  }
}

function noted({ account, id }: Ref): Change {
  return { account, kind: "access-key", id };
}
