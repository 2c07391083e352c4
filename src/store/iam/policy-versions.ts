/** Versions of customer managed policies. A number is never given twice, not even after its version is removed. */
import { Conflict, NotFound } from "../sql/errors.ts";
import type { Row } from "../sql/table/member.ts";
import { queriesOf } from "../sql/table/queries.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Change } from "../sql/change.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import * as policies from "./policies.ts";
import { insertVersion, policyVersions } from "./policy-version-table.ts";

export type PolicyVersionRecord = RecordOf<typeof policyVersions.members> & { readonly isDefault: boolean };

const { read, write } = queriesOf(policies.table, policyVersions);

const selectAll = read((db, p: { policy: string }, dialect) =>
  policyVersions
    .selectFrom(db, dialect)
    .innerJoin("policies", "policies.id", "policy_versions.policy_id")
    .select("policies.default_version")
    .where("policy_versions.policy_id", "=", p.policy)
    .orderBy("policy_versions.number", "desc"),
);
const selectOne = read((db, p: { policy: string; number: number }, dialect) =>
  policyVersions
    .selectFrom(db, dialect)
    .innerJoin("policies", "policies.id", "policy_versions.policy_id")
    .select("policies.default_version")
    .where("policy_versions.policy_id", "=", p.policy)
    .where("policy_versions.number", "=", p.number),
);
const takeNumber = write((db, p: { policy: string; account: string; at: number }) =>
  db
    .updateTable("policies")
    .set((eb) => ({ next_version: eb("next_version", "+", 1), updated_at: p.at }))
    .where("id", "=", p.policy)
    .where("account", "=", p.account)
    .returning("next_version"),
);
const updateDefault = write((db, p: { policy: string; account: string; number: number; at: number }) =>
  db
    .updateTable("policies")
    .set({ default_version: p.number, updated_at: p.at })
    .where("id", "=", p.policy)
    .where("account", "=", p.account)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("policy_versions")
          .select("policy_versions.number")
          .where("policy_versions.policy_id", "=", p.policy)
          .where("policy_versions.number", "=", p.number),
      ),
    ),
);
const drop = write((db, p: { policy: string; account: string; number: number }) =>
  db
    .deleteFrom("policy_versions")
    .where(
      "policy_id",
      "in",
      db.selectFrom("policies").select("id").where("id", "=", p.policy).where("account", "=", p.account),
    )
    .where("number", "=", p.number),
);

/** Newest first. */
export async function list(tx: Tx, policy: Pick<Ref, "id">): Promise<PolicyVersionRecord[]> {
  return (await selectAll.all(tx, { policy: policy.id })).map(record);
}

export async function byNumber(tx: Tx, policy: Pick<Ref, "id">, number: number): Promise<PolicyVersionRecord | null> {
  const row = await selectOne.one(tx, { policy: policy.id, number });
  return row === undefined ? null : record(row);
}

/** Adds the next version; how many there may be is the caller's rule. @throws NotFound when the policy is gone */
export async function add(
  tx: Tx,
  policy: Ref,
  version: { readonly document: string; readonly createdAt: number; readonly asDefault: boolean },
): Promise<PolicyVersionRecord> {
  const { document, createdAt } = version;
  const taken = await takeNumber.returning(tx, change(policy), {
    policy: policy.id,
    account: policy.account,
    at: createdAt,
  });
  if (taken[0] === undefined) throw new NotFound("policy", policy.id);
  const number = taken[0].next_version - 1;
  await insertVersion(tx, change(policy), { policyId: policy.id, number, document, createdAt });
  if (version.asDefault) await setDefault(tx, policy, number, createdAt);
  return { policyId: policy.id, number, document, createdAt, isDefault: version.asDefault };
}

/** @param at milliseconds: the policy's new time of update. @throws NotFound when policy or version is missing */
export async function setDefault(tx: Tx, policy: Ref, number: number, at: number): Promise<void> {
  const parameters = { policy: policy.id, account: policy.account, number, at };
  if ((await updateDefault.run(tx, change(policy), parameters)) === 0) {
    throw new NotFound("policy-version", `${policy.id} v${number}`);
  }
}

/** @throws NotFound, Conflict `default` for the default version */
export async function remove(tx: Tx, policy: Ref, number: number): Promise<void> {
  const version = await byNumber(tx, policy, number);
  if (version === null) throw new NotFound("policy-version", `${policy.id} v${number}`);
  if (version.isDefault) throw new Conflict("policy-version", "default", `${policy.id} v${number}`);
  const count = await drop.run(tx, change(policy), { policy: policy.id, account: policy.account, number });
  if (count === 0) throw new NotFound("policy", policy.id);
}

function change(policy: Ref): Change {
  return { account: policy.account, kind: "policy", id: policy.id };
}

function record(row: Row & { readonly default_version: number }): PolicyVersionRecord {
  const version = policyVersions.record(row);
  return { ...version, isDefault: version.number === row.default_version };
}
