/** Server certificates: what one is called and when it ends; body, chain and private key stand beside it. */
import { unversioned } from "../sql/query.ts";
import { integer, optional, text } from "../sql/table/column.ts";
import { finder, inserter, remover } from "../sql/table/statements.ts";
import { table as tableOf } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable } from "./named-table.ts";
import type { NewNamed } from "./named-table.ts";
import { requireSealing, sealed, sealedSecrets } from "./sealed-secrets.ts";
import { exactCase, tagsOf } from "./tags.ts";

const members = { ...named, expiresAt: integer, tags: tagsOf("server_certificates") };

export type ServerCertificateRecord = RecordOf<typeof members>;
export type NewServerCertificate = NewNamed<typeof members>;

const certificates = namedTable(
  {
    kind: "server-certificate",
    change: null,
    table: "server_certificates",
    quota: "ServerCertificatesPerAccount",
    tagKeys: exactCase,
  },
  members,
);
export const { table, byName, list, update, remove } = certificates;

/** A list of certificates reads none of these: a chain may have two megabytes. The secret is the private key. */
const materialMembers = { ...sealed, body: text, chain: optional(text) };
export const materials = tableOf("server_certificate_materials", materialMembers);
export const secrets = sealedSecrets(materials, () => unversioned);

export type MaterialRecord = RecordOf<typeof materialMembers>;
export type NewMaterial = NewOf<typeof materialMembers>;

const insertMaterial = inserter(materials);
const findMaterial = finder(materials, "id");
const dropMaterial = remover(materials, "id", "account");

/**
 * @param limit how many the account may have
 * @throws Conflict `name`, `quota`; FormerRingKey when the private key was sealed with a key that does not seal any more
 */
export async function create(
  tx: Tx,
  made: NewServerCertificate,
  material: NewMaterial,
  limit: number,
): Promise<ServerCertificateRecord> {
  await requireSealing(tx, material.sealedSecret);
  const record = await certificates.create(tx, made, limit);
  await insertMaterial(tx, unversioned, materials.fresh(material));
  return record;
}

export function materialOf(tx: Tx, { id }: Ref): Promise<MaterialRecord | null> {
  return findMaterial(tx, { id });
}

/** Before the certificate itself is removed. */
export async function removeMaterial(tx: Tx, certificate: Ref): Promise<void> {
  await dropMaterial(tx, unversioned, certificate);
}
