/** Result codes of SQLite (sqlite.org/rescode.html), as far as the store tells them apart. */
export interface SqliteCode {
  /** The low byte: the kind of error. */
  readonly primary: number;
  readonly extended: number;
}

export const constraint = 19;
/** SQLITE_CONSTRAINT_FOREIGNKEY */
export const foreignKey = 787;
/** SQLITE_CONSTRAINT_TRIGGER */
export const trigger = 1811;
export const corrupt = 11;
export const notADatabase = 26;
const busy = 5;

/**
 * The machine, the file or another process is to blame, and asking again later may help: PERM, BUSY, LOCKED, NOMEM,
 * READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOLFS, AUTH, NOTADB.
 */
export const machineFails: ReadonlySet<number> = new Set([
  3,
  busy,
  6,
  7,
  8,
  9,
  10,
  corrupt,
  13,
  14,
  15,
  22,
  23,
  notADatabase,
]);

/** @returns null for an error that is not SQLite's */
export function sqliteCode(error: unknown): SqliteCode | null {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === "number" ? { primary: errcode & 0xff, extended: errcode } : null;
}

/** Whether another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error)?.primary === busy;
}
