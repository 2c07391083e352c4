import type { Migration } from "./migration.ts";

/** SAML assertions that were used. */
export const usedAssertions: Migration = {
  name: "0020-used-assertions",
  up: ({ table, index, types }) => [
    table("used_assertions")
      .addColumn("provider_id", types.key, (column) => column.notNull())
      .addColumn("assertion", types.key, (column) => column.notNull())
      .addColumn("usable_until", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("used_assertions_pk", ["provider_id", "assertion"]),
    index("used_assertions_usable_until").on("used_assertions").columns(["usable_until"]),
  ],
};
