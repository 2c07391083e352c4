import type { Migration } from "./migration.ts";

/** MFA devices. A user, and with it its id, cannot be removed while a device is enabled for it. */
export const mfaDevices: Migration = {
  name: "0010-mfa-devices",
  up: ({ table, index, types }) => [
    table("mfa_devices")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("sealed_secret", types.bytes, (column) => column.notNull())
      .addColumn("ring", types.key, (column) => column.notNull())
      .addColumn("ring_key", types.key, (column) => column.notNull())
      .addColumn("type", types.text, (column) => column.notNull())
      .addColumn("enabled_for", types.key, (column) => column.references("entities.id"))
      .addColumn("enabled_at", types.integer)
      .addColumn("drift", types.integer, (column) => column.notNull())
      .addColumn("last_step", types.integer)
      .addColumn("refused_span", types.integer)
      .addColumn("refused_pairs", types.integer)
      .addUniqueConstraint("mfa_devices_name", ["account", "name_key"])
      .addForeignKeyConstraint("mfa_devices_ring_key", ["ring", "ring_key"], "ring_keys", ["purpose", "id"]),
    index("mfa_devices_owner").on("mfa_devices").columns(["enabled_for", "name_key"]),
    index("mfa_devices_sealed_with").on("mfa_devices").columns(["ring_key", "id"]),
  ],
};
