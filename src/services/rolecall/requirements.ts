import type { Requirement } from "../../authorization/requirement.ts";
import type { InputContext } from "../../operation/context.ts";

/**
 * Administration of the server belongs to the operator's account: its resources are that account's, so a caller of any
 * other account is refused as in every cross-account call, whatever its own policies say.
 */
export function operatorRequirement(context: InputContext, name: string, resource = "server"): readonly Requirement[] {
  const { operatorAccount } = context.environment;
  return [
    {
      action: `rolecall:${name}`,
      resource: `arn:${context.partition}:rolecall::${operatorAccount}:${resource}`,
      resourceAccount: operatorAccount,
    },
  ];
}

/** An action about the caller's own account. */
export function ownRequirement(context: InputContext, name: string, resource: string): readonly Requirement[] {
  return [
    {
      action: `rolecall:${name}`,
      resource: `arn:${context.partition}:rolecall::${context.account}:${resource}`,
      resourceAccount: context.account,
    },
  ];
}
