import type { Migration } from "./migration.ts";

/**
 * A secret refers to the ring key that sealed it, so that no key goes while something is sealed with it; and the nodes
 * that use a database say so in it.
 *
 * SQLite adds no foreign key of two columns to a table that is there: the table is made anew on both.
 */
export const ringReferences: Migration = {
  name: "0003-ring-references",
  up: ({ table, index, types, statement, dialect }) => {
    // It stands in the clear in front of what the key sealed: second to fifth byte (seal/key-ring.ts).
    const ringKey =
      dialect === "sqlite"
        ? `lower(hex(substr("sealed_secret", 2, 4)))`
        : `encode(substring("sealed_secret" from 2 for 4), 'hex')`;
    const noBytes = dialect === "sqlite" ? "x''" : "''::bytea";
    const keptColumns = `"id", "account", "owner_id", "sealed_secret", "status", "created_at",
      "last_used_at", "last_used_region", "last_used_service"`;
    return [
      statement(`alter table "ring_keys" add column "lost_master_key" text`),
      // Secrets whose ring key is gone, as a rotation could lose it: a key that no master key opens stands for it, and
      // the server says so until those secrets are deleted.
      statement(`insert into "ring_keys" ("purpose", "id", "state", "sealed_key", "created_at", "changed_at", "seals")
        select distinct 'secrets', ${ringKey}, 'distributed', ${noBytes}, 0, 0, 0 from "access_keys"
        where ${ringKey} not in (select "id" from "ring_keys" where "purpose" = 'secrets')`),
      table("access_keys_referring")
        .addColumn("id", types.key, (column) => column.primaryKey())
        .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
        .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
        .addColumn("sealed_secret", types.bytes, (column) => column.notNull())
        .addColumn("status", types.text, (column) => column.notNull())
        .addColumn("created_at", types.integer, (column) => column.notNull())
        .addColumn("last_used_at", types.integer)
        .addColumn("last_used_region", types.text)
        .addColumn("last_used_service", types.text)
        // Always `secrets`: an id of a ring key is unique within its ring.
        .addColumn("ring", types.key, (column) => column.notNull())
        .addColumn("ring_key", types.key, (column) => column.notNull())
        .addForeignKeyConstraint("access_keys_ring_key", ["ring", "ring_key"], "ring_keys", ["purpose", "id"]),
      statement(`insert into "access_keys_referring" (${keptColumns}, "ring", "ring_key")
        select ${keptColumns}, 'secrets', ${ringKey} from "access_keys"`),
      statement(`drop table "access_keys"`),
      statement(`alter table "access_keys_referring" rename to "access_keys"`),
      index("access_keys_owner").on("access_keys").columns(["owner_id", "id"]),
      index("access_keys_sealed_with").on("access_keys").columns(["ring_key", "id"]),
      table("nodes")
        .addColumn("id", types.key, (column) => column.primaryKey())
        .addColumn("name", types.text, (column) => column.notNull())
        .addColumn("master_key_source", types.text, (column) => column.notNull())
        .addColumn("started_at", types.integer, (column) => column.notNull())
        .addColumn("expires_at", types.integer, (column) => column.notNull())
        .addColumn("ring_keys", types.text, (column) => column.notNull())
        .addColumn("clock_deviation", types.integer, (column) => column.notNull()),
    ];
  },
};
