import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../config/index.ts";
import type { DatabaseLocation } from "../store/sql/database.ts";

/** The embedded database in its data directory. */
export const databaseFile = "rolecall.db";

export function databaseLocation(settings: Settings): DatabaseLocation {
  if (settings.ephemeral) return { sqlite: ":memory:" };
  return settings.database === null
    ? { sqlite: join(settings.dataDir, databaseFile) }
    : { postgresql: settings.database };
}

/** Whether opening the database would make one. */
export function isNewDatabase(settings: Settings): boolean {
  return settings.database === null && !existsSync(join(settings.dataDir, databaseFile));
}
