import { integer, key, text } from "../sql/table/column.ts";
import { inserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";

/** Versions of customer managed policies, by number: 1 is `v1`. */
export const policyVersions = table("policy_versions", {
  policyId: key,
  number: integer,
  document: text,
  createdAt: integer,
});

export const insertVersion = inserter(policyVersions, "policyId", "number");
