import type { Migration } from "./migration.ts";

/** Instance profiles; each has one role at most (IAM User Guide, id_roles_use_switch-role-ec2_instance-profiles). */
export const instanceProfiles: Migration = {
  name: "0006-instance-profiles",
  up: ({ table, index, types }) => [
    table("instance_profiles")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("role_id", types.key, (column) => column.references("roles.id"))
      .addUniqueConstraint("instance_profiles_name", ["account", "name_key"]),
    index("instance_profiles_role").on("instance_profiles").columns(["role_id", "name_key"]),
  ],
};
