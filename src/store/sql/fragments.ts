/** Pieces of SQL that several kinds of record share. */
import type { RawBuilder } from "kysely";
import { sql } from "kysely";

import type { Dialect } from "./transaction.ts";

/**
 * Whether a path begins with the prefix, case-sensitively. LIKE would ignore case on SQLite and give `_` and `%` a
 * meaning.
 */
export function pathBeginsWith(column: string, prefix: string): RawBuilder<boolean> {
  const path = sql.ref<string>(column);
  return sql<boolean>`substr(${path}, 1, length(cast(${prefix} as text))) = cast(${prefix} as text)`;
}

/** Membership in a list given as one JSON array parameter: one statement whatever the list's length. */
export function inJsonList(dialect: Dialect, column: string, json: string): RawBuilder<boolean> {
  const value = sql.ref<string>(column);
  return dialect === "sqlite"
    ? sql<boolean>`${value} in (select "value" from json_each(${json}))`
    : sql<boolean>`${value} in (select json_array_elements_text(cast(${json} as json)))`;
}
