/** Everything that grants permissions to a principal, in one query, and managed documents in another: the hot reads of authorization. */
import { sql } from "kysely";

import { NotFound } from "../sql/errors.ts";
import { inJsonList } from "../sql/fragments.ts";
import { jsonList } from "../sql/storable.ts";
import { queriesOf } from "../sql/table/queries.ts";
import type { Tx } from "../sql/transaction.ts";
import type { InlinePolicy } from "./inline-policies.ts";
import * as policies from "./policies.ts";
import { policyVersions } from "./policy-version-table.ts";

/** Everything that grants permissions to a principal. Documents of `attached` ARNs come from `documents`. */
export interface PrincipalPolicies {
  readonly inline: readonly InlinePolicy[];
  readonly attached: readonly string[];
  /** Empty for a role. */
  readonly groups: readonly GroupPolicies[];
  /** Whether the account's password policy lets its users change their own passwords; false for a role. */
  readonly changesOwnPassword: boolean;
  readonly boundaryArn: string | null;
}

interface GroupPolicies {
  readonly id: string;
  readonly name: string;
  readonly inline: readonly InlinePolicy[];
  readonly attached: readonly string[];
}

/** The text in force of a customer managed policy. */
interface PolicyDocument {
  readonly arn: string;
  readonly policyId: string;
  readonly version: number;
  readonly document: string;
}

const { read } = queriesOf(policies.table, policyVersions);

/**
 * A row for the principal and each of its groups (`owner`), for each inline policy, for each attachment, and one where
 * the account's users may change their own passwords.
 */
interface GrantRow {
  kind: string;
  owner_id: string;
  name: string | null;
  value: string | null;
}

const selectOfRole = read(
  (_, p: { id: string }) => sql<GrantRow>`
  select 'owner' as "kind", "id" as "owner_id", "name", "boundary_arn" as "value" from "roles" where "id" = ${p.id}
  union all select 'inline', "owner_id", "name", "document" from "inline_policies" where "owner_id" = ${p.id}
  union all select 'attached', "owner_id", null, "policy_arn" from "attachments" where "owner_id" = ${p.id}`,
);

const selectOfUser = read(
  (_, p: { id: string }) => sql<GrantRow>`
  select 'owner' as "kind", "id" as "owner_id", "name", "boundary_arn" as "value" from "users" where "id" = ${p.id}
  union all select 'owner', g."id", g."name", null from "group_members" m
    join "groups" g on g."id" = m."group_id" where m."user_id" = ${p.id}
  union all select 'inline', "owner_id", "name", "document" from "inline_policies" where "owner_id" = ${p.id}
  union all select 'inline', i."owner_id", i."name", i."document" from "group_members" m
    join "inline_policies" i on i."owner_id" = m."group_id" where m."user_id" = ${p.id}
  union all select 'attached', "owner_id", null, "policy_arn" from "attachments" where "owner_id" = ${p.id}
  union all select 'attached', a."owner_id", null, a."policy_arn" from "group_members" m
    join "attachments" a on a."owner_id" = m."group_id" where m."user_id" = ${p.id}
  union all select 'password', u."id", null, null from "users" u
    join "password_policies" p on p."account" = u."account" and p."allow_users_to_change" = 1 where u."id" = ${p.id}`,
);

const selectDocuments = read((db, p: { arns: string }, dialect) =>
  db
    .selectFrom("policies")
    .innerJoin("policy_versions", (join) =>
      join
        .onRef("policy_versions.policy_id", "=", "policies.id")
        .onRef("policy_versions.number", "=", "policies.default_version"),
    )
    .select(["policies.arn", "policies.id", "policy_versions.number", "policy_versions.document"])
    .where(inJsonList(dialect, "policies.arn", p.arns)),
);

interface Grants {
  readonly id: string;
  readonly name: string;
  readonly inline: InlinePolicy[];
  readonly attached: string[];
}

/**
 * Inline policies, attached ARNs, the groups' own, and the boundary of a user or role.
 * @throws NotFound when there is no such principal
 */
export async function principalPolicies(
  tx: Tx,
  principal: { readonly kind: "user" | "role"; readonly id: string },
): Promise<PrincipalPolicies> {
  const query = principal.kind === "user" ? selectOfUser : selectOfRole;
  const rows = await query.all(tx, { id: principal.id });
  const owners = new Map<string, Grants>();
  let boundaryArn: string | null = null;
  for (const row of rows) {
    if (row.kind !== "owner") continue;
    owners.set(row.owner_id, { id: row.owner_id, name: row.name!, inline: [], attached: [] });
    if (row.owner_id === principal.id) boundaryArn = row.value;
  }
  const own = owners.get(principal.id);
  if (own === undefined) throw new NotFound(principal.kind, principal.id);
  for (const row of rows) {
    if (row.kind === "inline") owners.get(row.owner_id)!.inline.push({ name: row.name!, document: row.value! });
    else if (row.kind === "attached") owners.get(row.owner_id)!.attached.push(row.value!);
  }
  owners.delete(principal.id);
  const changesOwnPassword = rows.some(({ kind }) => kind === "password");
  return { inline: own.inline, attached: own.attached, groups: [...owners.values()], boundaryArn, changesOwnPassword };
}

/** Default documents of those ARNs that are customer managed policies; unknown ARNs are left out, order is not kept. */
export async function documents(tx: Tx, arns: readonly string[]): Promise<PolicyDocument[]> {
  if (arns.length === 0) return [];
  const rows = await selectDocuments.all(tx, { arns: jsonList(arns) });
  return rows.map((row) => ({ arn: row.arn, policyId: row.id, version: row.number, document: row.document }));
}
