/**
 * Revisions of accounts and what changed with each. Every versioned write notes its change on the transaction
 * (query.ts); the executors of the dialects call `flush` as the last step before a commit, so none can be forgotten.
 */
import { randomBytes } from "node:crypto";

import { sql } from "kysely";

import { NotFound } from "./errors.ts";
import { read, unversioned, write } from "./query.ts";
import type { ChangeRecord } from "../records.ts";
import { noRevision } from "./revision.ts";
import type { Revision } from "./revision.ts";
import type { Change, Dialect, Tx } from "./transaction.ts";
import { clock, connection, failure, pending } from "./transaction.ts";

/** Revisions of an account whose changes are kept; a cache further behind must forget everything. */
export const keptRevisions = 256;
/** Pruning every so many revisions is enough to keep the table bounded. */
const pruneEvery = 64;

const bump = write((db, p: { account: string; stamp: number }) =>
  db
    .updateTable("accounts")
    .set((eb) => ({ revision: eb("revision", "+", 1), stamp: p.stamp }))
    .where("id", "=", p.account)
    .returning("revision"),
);
const insert = write(
  (db, p: { account: string; revision: number; sequence: number; kind: string; id: string; at: number }) =>
    db.insertInto("changes").values({
      account: p.account,
      revision: p.revision,
      sequence: p.sequence,
      kind: p.kind,
      entity_id: p.id,
      at: p.at,
    }),
);
/** Both at once, where each statement is a round trip. SQLite has no statement that writes within another. */
const bumpAndInsert = write<{ account: string; stamp: number; at: number; changes: string }, { revision: number }>(
  (_, p) => sql`
    with bumped as (
      update "accounts" set "revision" = "revision" + 1, "stamp" = ${p.stamp} where "id" = ${p.account}
      returning "revision"
    ), noted as (
      insert into "changes" ("account", "revision", "sequence", "kind", "entity_id", "at")
      select ${p.account}, bumped."revision", change.sequence - 1, change.value->>'kind', change.value->>'id',
        cast(${p.at} as bigint)
      from bumped, json_array_elements(cast(${p.changes} as json)) with ordinality as change (value, sequence)
    )
    select "revision" from bumped`,
);
const prune = write((db, p: { account: string; upTo: number }) =>
  db.deleteFrom("changes").where("account", "=", p.account).where("revision", "<=", p.upTo),
);
const selectRevision = read((db, p: { account: string }) =>
  db.selectFrom("accounts").select(["revision as number", "stamp"]).where("id", "=", p.account),
);
const selectRevisions = read((db) => db.selectFrom("accounts").select(["id", "revision as number", "stamp"]));
const selectSince = read((db, p: { account: string; revision: number }) =>
  db
    .selectFrom("changes")
    .select(["account", "revision", "kind", "entity_id", "at"])
    .where("account", "=", p.account)
    .where("revision", ">", p.revision)
    .orderBy("revision")
    .orderBy("sequence"),
);

/**
 * What changed in an account after a revision, oldest first.
 * @returns null when the revision lies further back than changes are kept: whatever was cached must go
 */
export async function since(tx: Tx, account: string, revision: number): Promise<ChangeRecord[] | null> {
  const current = await revisionInSnapshot(tx, account);
  if (current.number - revision > keptRevisions) return null;
  const rows = await selectSince.all(tx, { account, revision });
  return rows.map((row) => ({
    account: row.account,
    revision: row.revision,
    kind: row.kind,
    id: row.entity_id,
    at: row.at,
  }));
}

/** For the executors: the revision that the transaction's own snapshot sees. */
export async function revisionInSnapshot(tx: Tx, account: string): Promise<Revision> {
  const row = await selectRevision.one(tx, { account });
  return row === undefined ? noRevision : { number: row.number, stamp: row.stamp };
}

/** For the executors: revisions of all accounts. */
export async function revisions(tx: Tx): Promise<Map<string, Revision>> {
  const rows = await selectRevisions.all(tx, {});
  return new Map(rows.map(({ id, number, stamp }) => [id, { number, stamp }]));
}

/**
 * For the executors: gives each account that the transaction changed its next revision and writes down the changes.
 * @returns the new revisions
 * @throws what a statement of the transaction failed with, should the work have gone on regardless
 */
export async function flush(tx: Tx): Promise<ReadonlyMap<string, Revision>> {
  const { error } = tx[failure];
  if (error !== undefined) throw error;
  const at = tx[clock].now();
  const bumped = new Map<string, Revision>();
  for (const [account, changes] of byAccount(tx[pending])) {
    const stamp = randomBytes(6).readUIntBE(0, 6);
    const revision = await noteOn[tx[connection].dialect](tx, { account, stamp, at, changes });
    bumped.set(account, { number: revision, stamp });
    if (revision % pruneEvery === 0) await prune.run(tx, unversioned, { account, upTo: revision - keptRevisions });
  }
  return bumped;
}

interface Noted {
  readonly account: string;
  readonly stamp: number;
  readonly at: number;
  readonly changes: readonly Change[];
}

/** Gives an account its next revision and writes down what changed with it. @throws NotFound */
const noteOn: Readonly<Record<Dialect, (tx: Tx, noted: Noted) => Promise<number>>> = {
  async postgresql(tx, { account, stamp, at, changes }) {
    const list = JSON.stringify(changes.map(({ kind, id }) => ({ kind, id })));
    return revisionOf(await bumpAndInsert.returning(tx, unversioned, { account, stamp, at, changes: list }), account);
  },
  async sqlite(tx, { account, stamp, at, changes }) {
    const revision = revisionOf(await bump.returning(tx, unversioned, { account, stamp }), account);
    let sequence = 0;
    for (const { kind, id } of changes) {
      await insert.run(tx, unversioned, { account, revision, sequence: sequence++, kind, id, at });
    }
    return revision;
  },
};

function revisionOf([row]: readonly { readonly revision: number }[], account: string): number {
  if (row === undefined) throw new NotFound("account", account);
  return row.revision;
}

/** In the order of account ids: two nodes that change the same accounts lock them in the same order. */
function byAccount(changes: readonly Change[]): [string, Change[]][] {
  const accounts = new Map<string, Map<string, Change>>();
  for (const change of changes) {
    const known = accounts.get(change.account) ?? new Map<string, Change>();
    known.set(`${change.kind} ${change.id}`, change);
    accounts.set(change.account, known);
  }
  return [...accounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([account, known]) => [account, [...known.values()]]);
}
