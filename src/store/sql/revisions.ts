/**
 * Revisions of domains. Every versioned write notes its change on the transaction (query.ts); the executors of the
 * dialects call `raise` as the last step before a commit, so none can be forgotten.
 */
import { randomInt } from "node:crypto";

import { domainOf } from "./change.ts";
import type { Change } from "./change.ts";
import type { Domain } from "./domain.ts";
import { NotFound } from "./errors.ts";
import { unversioned } from "./query.ts";
import { noRevision } from "./revision.ts";
import type { Revision } from "./revision.ts";
import { integer, key } from "./table/column.ts";
import { queriesOf } from "./table/queries.ts";
import { table } from "./table/table.ts";
import type { Tx } from "./transaction.ts";
import { deferred, failure, pending } from "./transaction.ts";

/** What has a revision (domain.ts). */
export const domains = table("domains", { id: key, revision: integer, stamp: integer });
const { read, write } = queriesOf(domains);

const insert = write((db, p: { domain: string }) =>
  db.insertInto("domains").values({ id: p.domain, revision: 0, stamp: 0 }),
);
const update = write((db, p: { domain: string; stamp: number }) =>
  db
    .updateTable("domains")
    .set((eb) => ({ revision: eb("revision", "+", 1), stamp: p.stamp }))
    .where("id", "=", p.domain)
    .returning("revision"),
);
/** The same where the row is locked and its number known: nobody has to wait for the answer. */
const replace = write((db, p: { domain: string; number: number; stamp: number }) =>
  db.updateTable("domains").set({ revision: p.number, stamp: p.stamp }).where("id", "=", p.domain),
);
const select = read((db, p: { domain: string }) =>
  db.selectFrom("domains").select(["revision as number", "stamp"]).where("id", "=", p.domain),
);
const selectAll = read((db) => db.selectFrom("domains").select(["id", "revision as number", "stamp"]));

/** For the other files of the store: a new domain, in the transaction that makes its account or organization. */
export async function open(tx: Tx, domain: Domain): Promise<void> {
  await insert.run(tx, unversioned, { domain });
}

/** For the executors: the revision that the transaction's own snapshot sees. */
export async function revisionInSnapshot(tx: Tx, domain: Domain): Promise<Revision> {
  const row = await select.one(tx, { domain });
  return row === undefined ? noRevision : { number: row.number, stamp: row.stamp };
}

/** For the executors: revisions of all domains. */
export async function revisions(tx: Tx): Promise<Map<Domain, Revision>> {
  const rows = await selectAll.all(tx, {});
  return new Map(rows.map(({ id, number, stamp }) => [id as Domain, { number, stamp }]));
}

/** As many as `randomInt` chooses among. */
const mostStamps = 2 ** 48 - 1;

type LockedRevision = (domain: Domain) => Revision | undefined;

function none(): undefined {}

/** A domain that a transaction has changed. */
export interface Raised {
  readonly domain: Domain;
  readonly revision: Revision;
  readonly changes: readonly Change[];
}

/**
 * For the executors: gives each domain that the transaction changed its next revision.
 * @param locked the revision of a domain whose row the transaction holds locked; such a one is left to `put`
 * @throws what a statement of the transaction failed with, should the work have gone on regardless
 */
export async function raise(tx: Tx, locked: LockedRevision = none): Promise<readonly Raised[]> {
  const { error } = tx[failure];
  if (error !== undefined) throw error;
  const raised: Raised[] = [];
  // In one order: two nodes that change the same domains lock them in the same order.
  for (const domain of [...new Set(tx[pending].map(domainOf))].sort()) {
    const stamp = randomInt(mostStamps);
    const number = (locked(domain)?.number ?? (await raiseRow(tx, domain, stamp)) - 1) + 1;
    const changes = tx[pending].filter((change) => domainOf(change) === domain);
    raised.push({ domain, revision: { number, stamp }, changes });
  }
  return raised;
}

async function raiseRow(tx: Tx, domain: Domain, stamp: number): Promise<number> {
  const [row] = await update.returning(tx, unversioned, { domain, stamp });
  if (row === undefined) throw new NotFound("domain", domain);
  return row.revision;
}

/** For the executors: writes the last revision of a domain whose row is locked, behind all that the transaction did. */
export function put(tx: Tx, domain: Domain, { number, stamp }: Revision): void {
  replace.defer(tx, { domain, number, stamp });
}

/** For the executors: waits for what nobody has waited for. @throws what it failed with */
export async function settled(tx: Tx): Promise<void> {
  await Promise.all(tx[deferred]);
}
