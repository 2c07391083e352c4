import type { AssumeRoleRequest } from "../../contracts/sts/types.gen.ts";
import type { InputContext } from "../../operation/context.ts";
import { validationError } from "./faults.ts";

type ProvidedContexts = NonNullable<AssumeRoleRequest["ProvidedContexts"]>;

/** The only provider that AWS has: its assertions are made and sealed by STS itself (STS API, ProvidedContext). */
const provider = "contextProvider/IdentityCenter";

/**
 * Assertions about the person behind a session (STS API, AssumeRole, ProvidedContexts). There is no Identity Center here
 * that would have one made, so none that comes can be good, and no session ever has what it says. They are looked at before
 * anything is judged: what one says is part of what sts:SetContext is judged by. The texts are ours.
 *
 * @throws Fault ValidationError where there is any
 */
export function requireNone(contexts: ProvidedContexts, { partition }: InputContext): void {
  if (contexts.length === 0) return;
  const arn = `arn:${partition}:iam::aws:${provider}`;
  for (const { ProviderArn: from, ContextAssertion: assertion } of contexts) {
    if (from === undefined || assertion === undefined) {
      throw validationError("Each member of ProvidedContexts must have a ProviderArn and a ContextAssertion.");
    }
    if (from !== arn) throw validationError(`${from} is not a context provider.`);
  }
  throw validationError(`The context assertion is not one that ${arn} has made.`);
}
