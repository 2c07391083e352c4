import type { Migration } from "./migration.ts";

/** Passwords of users, and what an account demands of them. */
export const passwords: Migration = {
  name: "0009-passwords",
  up: ({ table, types }) => [
    table("login_profiles")
      .addColumn("user_id", types.key, (column) => column.primaryKey().references("users.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("hash", types.text, (column) => column.notNull())
      .addColumn("changed_at", types.integer, (column) => column.notNull())
      .addColumn("reset_required", types.integer, (column) => column.notNull())
      .addColumn("former_hashes", types.text, (column) => column.notNull()),
    table("password_policies")
      .addColumn("account", types.key, (column) => column.primaryKey().references("accounts.id"))
      .addColumn("minimum_length", types.integer, (column) => column.notNull())
      .addColumn("require_symbols", types.integer, (column) => column.notNull())
      .addColumn("require_numbers", types.integer, (column) => column.notNull())
      .addColumn("require_uppercase", types.integer, (column) => column.notNull())
      .addColumn("require_lowercase", types.integer, (column) => column.notNull())
      .addColumn("allow_users_to_change", types.integer, (column) => column.notNull())
      .addColumn("max_age", types.integer)
      .addColumn("reuse_prevention", types.integer)
      .addColumn("hard_expiry", types.integer),
  ],
};
