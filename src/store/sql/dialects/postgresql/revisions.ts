import type { Domain } from "../../domain.ts";
import { noRevision } from "../../revision.ts";
import type { Revision } from "../../revision.ts";
import { jsonList } from "../../storable.ts";
import type { Connection } from "../../transaction.ts";
import { refuseStandby, standbyColumn } from "./standby.ts";

const selectRevisions = {
  name: "revisions",
  sql: `select domains.id, domains.revision, domains.stamp, ${standbyColumn}
    from json_array_elements_text(cast($1 as json)) as asked (id)
    left join accounts on accounts.id = asked.id
    left join domains on domains.id in (asked.id, accounts.organization_id)`,
};
const selectStandby = { name: "standby", sql: `select ${standbyColumn}` };

/**
 * Revisions of domains, and with that of an account that of its organization, which whoever asks for the one asks for
 * next. What a standby says is refused.
 * @throws Unavailable
 */
export async function revisionsOf(
  connection: Connection,
  domains: readonly Domain[],
): Promise<ReadonlyMap<Domain, Revision>> {
  const rows = await connection.all(selectRevisions, [jsonList(domains)]);
  const found = new Map(domains.map((domain) => [domain, noRevision]));
  for (const row of rows) {
    refuseStandby(row);
    const { id, revision, stamp } = row as { id: Domain | null; revision: number; stamp: number };
    if (id !== null) found.set(id, { number: revision, stamp });
  }
  return found;
}

/** Whether the server answers and is no standby. @throws Unavailable */
export async function checkPrimary(connection: Connection): Promise<void> {
  refuseStandby(await connection.one(selectStandby, []));
}
