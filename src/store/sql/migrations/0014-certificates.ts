import type { Migration } from "./migration.ts";

/** Server certificates, their material apart from what lists show; and signing certificates of users and roots. */
export const certificates: Migration = {
  name: "0014-certificates",
  up: ({ table, index, types }) => [
    table("server_certificates")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("expires_at", types.integer, (column) => column.notNull())
      .addUniqueConstraint("server_certificates_name", ["account", "name_key"]),
    table("server_certificate_materials")
      .addColumn("id", types.key, (column) => column.primaryKey().references("server_certificates.id"))
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("body", types.text, (column) => column.notNull())
      .addColumn("chain", types.text)
      // The private key.
      .addColumn("sealed_secret", types.bytes, (column) => column.notNull())
      .addColumn("ring", types.key, (column) => column.notNull())
      .addColumn("ring_key", types.key, (column) => column.notNull())
      .addForeignKeyConstraint("server_certificates_ring_key", ["ring", "ring_key"], "ring_keys", ["purpose", "id"]),
    index("server_certificates_sealed_with").on("server_certificate_materials").columns(["ring_key", "id"]),
    table("signing_certificates")
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("id", types.key, (column) => column.notNull())
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("body", types.text, (column) => column.notNull())
      .addColumn("status", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("signing_certificates_pk", ["account", "id"]),
    index("signing_certificates_owner").on("signing_certificates").columns(["owner_id", "id"]),
  ],
};
