import type { Migration } from "./migration.ts";

/** OpenID Connect providers. */
export const oidcProviders: Migration = {
  name: "0008-oidc-providers",
  up: ({ table, types }) => [
    table("oidc_providers")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("client_ids", types.text, (column) => column.notNull())
      .addColumn("thumbprints", types.text, (column) => column.notNull())
      .addUniqueConstraint("oidc_providers_name", ["account", "name_key"]),
  ],
};
