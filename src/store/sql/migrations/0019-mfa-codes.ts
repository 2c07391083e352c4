import type { Migration } from "./migration.ts";

/** Codes of MFA devices that were used, and how many were verified lately. */
export const mfaCodes: Migration = {
  name: "0019-mfa-codes",
  up: ({ table, types }) => [
    table("mfa_used_codes")
      .addColumn("device_id", types.key, (column) => column.notNull().references("mfa_devices.id").onDelete("cascade"))
      .addColumn("step", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("mfa_used_codes_pk", ["device_id", "step"]),
    table("mfa_verifications")
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("serial_key", types.key, (column) => column.notNull())
      .addColumn("span", types.integer, (column) => column.notNull())
      .addColumn("codes", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("mfa_verifications_pk", ["account", "serial_key"]),
  ],
};
