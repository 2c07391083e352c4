/** Users. */
import { integer, key, optional } from "../sql/table/column.ts";
import type { RecordOf } from "../sql/table/types.ts";
import { named, namedTable } from "./named-table.ts";
import type { NewNamed } from "./named-table.ts";
import { anyCase, tagsOf } from "./tags.ts";

const members = {
  ...named,
  passwordLastUsedAt: optional(integer),
  boundaryArn: optional(key),
  tags: tagsOf("users"),
};

export type UserRecord = RecordOf<typeof members>;
export type NewUser = NewNamed<typeof members>;

export const { table, create, byId, byName, list, update, remove } = namedTable(
  { kind: "user", change: "user", table: "users", quota: "UsersPerAccount", tagKeys: anyCase },
  members,
);
