/** Private keys of SAML providers, with which assertions are decrypted: PKCS#8 in DER, sealed. */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { integer, key } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { inserter, remover } from "../sql/table/statements.ts";
import { table as tableOf } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { requireSealing, sealed, sealedSecrets } from "./sealed-secrets.ts";

const members = { ...sealed, providerId: key, createdAt: integer };
export const table = tableOf("saml_private_keys", members);

export type SamlPrivateKeyRecord = RecordOf<typeof members>;
export type NewSamlPrivateKey = NewOf<typeof members>;

export const secrets = sealedSecrets(table, () => unversioned);

const { read, write } = queriesOf(table);
const insert = inserter(table);
const drop = remover(table, "id", "account");
const selectOfProvider = read((db, p: { provider: string }, dialect) =>
  table.selectFrom(db, dialect).where("provider_id", "=", p.provider).orderBy("created_at").orderBy("id"),
);
const dropOfProvider = write((db, p: { provider: string; account: string }) =>
  db.deleteFrom("saml_private_keys").where("provider_id", "=", p.provider).where("account", "=", p.account),
);

/** @throws Conflict `id`, FormerRingKey as other secrets */
export async function create(tx: Tx, made: NewSamlPrivateKey): Promise<void> {
  await requireSealing(tx, made.sealedSecret);
  if ((await insert(tx, unversioned, table.fresh(made))) === 0) throw new Conflict("saml-private-key", "id", made.id);
}

/** The oldest first. */
export async function ofProvider(tx: Tx, provider: Ref): Promise<SamlPrivateKeyRecord[]> {
  return (await selectOfProvider.all(tx, { provider: provider.id })).map(table.record);
}

/** @throws NotFound */
export async function remove(tx: Tx, privateKey: Ref): Promise<void> {
  if ((await drop(tx, unversioned, privateKey)) === 0) throw new NotFound("saml-private-key", privateKey.id);
}

/** All that a provider has, which is about to be removed itself. */
export async function removeAll(tx: Tx, { id, account }: Ref): Promise<void> {
  await dropOfProvider.run(tx, unversioned, { provider: id, account });
}
