/**
 * Attempts to sign in that have not succeeded yet, by the account and the user that they claim, be they there or not: that
 * a name is counted tells nothing of it. All nodes count together.
 */
import { nameKey } from "../sql/names.ts";
import { unversioned } from "../sql/query.ts";
import { following, integer, key, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, remover, upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  /** Its id; what was claimed where there is no such account. */
  account: key,
  userName: text,
  nameKey: following(key, "userName", nameKey),
  failures: integer,
  /** When the last one was. */
  at: integer,
};
export const signInAttempts = table("sign_in_attempts", members);

interface ClaimedUser {
  readonly account: string;
  readonly userName: string;
}

/** Failures that nobody has to wait after: people mistype. */
const free = 5;
/** Milliseconds to wait after the first one beyond, twice as long after each further one, and the longest wait. */
const firstWait = 10_000;
const longestWait = 900_000;
/** Milliseconds after which an attempt is forgotten. */
const memory = 3_600_000;

const { write } = queriesOf(signInAttempts);
const find = finder(signInAttempts, "account", "nameKey");
const upsert = upserter(signInAttempts, ["account", "nameKey"], ["failures", "at"]);
const drop = remover(signInAttempts, "account", "nameKey");
const dropBefore = write((db, p: { before: number }) => db.deleteFrom("sign_in_attempts").where("at", "<", p.before));

/**
 * Counts an attempt before it is looked at, as if it had failed: however many come at once, no more are looked at than
 * may be.
 *
 * @param now milliseconds since the epoch
 * @returns false where it comes too early after the failures before; it is then not counted
 */
export async function begin(tx: Tx, user: ClaimedUser, now: number): Promise<boolean> {
  await dropBefore.run(tx, unversioned, { before: now - memory });
  const last = await find(tx, keyOf(user));
  const failures = last?.failures ?? 0;
  if (last !== null && now < last.at + waitAfter(failures)) return false;
  await upsert(tx, unversioned, { ...user, failures: failures + 1, at: now });
  return true;
}

/** What was shown is right, and more has to be: the attempt is no failure, and the next one need not wait. */
export async function goingOn(tx: Tx, user: ClaimedUser): Promise<void> {
  const last = await find(tx, keyOf(user));
  if (last === null) return;
  await upsert(tx, unversioned, { ...last, failures: last.failures - 1, at: last.at - longestWait });
}

/** Who has signed in has failed no more. */
export async function succeeded(tx: Tx, user: ClaimedUser): Promise<void> {
  await drop(tx, unversioned, keyOf(user));
}

function keyOf({ account, userName }: ClaimedUser) {
  return { account, nameKey: nameKey(userName) };
}

function waitAfter(failures: number): number {
  return failures < free ? 0 : Math.min(longestWait, firstWait * 2 ** (failures - free));
}
