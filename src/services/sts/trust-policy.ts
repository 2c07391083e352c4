import { iamArn } from "../../arn/arn.ts";
import type { KnownRole } from "../../authorization/known-roles.ts";
import type { OperationContext } from "../../operation/context.ts";
import { compile } from "../../policy/index.ts";
import type { CompiledPolicy } from "../../policy/types.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import { readRoleArn } from "./role-arn.ts";

/**
 * Stands in for a role that does not exist, or is met as if it did not. Nobody may assume it: nobody's account is called
 * so. It allows what never applies instead of denying, because that is what a role does that trusts somebody else: the
 * evaluation has the same steps.
 */
const nobody = compile(
  JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: { AWS: "000000000000" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:PrincipalAccount": "nobody" } },
    },
  }),
  "trust",
  { id: "of a role that does not exist, or that trusts nobody of the caller's account" },
);

/** Whether a policy, maybe one that was recorded, is that of no role. */
export function isStandIn(policy: CompiledPolicy | null | undefined): boolean {
  return policy?.id === nobody.id;
}

/** Undefined stands for a role that does not exist. */
export function trustPolicyOf(role: KnownRole | undefined): CompiledPolicy {
  return role === undefined ? nobody : role.trust;
}

/** The ARN must be the role's own, path and letter case included. */
export function roleByArn(
  roleArn: string,
  { tx, environment }: Pick<OperationContext, "tx" | "environment">,
): Eventual<KnownRole | undefined> {
  const arn = readRoleArn(roleArn);
  if (arn === null) return undefined;
  const name = arn.resource.slice(arn.resource.lastIndexOf("/") + 1);
  return gather(
    () => environment.authorizer.roles.byName(tx, arn.account, name),
    (found) => {
      if (found === null) return undefined;
      const own = iamArn(arn.partition, arn.account, "role", found.record.name, found.record.path) === roleArn;
      return own ? found : undefined;
    },
  );
}

/**
 * The role as somebody of an account meets it. One of another account that trusts nobody of theirs is one that does not
 * exist, in all that is done from here on and not only in the answer: whether its policy was compiled, what it has to be
 * evaluated and how many tags it has would show in the time that a refusal takes.
 */
export function asMetBy(account: string, role: KnownRole | undefined): KnownRole | undefined {
  if (role === undefined || role.record.account === account || role.mayTrust(account)) return role;
  return undefined;
}
