import type { Settings } from "../config/index.ts";
import { join } from "node:path";
import { WrongMasterKeyError } from "../seal/errors.ts";
import { DataDirectoryError } from "../store/sql/dialects/sqlite/data-directory-access.ts";
import type { DataDirectoryTrouble } from "../store/sql/dialects/sqlite/data-directory-access.ts";
import { corrupt, notADatabase, sqliteCode } from "../store/sql/dialects/sqlite/codes.ts";
import { Unavailable, UnusableDatabase } from "../store/sql/errors.ts";
import { databaseFile } from "./database-location.ts";
import { bringMasterKey } from "./master-key.ts";
import { CommandError, shellWord } from "./terminal.ts";

/** Says of a failed start what a person can do; what is unknown goes through as it is. */
export function explainStart(error: unknown, settings: Settings): unknown {
  if (!(error instanceof Error)) return error;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const where = `${address ?? settings.host}:${port ?? settings.port}`;
  const flag = port !== undefined && port === settings.metricsPort ? "metrics-port" : "port";
  switch (code ?? "") {
    case "EADDRINUSE":
      return new CommandError(
        `${where} is taken by another program: end that one, or choose another port (--${flag} 0 takes a free one)`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new CommandError(
        `${settings.host} is no address of this machine: give one with --host (127.0.0.1, or 0.0.0.0 for all)`,
        { cause: error },
      );
  }
  if (code !== undefined && Object.hasOwn(fileRemedies, code)) {
    return new CommandError(`${error.message}: ${fileRemedies[code]}`, { cause: error });
  }
  if (error instanceof DataDirectoryError) {
    return new CommandError(`${error.message}: ${directoryRemedies[error.trouble](settings)}`, { cause: error });
  }
  if (error instanceof UnusableDatabase) {
    return new CommandError(`the database ${whereIs(settings)} cannot be used: ${error.message}`, { cause: error });
  }
  if (error instanceof Unavailable && settings.database !== null) {
    return new CommandError(
      `the database ${whereIs(settings)} cannot be used (${error.message}): check that it runs and that the URL names it`,
      { cause: error },
    );
  }
  if (error instanceof WrongMasterKeyError) {
    return new CommandError(`${error.message}: ${bringMasterKey(settings)}`, { cause: error });
  }
  if (error instanceof Unavailable && settings.database === null) return explainFile(error, settings);
  return error;
}

/** Of the database, without the user and the password. */
function whereIs({ database, dataDir }: Settings): string {
  if (database === null) return join(dataDir, databaseFile);
  const { host, pathname } = new URL(database);
  return `${host}${pathname}`;
}

/** What can be done where a file or a port is refused by the operating system. */
const fileRemedies: Readonly<Record<string, string>> = {
  EACCES: "check who may use it, or choose another port or data directory",
  EPERM: "check who may use it, or choose another data directory",
  EROFS: "choose a data directory that can be written (--data-dir)",
  EEXIST: "a directory belongs there: move the file away",
  EISDIR: "a file belongs there: move the directory away",
  ENOTDIR: "a directory belongs there: move the file away",
  ENOSPC: "the disk is full: make room, or choose another data directory (--data-dir)",
  EDQUOT: "the quota of the disk is used up: make room, or choose another data directory (--data-dir)",
  ENAMETOOLONG: "choose a shorter path (--data-dir)",
  ELOOP: "its symbolic links go in a circle: choose another path (--data-dir)",
  EMFILE: "too many files are open: raise the limit (ulimit -n)",
};

const directoryRemedies: Readonly<Record<DataDirectoryTrouble, (settings: Settings) => string>> = {
  taken: () => "end that one, or give this one another (--data-dir)",
  "not a directory": () => "name a directory with --data-dir",
  "no access": () => "give it to the user who runs rolecall, or choose another (--data-dir)",
  "open to all": ({ dataDir }) =>
    `whoever can write there can put other data in the place of yours: chmod o-w ${shellWord(dataDir)}, or choose another (--data-dir)`,
};

/** Of the database's own file. */
function explainFile(error: Unavailable, { dataDir }: Settings): CommandError {
  const file = join(dataDir, databaseFile);
  const primary = sqliteCode(error.cause)?.primary ?? null;
  const remedy =
    primary === notADatabase || primary === corrupt
      ? "it is damaged, or no database of rolecall: put a backup in its place, or move it away to begin anew"
      : "check that it can be read and written by the user who runs rolecall, and that the disk has room";
  return new CommandError(`${file}: ${error.message}: ${remedy}`, { cause: error });
}
