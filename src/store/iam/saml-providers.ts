/** SAML providers: whose assertions an account's roles may trust. */
import { NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { json, key, text, word } from "../sql/table/column.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table as tableOf } from "../sql/table/table.ts";
import type { ChangeOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable } from "./named-table.ts";
import type { NewNamed } from "./named-table.ts";
import { exactCase, tagsOf } from "./tags.ts";

/** What of an identity provider's metadata verifying its assertions takes. */
export interface SamlIdentityProvider {
  /** As the Issuer of its assertions says. */
  readonly entityId: string;
  /** Where people sign in. */
  readonly singleSignOn: readonly { readonly binding: string; readonly location: string }[];
  /** Of the keys that sign: DER in Base64. */
  readonly certificates: readonly string[];
}

const members = {
  /** The id is what AWS calls the provider's UUID. */
  ...named,
  /** Those in the metadata: one as a rule. */
  identityProviders: json<readonly SamlIdentityProvider[]>(),
  /** Whether assertions have to be encrypted. */
  encryption: word<"Required" | "Allowed">(),
  tags: tagsOf("saml_providers"),
};

export type SamlProviderRecord = RecordOf<typeof members>;

const providers = namedTable(
  {
    kind: "saml-provider",
    change: null,
    table: "saml_providers",
    quota: "SAMLProvidersPerAccount",
    tagKeys: exactCase,
  },
  members,
);
export const { table, byName, list } = providers;

/** A table of its own: it may have ten million characters, and is read by who asks for it alone. */
export const samlMetadata = tableOf("saml_metadata", { providerId: key, account: key, document: text });
const findDocument = finder(samlMetadata, "providerId");
const insertDocument = inserter(samlMetadata);
const changeDocument = updater(samlMetadata, "providerId", "account");
const dropDocument = remover(samlMetadata, "providerId", "account");

/** @throws Conflict as namedTable */
export async function create(
  tx: Tx,
  { document, ...made }: NewNamed<typeof members> & { readonly document: string },
  limit?: number,
): Promise<SamlProviderRecord> {
  const record = await providers.create(tx, made, limit);
  await insertDocument(tx, unversioned, { providerId: made.id, account: made.account, document });
  return record;
}

/** The metadata document, as it was given. @throws NotFound */
export async function documentOf(tx: Tx, provider: Ref): Promise<string> {
  const found = await findDocument(tx, { providerId: provider.id });
  if (found === null) throw new NotFound("saml-metadata", provider.id);
  return found.document;
}

/** @param document where the metadata changes; its `identityProviders` are of it. @throws NotFound */
export async function update(
  tx: Tx,
  provider: Ref,
  { document, ...to }: ChangeOf<typeof members> & { readonly document?: string },
): Promise<void> {
  const { id, account } = provider;
  await providers.update(tx, provider, to);
  if (document !== undefined) await changeDocument(tx, unversioned, { providerId: id, account }, { document });
}

/** Its keys have to be gone. @throws NotFound, Conflict `dependents` */
export async function remove(tx: Tx, provider: Ref): Promise<void> {
  await dropDocument(tx, unversioned, { providerId: provider.id, account: provider.account });
  await providers.remove(tx, provider);
}
