import type { Migration } from "./migration.ts";

/** SSH public keys: a user has each once, several users may have the same (observed on AWS, September 2026). */
export const sshPublicKeys: Migration = {
  name: "0007-ssh-public-keys",
  up: ({ table, index, types }) => [
    table("ssh_public_keys")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("blob", types.bytes, (column) => column.notNull())
      .addColumn("sha256", types.key, (column) => column.notNull())
      .addColumn("md5", types.key, (column) => column.notNull())
      .addColumn("status", types.text, (column) => column.notNull())
      .addColumn("uploaded_at", types.integer, (column) => column.notNull())
      .addUniqueConstraint("ssh_public_keys_key", ["owner_id", "sha256"]),
    index("ssh_public_keys_owner").on("ssh_public_keys").columns(["owner_id", "id"]),
    index("ssh_public_keys_sha256").on("ssh_public_keys").columns(["sha256", "account", "id"]),
    index("ssh_public_keys_md5").on("ssh_public_keys").columns(["md5", "account", "id"]),
  ],
};
