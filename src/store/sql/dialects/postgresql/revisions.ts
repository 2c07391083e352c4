import type { Revision } from "../../revision.ts";
import { jsonList } from "../../storable.ts";
import type { Connection } from "../../transaction.ts";
import { refuseStandby, standbyColumn } from "./standby.ts";

const selectRevisions = {
  name: "revisions",
  sql: `select asked.id, accounts.revision, accounts.stamp, ${standbyColumn}
    from json_array_elements_text(cast($1 as json)) as asked (id)
    left join accounts on accounts.id = asked.id`,
};
const selectStandby = { name: "standby", sql: `select ${standbyColumn}` };

/** Revisions of accounts; what a standby says is refused. @throws Unavailable */
export async function revisionsOf(
  connection: Connection,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, Revision>> {
  const rows = await connection.all(selectRevisions, [jsonList(accounts)]);
  const found = new Map<string, Revision>();
  for (const row of rows) {
    refuseStandby(row);
    const { id, revision, stamp } = row as { id: string; revision: number | null; stamp: number | null };
    if (revision !== null && stamp !== null) found.set(id, { number: revision, stamp });
  }
  return found;
}

/** Whether the server answers and is no standby. @throws Unavailable */
export async function checkPrimary(connection: Connection): Promise<void> {
  refuseStandby(await connection.one(selectStandby, []));
}
