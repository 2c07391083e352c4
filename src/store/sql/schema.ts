/**
 * The tables as kysely sees them. Booleans are 0 and 1, times are milliseconds, `*_key` columns are lower-cased names
 * under which they are unique and ordered.
 */
import type { Generated } from "kysely";

export interface Schema {
  organizations: { id: string; management_account: string; root_id: string; created_at: number };
  /** Where accounts lie in an organization: `o-…/r-…/ou-…/`. */
  organization_places: { id: Generated<number>; organization_id: string; path: string };
  accounts: {
    id: string;
    name: string;
    email: string | null;
    partition: string;
    created_at: number;
    organization_id: string | null;
    organization_place: number | null;
    alias: string | null;
  };
  /** What has a revision (domain.ts). */
  domains: { id: string; revision: number; stamp: number };
  /** One row for each unique id, so that tags, attachments, keys… have one thing to refer to. */
  entities: { id: string; account: string; kind: string };
  users: NamedTable & { password_last_used_at: number | null; boundary_arn: string | null };
  groups: NamedTable;
  group_members: { group_id: string; user_id: string; account: string };
  roles: NamedTable & {
    description: string | null;
    max_session_duration: number;
    trust_policy: string;
    trust_bindings: string;
    boundary_arn: string | null;
    last_used_at: number | null;
    last_used_region: string | null;
    service_linked: number;
  };
  policies: NamedTable & {
    arn: string;
    description: string | null;
    updated_at: number;
    default_version: number;
    next_version: number;
    attachable: number;
  };
  policy_versions: { policy_id: string; number: number; document: string; created_at: number };
  access_keys: {
    id: string;
    account: string;
    owner_id: string;
    sealed_secret: Uint8Array;
    status: string;
    created_at: number;
    last_used_at: number | null;
    last_used_region: string | null;
    last_used_service: string | null;
    ring: string;
    ring_key: string;
  };
  attachments: { owner_id: string; account: string; policy_arn: string; policy_key: string; policy_path: string };
  inline_policies: {
    owner_id: string;
    account: string;
    name: string;
    name_key: string;
    document: string;
    size: number;
  };
  tags: { owner_id: string; account: string; key: string; key_key: string; value: string };
  quotas: { account: string; name: string; used: number };
  ring_keys: {
    purpose: string;
    id: string;
    state: string;
    sealed_key: Uint8Array;
    created_at: number;
    changed_at: number;
    seals: number;
    lost_master_key: string | null;
  };
  nodes: {
    id: string;
    name: string;
    master_key_source: string;
    started_at: number;
    expires_at: number;
    ring_keys: string;
    clock_deviation: number;
  };
  master_key: { singleton: number; check_value: Uint8Array };
  outbox: {
    sequence: Generated<number>;
    event_id: string;
    account: string;
    at: number;
    record: string;
    private: string;
  };
  settings: { key: string; value: string };
  schema_migrations: { name: string; applied_at: number };
}

/** What users, groups, roles and policies have in common. */
export interface NamedTable {
  id: string;
  account: string;
  name: string;
  name_key: string;
  path: string;
  created_at: number;
}
