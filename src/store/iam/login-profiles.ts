/** Passwords of users. Only their hashes are here: those with a salt that a password is verified by (argon2id). */
import { Conflict, NotFound } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { flag, initially, integer, json, key, text } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";

const members = {
  userId: key,
  account: key,
  createdAt: integer,
  hash: text,
  /** When the password became what it is. */
  changedAt: integer,
  resetRequired: flag,
  /** Those of the passwords before, the latest first. */
  formerHashes: initially(json<readonly string[]>(), []),
};
export const loginProfiles = table("login_profiles", members);

export type LoginProfileRecord = RecordOf<typeof members>;

/** How many former ones are kept: with the present one as many as an account may forbid to use again. */
const mostFormer = 23;

const { read } = queriesOf(loginProfiles);
const find = finder(loginProfiles, "userId");
const insert = inserter(loginProfiles, "userId");
const change = updater(loginProfiles, "userId", "account");
const drop = remover(loginProfiles, "userId", "account");
const selectCount = read((db, p: { user: string }) =>
  db
    .selectFrom("login_profiles")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "=", p.user),
);

/** @throws Conflict `user` when the user has one */
export async function create(tx: Tx, made: NewOf<typeof members>): Promise<LoginProfileRecord> {
  const record = loginProfiles.fresh(made);
  if ((await insert(tx, unversioned, record)) === 0) throw new Conflict("login-profile", "user", made.userId);
  return record;
}

export function ofUser(tx: Tx, user: Pick<Ref, "id">): Promise<LoginProfileRecord | null> {
  return find(tx, { userId: user.id });
}

/** None or one. */
export async function countOfUser(tx: Tx, user: Pick<Ref, "id">): Promise<number> {
  return (await selectCount.one(tx, { user: user.id }))?.count ?? 0;
}

/** @throws NotFound */
export async function setResetRequired(tx: Tx, profile: LoginProfileRecord, resetRequired: boolean): Promise<void> {
  if ((await change(tx, unversioned, profile, { resetRequired })) === 0) throw missing(profile);
}

/** Puts another password in the place of the present one, which is remembered. @throws NotFound */
export async function setPassword(
  tx: Tx,
  profile: LoginProfileRecord,
  to: { readonly hash: string; readonly changedAt: number; readonly resetRequired: boolean },
): Promise<void> {
  const formerHashes = [profile.hash, ...profile.formerHashes].slice(0, mostFormer);
  if ((await change(tx, unversioned, profile, { ...to, formerHashes })) === 0) throw missing(profile);
}

/** @throws NotFound */
export async function remove(tx: Tx, profile: LoginProfileRecord): Promise<void> {
  if ((await drop(tx, unversioned, profile)) === 0) throw missing(profile);
}

function missing({ userId }: LoginProfileRecord): NotFound {
  return new NotFound("login-profile", userId);
}
