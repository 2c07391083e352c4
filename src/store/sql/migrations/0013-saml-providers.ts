import type { Migration } from "./migration.ts";

/** SAML providers, their metadata documents and the private keys with which assertions are decrypted. */
export const samlProviders: Migration = {
  name: "0013-saml-providers",
  up: ({ table, index, types }) => [
    table("saml_providers")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("identity_providers", types.text, (column) => column.notNull())
      .addColumn("encryption", types.text, (column) => column.notNull())
      .addUniqueConstraint("saml_providers_name", ["account", "name_key"]),
    table("saml_metadata")
      .addColumn("provider_id", types.key, (column) => column.primaryKey().references("saml_providers.id"))
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("document", types.text, (column) => column.notNull()),
    table("saml_private_keys")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("sealed_secret", types.bytes, (column) => column.notNull())
      .addColumn("ring", types.key, (column) => column.notNull())
      .addColumn("ring_key", types.key, (column) => column.notNull())
      .addColumn("provider_id", types.key, (column) => column.notNull().references("saml_providers.id"))
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addForeignKeyConstraint("saml_private_keys_ring_key", ["ring", "ring_key"], "ring_keys", ["purpose", "id"]),
    index("saml_private_keys_provider").on("saml_private_keys").columns(["provider_id", "created_at"]),
    index("saml_private_keys_sealed_with").on("saml_private_keys").columns(["ring_key", "id"]),
  ],
};
