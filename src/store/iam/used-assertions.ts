/** SAML assertions that were used, where each is good once: all nodes know of them together. */
import { unversioned } from "../sql/query.ts";
import { integer, key } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { inserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  /** Of the provider: one that was made anew is another. */
  providerId: key,
  /** A hash of its id, which may be of any length. */
  assertion: key,
  /** When it cannot be used any more, in milliseconds since the epoch. */
  usableUntil: integer,
};
export const usedAssertions = table("used_assertions", members);

const { write } = queriesOf(usedAssertions);
const insert = inserter(usedAssertions);
const dropBefore = write((db, p: { before: number }) =>
  db.deleteFrom("used_assertions").where("usable_until", "<", p.before),
);

/**
 * Uses an assertion. Those that cannot be used any more are forgotten: as they are good for five minutes, there are never
 * more than were verified in five minutes.
 *
 * @param now milliseconds since the epoch
 * @returns false where it was used before, here or at another node
 */
export async function use(tx: Tx, assertion: RecordOf<typeof members>, now: number): Promise<boolean> {
  await dropBefore.run(tx, unversioned, { before: now });
  return (await insert(tx, unversioned, assertion)) > 0;
}
