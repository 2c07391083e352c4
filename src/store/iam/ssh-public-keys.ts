/** SSH public keys of users. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { bytes, integer, key, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { owned, ownedRecords } from "./owned-records.ts";

const members = {
  ...owned,
  /** The key as SSH sends it (RFC 4253 §6.6). */
  blob: bytes,
  /** Fingerprints of the blob: base64 without padding, and hexadecimal pairs with colons between. */
  sha256: key,
  md5: key,
  status: word<"Active" | "Inactive">(),
  uploadedAt: integer,
};
export const sshPublicKeys = table("ssh_public_keys", members);

export type SshPublicKeyRecord = RecordOf<typeof members>;
export type Fingerprint = Pick<SshPublicKeyRecord, "sha256"> | Pick<SshPublicKeyRecord, "md5">;

const { read } = queriesOf(sshPublicKeys);
const find = finder(sshPublicKeys, "id");
const insert = inserter(sshPublicKeys, "ownerId", "sha256");
const change = updater(sshPublicKeys, "id", "account");
const drop = remover(sshPublicKeys, "id", "account");
export const { listByOwner, countByOwner } = ownedRecords(sshPublicKeys);

const selectBy = (print: "sha256" | "md5") =>
  read((db, p: { account: string; value: string; limit: number }, dialect) =>
    sshPublicKeys
      .selectFrom(db, dialect)
      .where(print, "=", p.value)
      .where("account", "=", p.account)
      .orderBy("id")
      .limit(p.limit),
  );
const selectBySha256 = selectBy("sha256");
const selectByMd5 = selectBy("md5");
/** @throws Conflict `key` when the user has this key already */
export async function create(tx: Tx, made: SshPublicKeyRecord): Promise<void> {
  if ((await insert(tx, unversioned, made)) === 0) throw new Conflict("ssh-public-key", "key", made.sha256);
}

export function byId(tx: Tx, id: string): Promise<SshPublicKeyRecord | null> {
  return find(tx, { id });
}

/** Those of an account that have a fingerprint, by id. */
export async function withFingerprint(
  tx: Tx,
  account: string,
  print: Fingerprint,
  limit: number,
): Promise<SshPublicKeyRecord[]> {
  const [query, value] = "sha256" in print ? [selectBySha256, print.sha256] : [selectByMd5, print.md5];
  return (await query.all(tx, { account, value, limit })).map(sshPublicKeys.record);
}

/** @throws NotFound */
export async function setStatus(tx: Tx, sshKey: Ref, status: SshPublicKeyRecord["status"]): Promise<void> {
  if ((await change(tx, unversioned, sshKey, { status })) === 0) throw new NotFound("ssh-public-key", sshKey.id);
}

/** @throws NotFound */
export async function remove(tx: Tx, sshKey: Ref): Promise<void> {
  if ((await drop(tx, unversioned, sshKey)) === 0) throw new NotFound("ssh-public-key", sshKey.id);
}
