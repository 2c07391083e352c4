/** Pieces of SQL that several kinds of record share. */
import type { RawBuilder } from "kysely";
import { sql } from "kysely";

import type { Tag } from "../records.ts";
import type { Dialect } from "./transaction.ts";

/**
 * Whether a path begins with the prefix, case-sensitively. LIKE would ignore case on SQLite and give `_` and `%` a
 * meaning.
 */
export function pathBeginsWith(column: string, prefix: string): RawBuilder<boolean> {
  const path = sql.ref<string>(column);
  return sql<boolean>`substr(${path}, 1, length(cast(${prefix} as text))) = cast(${prefix} as text)`;
}

/** An owner's tags as one JSON text, so that a record and its tags are one query. */
export function tagsJson(dialect: Dialect, ownerColumn: string): RawBuilder<string> {
  const owner = sql.ref<string>(ownerColumn);
  return dialect === "sqlite"
    ? sql<string>`(select json_group_array(json_object('key', t."key", 'value', t."value") order by t."key_key")
        from "tags" t where t."owner_id" = ${owner})`
    : sql<string>`(select coalesce(json_agg(json_build_object('key', t."key", 'value', t."value") order by t."key_key"), '[]')
        from "tags" t where t."owner_id" = ${owner})::text`;
}

const noTags: readonly Tag[] = [];

export function parseTags(json: string): readonly Tag[] {
  return json === "[]" ? noTags : (JSON.parse(json) as Tag[]);
}

/** Membership in a list given as one JSON array parameter: one statement whatever the list's length. */
export function inJsonList(dialect: Dialect, column: string, json: string): RawBuilder<boolean> {
  const value = sql.ref<string>(column);
  return dialect === "sqlite"
    ? sql<boolean>`${value} in (select "value" from json_each(${json}))`
    : sql<boolean>`${value} in (select json_array_elements_text(cast(${json} as json)))`;
}
