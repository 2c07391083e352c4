import type { Compilable } from "kysely";

import type { Migration, Toolkit } from "./migration.ts";

/**
 * The first schema. `*_key` columns hold lower-cased names: uniqueness regardless of case is a constraint, and their
 * binary order is the order of lists. `entities` has a row for each unique id, so that what belongs to an owner of any
 * kind has a foreign key that keeps an owner from being removed before its belongings.
 */
export const initial: Migration = {
  name: "0001-initial",
  up: (toolkit) => [
    ...accountTables(toolkit),
    ...entityTables(toolkit),
    ...policyTables(toolkit),
    ...belongings(toolkit),
    ...serverTables(toolkit),
  ],
};

function accountTables({ table, types }: Toolkit): Compilable[] {
  return [
    table("organizations")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("management_account", types.key, (column) => column.notNull().unique())
      .addColumn("root_id", types.key, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull()),
    table("accounts")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("email", types.key, (column) => column.unique())
      .addColumn("partition", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("organization_id", types.key, (column) => column.references("organizations.id"))
      .addColumn("organization_path", types.text)
      .addColumn("alias", types.key, (column) => column.unique())
      .addColumn("revision", types.integer, (column) => column.notNull()),
    table("changes")
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("revision", types.integer, (column) => column.notNull())
      .addColumn("sequence", types.integer, (column) => column.notNull())
      .addColumn("kind", types.text, (column) => column.notNull())
      .addColumn("entity_id", types.text, (column) => column.notNull())
      .addColumn("at", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("changes_pk", ["account", "revision", "sequence"]),
  ];
}

/** Users, groups, roles, and what keeps their ids unique. */
function entityTables({ table, index, types }: Toolkit): Compilable[] {
  return [
    table("entities")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("kind", types.text, (column) => column.notNull()),
    table("users")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("password_last_used_at", types.integer)
      .addColumn("boundary_arn", types.key)
      .addUniqueConstraint("users_name", ["account", "name_key"]),
    index("users_boundary").on("users").columns(["boundary_arn", "account"]),
    table("groups")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addUniqueConstraint("groups_name", ["account", "name_key"]),
    table("group_members")
      .addColumn("group_id", types.key, (column) => column.notNull().references("groups.id"))
      .addColumn("user_id", types.key, (column) => column.notNull().references("users.id"))
      .addColumn("account", types.key, (column) => column.notNull())
      .addPrimaryKeyConstraint("group_members_pk", ["group_id", "user_id"]),
    index("group_members_user").on("group_members").columns(["user_id", "group_id"]),
    table("roles")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("description", types.text)
      .addColumn("max_session_duration", types.integer, (column) => column.notNull())
      .addColumn("trust_policy", types.text, (column) => column.notNull())
      .addColumn("trust_bindings", types.text, (column) => column.notNull())
      .addColumn("boundary_arn", types.key)
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("last_used_at", types.integer)
      .addColumn("last_used_region", types.text)
      .addColumn("service_linked", types.integer, (column) => column.notNull())
      .addUniqueConstraint("roles_name", ["account", "name_key"]),
    index("roles_boundary").on("roles").columns(["boundary_arn", "account"]),
  ];
}

function policyTables({ table, types }: Toolkit): Compilable[] {
  return [
    table("policies")
      .addColumn("id", types.key, (column) => column.primaryKey().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("arn", types.key, (column) => column.notNull().unique())
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("path", types.text, (column) => column.notNull())
      .addColumn("description", types.text)
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("updated_at", types.integer, (column) => column.notNull())
      .addColumn("default_version", types.integer, (column) => column.notNull())
      .addColumn("next_version", types.integer, (column) => column.notNull())
      .addColumn("attachable", types.integer, (column) => column.notNull())
      .addUniqueConstraint("policies_name", ["account", "name_key"]),
    table("policy_versions")
      .addColumn("policy_id", types.key, (column) => column.notNull().references("policies.id"))
      .addColumn("number", types.integer, (column) => column.notNull())
      .addColumn("document", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("policy_versions_pk", ["policy_id", "number"]),
  ];
}

/** What belongs to an entity: keys, policies, tags. */
function belongings({ table, index, types }: Toolkit): Compilable[] {
  return [
    table("access_keys")
      .addColumn("id", types.key, (column) => column.primaryKey())
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("sealed_secret", types.bytes, (column) => column.notNull())
      .addColumn("status", types.text, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("last_used_at", types.integer)
      .addColumn("last_used_region", types.text)
      .addColumn("last_used_service", types.text),
    index("access_keys_owner").on("access_keys").columns(["owner_id", "id"]),
    table("attachments")
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("policy_arn", types.key, (column) => column.notNull())
      .addColumn("policy_key", types.key, (column) => column.notNull())
      .addColumn("policy_path", types.text, (column) => column.notNull())
      .addPrimaryKeyConstraint("attachments_pk", ["owner_id", "policy_key"]),
    index("attachments_policy").on("attachments").columns(["policy_arn", "account"]),
    table("inline_policies")
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("name", types.text, (column) => column.notNull())
      .addColumn("name_key", types.key, (column) => column.notNull())
      .addColumn("document", types.text, (column) => column.notNull())
      .addColumn("size", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("inline_policies_pk", ["owner_id", "name_key"]),
    table("tags")
      .addColumn("owner_id", types.key, (column) => column.notNull().references("entities.id"))
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("key", types.text, (column) => column.notNull())
      .addColumn("key_key", types.key, (column) => column.notNull())
      .addColumn("value", types.text, (column) => column.notNull())
      .addPrimaryKeyConstraint("tags_pk", ["owner_id", "key_key"]),
    table("quotas")
      .addColumn("account", types.key, (column) => column.notNull().references("accounts.id"))
      .addColumn("name", types.key, (column) => column.notNull())
      .addColumn("used", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("quotas_pk", ["account", "name"]),
  ];
}

/** The server's own state. */
function serverTables({ table, types }: Toolkit): Compilable[] {
  return [
    table("ring_keys")
      .addColumn("purpose", types.key, (column) => column.notNull())
      .addColumn("id", types.key, (column) => column.notNull())
      .addColumn("state", types.text, (column) => column.notNull())
      .addColumn("sealed_key", types.bytes, (column) => column.notNull())
      .addColumn("created_at", types.integer, (column) => column.notNull())
      .addColumn("changed_at", types.integer, (column) => column.notNull())
      .addColumn("seals", types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint("ring_keys_pk", ["purpose", "id"]),
    table("master_key")
      .addColumn("singleton", types.integer, (column) => column.primaryKey())
      .addColumn("check_value", types.bytes, (column) => column.notNull()),
    types
      .sequence(table("outbox"), "sequence")
      .addColumn("event_id", types.key, (column) => column.notNull().unique())
      .addColumn("account", types.key, (column) => column.notNull())
      .addColumn("at", types.integer, (column) => column.notNull())
      .addColumn("record", types.text, (column) => column.notNull())
      .addColumn("private", types.text, (column) => column.notNull()),
    table("settings")
      .addColumn("key", types.key, (column) => column.primaryKey())
      .addColumn("value", types.text, (column) => column.notNull()),
  ];
}
