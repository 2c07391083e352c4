import { systemClock } from "../clock/clock.ts";
import type { Database, DatabaseLocation, OpenOptions } from "./sql/database.ts";
import { openPostgresql } from "./sql/dialects/postgresql/postgresql.ts";
import { openSqlite } from "./sql/dialects/sqlite/sqlite.ts";

/** Opens a database and brings it to this version's schema. @throws Unavailable, of that UnusableDatabase where it is known how to mend it */
export function openDatabase(location: DatabaseLocation, options: OpenOptions = {}): Promise<Database> {
  const clock = options.clock ?? systemClock;
  return "sqlite" in location
    ? openSqlite(location.sqlite, clock, options.shared ?? false)
    : openPostgresql(location.postgresql, clock, options);
}
