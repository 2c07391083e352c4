import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import Libsql from "libsql";

export interface DataDirectoryLock {
  release(): void;
}

/**
 * Takes a data directory for this process alone; makes it, mode 0700, if it is missing. The lock is an exclusive
 * transaction on a file of its own: the operating system drops it when the process ends, however it ends.
 * @throws Error that names the owning process when another has it
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ownerFile = join(directory, "owner.pid");
  const db = new Libsql(join(directory, "owner.lock"));
  try {
    db.exec("pragma busy_timeout = 0; pragma journal_mode = delete; begin exclusive");
  } catch (error) {
    db.close();
    if (!String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY")) throw error;
    throw new Error(`the data directory ${directory} is in use by process ${ownerOf(ownerFile)}`, { cause: error });
  }
  // The lock is what counts; the file only tells a person whom to look for.
  writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      if (db.open) db.close();
    },
  };
}

function ownerOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "unknown";
  }
}
