import type { Migration } from "./migration.ts";

/** Attempts to sign in that have not succeeded. */
export const signInAttempts: Migration = {
  name: "0012-sign-in-attempts",
  up: ({ table, index, types }) => [
    table("sign_in_attempts")
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("user_name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("failures", types.integer, (column) => column.notNull())
      .addColumn("at", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("sign_in_attempts_pk", ["account", "name_key"]),
    index("sign_in_attempts_at").on("sign_in_attempts").columns(["at"]),
  ],
};
