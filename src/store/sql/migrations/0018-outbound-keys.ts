import type { Migration } from "./migration.ts";

/** Keys that sign the tokens of issuers of ours. */
export const outboundKeys: Migration = {
  name: "0018-outbound-keys",
  up: ({ table, index, types }) => [
    table("outbound_keys")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("sealed_secret", types.bytes, (column) => column.notNull())
      .addColumn("ring", types.key, (column) => column.notNull())
      .addColumn("ring_key", types.key, (column) => column.notNull())
      .addColumn("issuer", types.key, (column) => column.notNull())
      .addColumn("algorithm", types.key, (column) => column.notNull())
      .addColumn("number", types.integer, (column) => column.notNull())
      .addColumn("public_key", types.bytes, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("signs_from", types.integer, (column) => column.notNull())
      .addUniqueConstraint("outbound_keys_number", ["issuer", "algorithm", "number"])
      .addForeignKeyConstraint("outbound_keys_ring_key", ["ring", "ring_key"], "ring_keys", ["purpose", "id"]),
    index("outbound_keys_sealed_with").on("outbound_keys").columns(["ring_key", "id"]),
  ],
};
