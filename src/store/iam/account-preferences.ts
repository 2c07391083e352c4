/** What an account has set for itself as a whole. An account that never set anything has no row. */
import { unversioned } from "../sql/query.ts";
import { flag, initially, integer, key, optional } from "../sql/table/column.ts";
import { finder, inserter, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { ChangeOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  account: key,
  /** The account property `RoleManager/Enabled`. */
  roleManager: initially(flag, false),
  /** Of tokens of the global endpoint of STS: 1 or 2. */
  tokenVersion: initially(integer, 1),
  /** The UUID in the issuer of the account's outbound tokens; it stays when they are switched off. */
  outboundIssuer: optional(key),
  /** Whether outbound tokens are given. */
  outboundFederation: initially(flag, false),
};
export const preferences = table("account_preferences", members);

export type AccountPreferences = RecordOf<typeof members>;

const find = finder(preferences, "account");
const insert = inserter(preferences, "account");
const update = updater(preferences, "account");

export async function byAccount(tx: Tx, account: string): Promise<AccountPreferences> {
  return (await find(tx, { account })) ?? preferences.fresh({ account });
}

export async function set(tx: Tx, account: string, to: Omit<ChangeOf<typeof members>, "account">): Promise<void> {
  // Nothing that caches hold follows from it.
  if ((await update(tx, unversioned, { account }, to)) > 0) return;
  await insert(tx, unversioned, preferences.fresh({ account, ...to }));
}
