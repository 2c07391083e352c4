import type { Migration } from "./migration.ts";

/** Service-specific credentials: of their secrets what verifies them. */
export const serviceCredentials: Migration = {
  name: "0016-service-credentials",
  up: ({ table, index, types }) => [
    table("service_credentials")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("service", types.key, (column) => column.notNull())
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("verifier", types.bytes, (column) => column.notNull())
      .addColumn("status", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("expires_at", types.integer)
      .addUniqueConstraint("service_credentials_name", ["service", "name_key"]),
    index("service_credentials_owner").on("service_credentials").columns(["owner_id", "id"]),
    index("service_credentials_account").on("service_credentials").columns(["account", "id"]),
  ],
};
