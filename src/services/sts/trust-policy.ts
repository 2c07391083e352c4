import { iamArn, isAccountId, parseArn } from "../../arn/arn.ts";
import { compile } from "../../policy/index.ts";
import type { CompiledPolicy } from "../../policy/types.ts";
import type { Tx } from "../../store/database.ts";
import type { RoleRecord } from "../../store/records.ts";
import * as roles from "../../store/roles.ts";

/** Stands in for a role that does not exist: nobody may assume it, and the refusal is the same. */
const nobody = compile(
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*"}]}',
  "trust",
  { id: "of a role that does not exist" },
);

/** Undefined stands for a role that does not exist. */
export function trustPolicyOf(role: RoleRecord | undefined): CompiledPolicy {
  if (role === undefined) return nobody;
  return compile(role.trustPolicy, "trust", { id: "trust policy", bindings: role.trustBindings });
}

/** The ARN must be the role's own, path and letter case included. */
export async function roleByArn(tx: Tx, roleArn: string): Promise<RoleRecord | undefined> {
  const arn = parseArn(roleArn);
  if (arn === null || arn.service !== "iam" || !arn.resource.startsWith("role/") || !isAccountId(arn.account)) {
    return undefined;
  }
  const found = await roles.byName(tx, arn.account, arn.resource.slice(arn.resource.lastIndexOf("/") + 1));
  const own = found !== null && iamArn(arn.partition, arn.account, "role", found.name, found.path) === roleArn;
  return own ? found : undefined;
}
