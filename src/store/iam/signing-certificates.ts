/** Signing certificates of users and account roots. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { integer, text, word } from "../sql/table/column.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { owned, ownedRecords } from "./owned-records.ts";

export type SigningCertificateStatus = "Active" | "Inactive";

const members = {
  /** An id is made from the certificate itself: it is in an account once. */
  ...owned,
  body: text,
  status: word<SigningCertificateStatus>(),
  createdAt: integer,
};
export const signingCertificates = table("signing_certificates", members);

export type SigningCertificateRecord = RecordOf<typeof members>;
export type NewSigningCertificate = NewOf<typeof members>;

const find = finder(signingCertificates, "account", "id");
const insert = inserter(signingCertificates, "account", "id");
const change = updater(signingCertificates, "account", "id");
const drop = remover(signingCertificates, "account", "id");
export const { listByOwner, countByOwner } = ownedRecords(signingCertificates);

/** @throws Conflict `id` */
export async function create(tx: Tx, made: NewSigningCertificate): Promise<SigningCertificateRecord> {
  const record = signingCertificates.fresh(made);
  if ((await insert(tx, unversioned, record)) === 0) throw new Conflict("signing-certificate", "id", made.id);
  return record;
}

export function byId(tx: Tx, { account, id }: Ref): Promise<SigningCertificateRecord | null> {
  return find(tx, { account, id });
}

/** @throws NotFound */
export async function setStatus(tx: Tx, certificate: Ref, status: SigningCertificateStatus): Promise<void> {
  const { account, id } = certificate;
  if ((await change(tx, unversioned, { account, id }, { status })) === 0) throw new NotFound("signing-certificate", id);
}

/** @throws NotFound */
export async function remove(tx: Tx, { account, id }: Ref): Promise<void> {
  if ((await drop(tx, unversioned, { account, id })) === 0) throw new NotFound("signing-certificate", id);
}
