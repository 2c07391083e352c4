/** What accounts demand of the passwords of their users; an account without one has AWS's default. */
import { flag, integer, key, nullable } from "../sql/table/column.ts";
import { finder, remover, upserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";

const members = {
  account: key,
  minimumLength: integer,
  requireSymbols: flag,
  requireNumbers: flag,
  requireUppercase: flag,
  requireLowercase: flag,
  /** Gives every user of the account permission to change his own (authorization/own-password.ts). */
  allowUsersToChange: flag,
  /** Days; null: for ever. */
  maxAge: nullable(integer),
  /** How many passwords, the present one included, may not be used again; null: none. */
  reusePrevention: nullable(integer),
  /** Null where nothing was said. */
  hardExpiry: nullable(flag),
};
export const passwordPolicies = table("password_policies", members);

export type PasswordPolicyRecord = RecordOf<typeof members>;

const find = finder(passwordPolicies, "account");
const upsert = upserter(
  passwordPolicies,
  ["account"],
  [
    "minimumLength",
    "requireSymbols",
    "requireNumbers",
    "requireUppercase",
    "requireLowercase",
    "allowUsersToChange",
    "maxAge",
    "reusePrevention",
    "hardExpiry",
  ],
);
const drop = remover(passwordPolicies, "account");

export function ofAccount(tx: Tx, account: string): Promise<PasswordPolicyRecord | null> {
  return find(tx, { account });
}

/** In the place of the one that there was, if any. */
export async function put(tx: Tx, policy: PasswordPolicyRecord): Promise<void> {
  await upsert(tx, noted(policy.account), policy);
}

/** @returns false when there was none */
export async function remove(tx: Tx, account: string): Promise<boolean> {
  return (await drop(tx, noted(account), { account })) > 0;
}

/** Permissions of the account's users may follow from it. */
function noted(account: string): Change {
  return { account, kind: "account", id: account };
}
