/** Keys that sign the tokens of issuers of ours, by issuer: PKCS#8 in DER, sealed, beside what is published of them. */
import { Conflict } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { bytes, integer, key, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { inserter, remover } from "../sql/table/statements.ts";
import { table as tableOf } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { requireSealing, sealed, sealedSecrets } from "./sealed-secrets.ts";

/** What tokens can be signed with (STS API, GetWebIdentityToken). */
export type OutboundAlgorithm = "RS256" | "ES384";

const members = {
  ...sealed,
  /** The UUID of the issuer (account-preferences.ts). */
  issuer: key,
  algorithm: word<OutboundAlgorithm>("key"),
  /** From 0, for each algorithm of an issuer. */
  number: integer,
  /** SubjectPublicKeyInfo in DER. */
  publicKey: bytes,
  createdAt: integer,
  /** From when on it signs, until a later one does; milliseconds since the epoch. It is published from its creation on. */
  signsFrom: integer,
};
export const table = tableOf("outbound_keys", members);

export type OutboundKeyRecord = RecordOf<typeof members>;
export type NewOutboundKey = NewOf<typeof members>;

export const secrets = sealedSecrets(table, () => unversioned);

const { read } = queriesOf(table);
const insert = inserter(table);
const drop = remover(table, "id", "account");
const selectOfIssuer = read((db, p: { issuer: string }, dialect) =>
  table.selectFrom(db, dialect).where("issuer", "=", p.issuer).orderBy("algorithm").orderBy("number"),
);

/** @throws Conflict `number` where another was made first, FormerRingKey as other secrets */
export async function create(tx: Tx, made: NewOutboundKey): Promise<void> {
  await requireSealing(tx, made.sealedSecret);
  if ((await insert(tx, unversioned, table.fresh(made))) === 0) throw new Conflict("outbound-key", "number", made.id);
}

/** Those of one algorithm after the other, the oldest first. */
export async function ofIssuer(tx: Tx, issuer: string): Promise<OutboundKeyRecord[]> {
  return (await selectOfIssuer.all(tx, { issuer })).map(table.record);
}

/** One that is gone already is passed over. */
export async function remove(tx: Tx, outboundKey: Ref): Promise<void> {
  await drop(tx, unversioned, outboundKey);
}
