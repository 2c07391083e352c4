import type { Migration } from "./migration.ts";

/** What an account has set for itself as a whole. */
export const accountPreferences: Migration = {
  name: "0011-account-preferences",
  up: ({ table, types }) => [
    table("account_preferences")
      .addColumn("account", types.key, (column) => column.primaryKey().references("accounts.id"))
      .addColumn("role_manager", types.integer, (column) => column.notNull())
      .addColumn("token_version", types.integer, (column) => column.notNull())
      .addColumn("outbound_issuer", types.key, (column) => column.unique())
      .addColumn("outbound_federation", types.integer, (column) => column.notNull()),
  ],
};
