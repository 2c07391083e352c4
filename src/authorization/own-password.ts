import { compile } from "../policy/index.ts";
import type { CompiledPolicy } from "../policy/types.ts";
import type { Entity } from "../session/actor.ts";

/**
 * What AllowUsersToChangePassword of an account's password policy gives to each of its users: iam:ChangePassword on
 * himself, and iam:GetAccountPasswordPolicy (API reference, UpdateAccountPasswordPolicy). It is attached to nobody and
 * stands beside the policies that are: an explicit deny wins over it, and boundaries and session policies limit it. That
 * they do is not documented; that they did not would be more than anybody was told.
 */
export function ownPasswordPolicy({ arn }: Entity): CompiledPolicy {
  const statements = [
    { Sid: "AllowUsersToChangePassword", Effect: "Allow", Action: "iam:ChangePassword", Resource: literal(arn) },
    { Effect: "Allow", Action: "iam:GetAccountPasswordPolicy", Resource: "*" },
  ];
  const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return compile(document, "identity", { id: "account password policy" });
}

/** Paths may hold what is a wildcard in policies. */
function literal(text: string): string {
  return text.replace(/[*?$]/g, "$${$&}");
}
