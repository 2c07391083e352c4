import { Conflict, Contention, NotFound, Unavailable } from "../../errors.ts";
import type { Statement } from "../../transaction.ts";

/** SQLSTATE codes (PostgreSQL manual, appendix A), as far as the store tells them apart. */
const overtaken = "40001"; // serialization_failure
const contention = new Set([
  overtaken,
  "40P01", // deadlock_detected
  // out_of_memory, of the server's table of locks: what SERIALIZABLE remembers is freed as transactions end.
  "53200",
  // idle_in_transaction_session_timeout: this node stood still, and the server has taken everything back.
  "25P03",
]);
/** lock_not_available: lock_timeout has passed. */
const lockTimeout = "55P03";
/** in_failed_sql_transaction */
const followsFailure = "25P02";
const foreignKeyViolation = "23503";

/** Classes and codes that say: not now, not here. 0A000 is how a standby refuses to be serializable; the last
 * three: rights that were taken away, and a backup of an older schema that was put back under a running node. */
const unavailable = /^(0A000|08|53|58|XX001|XX002|57P0[1-5]|57014|25006|28|3D000|42501|42P01|42703)/;
const lostSocket = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)/;
const lostText = /terminated|timeout exceeded|read timeout|Connection ended|not queryable|connection error|socket/i;

/** Whether running the whole transaction again may succeed. */
export function isContention(error: unknown): boolean {
  return contention.has(codeOf(error) ?? "");
}

/** Whether somebody else committed a change of the row that was waited for. */
export function isOvertaken(error: unknown): boolean {
  return codeOf(error) === overtaken;
}

/** Whether the statement was refused because one before it in its transaction had failed. */
export function isFollowing(error: unknown): boolean {
  return codeOf(error) === followsFailure;
}

/** Whether the connection, or the server behind it, is gone. */
export function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isLost);
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error && lostText.test(error.message);
  return unavailable.test(code) || lostSocket.test(code);
}

/** An error of pg in the store's words; contention is left to the one who repeats the transaction. */
export function translated(error: unknown, statement?: Statement): unknown {
  if (isContention(error) || error instanceof Unavailable) return error;
  if (codeOf(error) === lockTimeout) return new Contention({ cause: error });
  if (isLost(error)) return new Unavailable(`PostgreSQL: ${(error as Error).message}`, { cause: error });
  const code = codeOf(error);
  if (code === foreignKeyViolation) {
    return /^\s*(delete|with w0 as \(delete)/i.test(statement?.sql ?? "")
      ? new Conflict("record", "dependents", "", { cause: error })
      : new NotFound("owner", "");
  }
  if (code?.startsWith("23") === true) {
    const constraint = (error as { constraint?: string }).constraint ?? code;
    return new Conflict("record", constraint, "", { cause: error });
  }
  return error;
}

/** SQLSTATE of an error of the server, or the code of one of Node.js. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
