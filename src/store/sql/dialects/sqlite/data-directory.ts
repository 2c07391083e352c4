import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { DatabaseSync } from "@photostructure/sqlite";

import { DataDirectoryError, makeDataDirectory, makePrivateFile } from "./data-directory-access.ts";
import { isBusy } from "./codes.ts";

export interface DataDirectoryLock {
  release(): void;
}

/** Milliseconds that a start waits for workers of a former owner: they end when they lose it. */
const leftoverPatience = 5000;

/**
 * Takes a data directory for this process, and for those that join it; makes it, mode 0700, if it is missing. The lock
 * is an exclusive transaction on a file of its own: the operating system drops it when the process ends, however it
 * ends.
 * @throws DataDirectoryError where it cannot be used, or another process has it
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  makeDataDirectory(directory);
  const ownerFile = join(directory, "owner.pid");
  const db = openLock(directory, "owner.lock");
  try {
    db.exec("pragma busy_timeout = 0; pragma journal_mode = delete; begin exclusive");
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new DataDirectoryError("taken", `${directory} is in use by process ${ownerOf(ownerFile)}`, { cause: error });
  }
  try {
    expectNobodyJoined(directory);
  } catch (error) {
    db.close();
    throw error;
  }
  // The lock is what counts; the file only tells a person whom to look for.
  writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 });
  return held(db);
}

/**
 * Shares a data directory with its owner, for a worker of it. The next owner waits until it is given back: a worker that
 * outlives its owner by a moment must not write behind the back of another one, which knows revisions by heart.
 */
export function joinDataDirectory(directory: string): DataDirectoryLock {
  const db = openLock(directory, joinedFile);
  try {
    // In this journal mode whoever reads in a transaction has a shared lock (sqlite.org/lockingv3.html).
    db.exec("pragma busy_timeout = 5000; pragma journal_mode = delete; begin; select count(*) from sqlite_master");
  } catch (error) {
    db.close();
    throw error;
  }
  return held(db);
}

const joinedFile = "workers.lock";

type Opened = InstanceType<typeof DatabaseSync>;

/** Locks that are not given back: a connection that nobody refers to is closed by the garbage collector. */
const holding = new Set<Opened>();

function held(db: Opened): DataDirectoryLock {
  holding.add(db);
  return {
    release() {
      if (holding.delete(db)) db.close();
    },
  };
}

/** @throws Error when a worker of a former owner does not end */
function expectNobodyJoined(directory: string): void {
  const db = openLock(directory, joinedFile);
  try {
    db.exec(`pragma busy_timeout = ${leftoverPatience}; pragma journal_mode = delete; begin exclusive`);
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new DataDirectoryError("taken", `${directory} is in use by a worker of a server that has ended`, {
      cause: error,
    });
  } finally {
    db.close();
  }
}

/** A file that SQLite makes itself would be everybody's to read and, by locking it, to hold up the next start. */
function openLock(directory: string, name: string): Opened {
  const path = join(directory, name);
  makePrivateFile(path);
  return new DatabaseSync(path);
}

function ownerOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "unknown";
  }
}
