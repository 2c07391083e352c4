import { iamArn, isAccountId, parseArn } from "../../arn/arn.ts";
import type { KnownRole } from "../../authorization/known-roles.ts";
import type { OperationContext } from "../../operation/context.ts";
import { compile } from "../../policy/index.ts";
import type { CompiledPolicy } from "../../policy/types.ts";
import { after } from "../../store/eventual.ts";
import type { Eventual } from "../../store/eventual.ts";

/** Stands in for a role that does not exist: nobody may assume it, and the refusal is the same. */
const nobody = compile(
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*"}]}',
  "trust",
  { id: "of a role that does not exist" },
);

/** Undefined stands for a role that does not exist. */
export function trustPolicyOf(role: KnownRole | undefined): CompiledPolicy {
  return role === undefined ? nobody : role.trust;
}

/** The ARN must be the role's own, path and letter case included. */
export function roleByArn(
  roleArn: string,
  { tx, environment }: Pick<OperationContext, "tx" | "environment">,
): Eventual<KnownRole | undefined> {
  const arn = parseArn(roleArn);
  if (arn === null || arn.service !== "iam" || !arn.resource.startsWith("role/") || !isAccountId(arn.account)) {
    return undefined;
  }
  const name = arn.resource.slice(arn.resource.lastIndexOf("/") + 1);
  return after(environment.authorizer.roles.byName(tx, arn.account, name), (found) => {
    if (found === null) return undefined;
    const own = iamArn(arn.partition, arn.account, "role", found.record.name, found.record.path) === roleArn;
    return own ? found : undefined;
  });
}
