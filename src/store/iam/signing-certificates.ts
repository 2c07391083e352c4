/** Signing certificates of users and account roots. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { integer, key, text, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";

export type SigningCertificateStatus = "Active" | "Inactive";

const members = {
  /** Made from the certificate itself: it is in an account once. */
  id: key,
  account: key,
  /** Id of the user, or of the account for one of its root. */
  ownerId: key,
  body: text,
  status: word<SigningCertificateStatus>(),
  createdAt: integer,
};
export const signingCertificates = table("signing_certificates", members);

export type SigningCertificateRecord = RecordOf<typeof members>;
export type NewSigningCertificate = NewOf<typeof members>;

const { read } = queriesOf(signingCertificates);
const find = finder(signingCertificates, "account", "id");
const insert = inserter(signingCertificates, "account", "id");
const change = updater(signingCertificates, "account", "id");
const drop = remover(signingCertificates, "account", "id");

const selectByOwner = read((db, p: { owner: string; after: string; limit: number }, dialect) =>
  signingCertificates
    .selectFrom(db, dialect)
    .where("owner_id", "=", p.owner)
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
const selectCount = read((db, p: { owner: string }) =>
  db
    .selectFrom("signing_certificates")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_id", "=", p.owner),
);

/** @throws Conflict `id` */
export async function create(tx: Tx, made: NewSigningCertificate): Promise<SigningCertificateRecord> {
  const record = signingCertificates.fresh(made);
  if ((await insert(tx, unversioned, record)) === 0) throw new Conflict("signing-certificate", "id", made.id);
  return record;
}

export function byId(tx: Tx, { account, id }: Ref): Promise<SigningCertificateRecord | null> {
  return find(tx, { account, id });
}

/** By id. @param page `after`: the id of the last one of the page before */
export async function listByOwner(
  tx: Tx,
  owner: string,
  page: { after?: string | undefined; limit: number },
): Promise<SigningCertificateRecord[]> {
  const rows = await selectByOwner.all(tx, { owner, after: page.after ?? "", limit: page.limit });
  return rows.map(signingCertificates.record);
}

export async function countByOwner(tx: Tx, owner: string): Promise<number> {
  return (await selectCount.one(tx, { owner }))?.count ?? 0;
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
