/** Roles. */
import type { Bindings } from "../../policy/types.ts";
import { gather } from "../sql/eventual.ts";
import type { Eventual } from "../sql/eventual.ts";
import { unversioned } from "../sql/query.ts";
import { flag, initially, integer, json, key, optional, text, together } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import { named, namedTable } from "./named-table.ts";
import type { NewNamed } from "./named-table.ts";
import { anyCase, tagsOf } from "./tags.ts";

const members = {
  ...named,
  description: optional(text),
  /** Seconds. */
  maxSessionDuration: integer,
  trustPolicy: text,
  trustBindings: json<Bindings>(),
  boundaryArn: optional(key),
  lastUsed: together({ at: integer, region: text }),
  serviceLinked: initially(flag, false),
  tags: tagsOf("roles"),
};

export type RoleRecord = RecordOf<typeof members>;
export type NewRole = NewNamed<typeof members>;
type RoleUse = NonNullable<RoleRecord["lastUsed"]>;

export const { table, create, byId, byName, list, update, remove } = namedTable(
  { kind: "role", change: "role", table: "roles", quota: "RolesPerAccount", tagKeys: anyCase },
  members,
);

const { keptRead, write } = queriesOf(table);
const selectLastUse = keptRead((db, p: { id: string }) =>
  db.selectFrom("roles").select(["last_used_at", "last_used_region"]).where("id", "=", p.id),
);
const updateLastUsed = write((db, p: { id: string; at: number; region: string }) =>
  db
    .updateTable("roles")
    .set({ last_used_at: p.at, last_used_region: p.region })
    .where("id", "=", p.id)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", p.at)])),
);

/** When and where a role was last used; null for one that never was. */
export function lastUse(tx: Tx, id: string): Eventual<RoleUse | null> {
  return gather(
    () => selectLastUse.first(tx, { id }),
    (row) =>
      row === undefined || row.last_used_at === null ? null : { at: row.last_used_at, region: row.last_used_region! },
  );
}

/** Notes the latest uses; roles that are gone are passed over, an older use never replaces a newer one. */
export async function recordLastUsed(tx: Tx, uses: readonly (RoleUse & { readonly id: string })[]): Promise<void> {
  for (const { id, at, region } of uses) await updateLastUsed.run(tx, unversioned, { id, at, region });
}
