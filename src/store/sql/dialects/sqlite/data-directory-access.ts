import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { dirname } from "node:path";

/**
 * Why a data directory cannot be used: another process has it, its path names something else, this user may not use it,
 * everybody may change it.
 */
export type DataDirectoryTrouble = "taken" | "not a directory" | "no access" | "open to all";

export class DataDirectoryError extends Error {
  readonly trouble: DataDirectoryTrouble;

  /** @param what the directory and what is wrong with it */
  constructor(trouble: DataDirectoryTrouble, what: string, options?: ErrorOptions) {
    super(`the data directory ${what}`, options);
    this.name = "DataDirectoryError";
    this.trouble = trouble;
  }
}

const isPosix = process.platform !== "win32";
const writableByAll = 0o002;

/**
 * Makes a data directory, mode 0700, where it is missing, and sees to it that this process can work in it and that it is
 * not everybody's: whoever can write in it can put another database, key or trail in the place of the real one.
 *
 * @throws DataDirectoryError
 */
export function makeDataDirectory(directory: string): void {
  try {
    makeWithParents(directory);
  } catch (error) {
    throw unmakable(directory, error as NodeJS.ErrnoException);
  }
  const found = statSync(directory);
  if (isPosix && isOpenToAll(found)) {
    throw new DataDirectoryError("open to all", `${directory} can be written by every user of this machine`);
  }
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataDirectoryError("no access", `${directory} cannot be written (${code})`, { cause: error });
  }
}

/** Node's own way (`recursive`) never ends where a directory that is there takes no new one with ENOENT, as in /proc. */
function makeWithParents(directory: string): void {
  if (!existsSync(dirname(directory))) makeWithParents(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

function isOpenToAll({ mode }: Stats): boolean {
  return (mode & writableByAll) !== 0;
}

function unmakable(directory: string, error: NodeJS.ErrnoException): DataDirectoryError {
  const options = { cause: error };
  if (error.code === "EEXIST") return new DataDirectoryError("not a directory", `${directory} is a file`, options);
  if (error.code === "ENOTDIR") {
    return new DataDirectoryError("not a directory", `${directory} lies below a file`, options);
  }
  const takesNone = error.code === "ENOENT" || error.code === "EROFS";
  const why = takesNone ? "the file system takes no new directory there" : error.code;
  return new DataDirectoryError("no access", `${directory} cannot be made (${why})`, options);
}

/**
 * Makes an empty file for its owner alone where there is none; one that others may use is taken from them. A file that is
 * there is never opened: closing it would drop the locks that this process has on it (fcntl(2), POSIX locks).
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "ax", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(path, error as NodeJS.ErrnoException);
    takeFromOthers(path);
  }
}

function takeFromOthers(path: string): void {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw Object.assign(new Error("not a file"), { code: "EISDIR" });
    accessSync(path, constants.R_OK | constants.W_OK);
    if (isPosix && (found.mode & 0o077) !== 0) chmodSync(path, 0o600);
  } catch (error) {
    throw unwritable(path, error as NodeJS.ErrnoException);
  }
}

function unwritable(path: string, cause: NodeJS.ErrnoException): DataDirectoryError {
  return new DataDirectoryError("no access", `has a file that cannot be written: ${path} (${cause.code})`, { cause });
}
