import type { Verdict } from "../../authorization/authorizer.ts";
import type { OperationContext } from "../../operation/context.ts";
import { knownContextKey } from "../../policy/context-key.ts";
import type { ContextValue } from "../../policy/types.ts";
import type { Actor } from "../../session/actor.ts";
import { longestContent, sealMessage } from "../../session/authorization-message.ts";
import { principalArn, userId } from "../../session/principal.ts";
import { outcomeTold } from "./explanation-view.ts";
import type { Sight } from "./sight.ts";

/**
 * A refusal in AWS's form of decoded messages (public issues of SDKs; IAM User Guide has no page on it), sealed for the
 * account of whoever was refused. Its administrators see their own side: not what another account's service said of the
 * request, nor what its resource has. Which statements decided, `rolecall explain` tells.
 */
export function encodedMessage(verdict: Verdict, { account, environment }: OperationContext): string {
  const { caller } = verdict;
  const isOwn = caller.account === account;
  const sight: Sight = { principal: true, resource: isOwn, organization: false };
  const entries = [...verdict.context.entries()].filter(([key]) => isOwn || isTold(key, verdict));
  const conditions = entries.map(([key, value]) => ({ key: spelled(key), values: itemsOf(value) }));
  let content = contentOf(verdict, sight, conditions);
  // One that would be too long is without the longest of its values.
  while (Buffer.byteLength(content, "utf8") > longestContent && conditions.length > 0) {
    conditions.splice(longestOf(conditions), 1);
    content = contentOf(verdict, sight, conditions);
  }
  return sealMessage(environment.tokens, caller.account, content);
}

interface ShownCondition {
  readonly key: string;
  readonly values: { readonly items: readonly { readonly value: string }[] };
}

function contentOf({ caller, decision, requirement }: Verdict, sight: Sight, items: readonly ShownCondition[]): string {
  return JSON.stringify({
    allowed: false,
    explicitDeny: outcomeTold(decision, sight) === "ExplicitlyDenied",
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id: userId(caller), name: nameOf(caller), arn: principalArn(caller) },
      action: requirement.action,
      resource: requirement.resource,
      conditions: { items },
    },
  });
}

function nameOf({ entity, principal, session }: Actor): string {
  return principal.type === "Root" ? "root" : (session?.sessionName ?? entity?.name ?? "");
}

/** Whether a key is the refused one's own: neither the service's word, nor of the resource. */
function isTold(key: string, { requirement }: Verdict): boolean {
  return requirement.given?.has(key) !== true && knownContextKey(key)?.source !== "resource";
}

/** A key as the table writes it; of a tag, with the tag's key. */
function spelled(folded: string): string {
  const name: string | undefined = knownContextKey(folded)?.name;
  return name?.replace("${TagKey}", () => folded.slice(folded.indexOf("/") + 1)) ?? folded;
}

function itemsOf(value: ContextValue): ShownCondition["values"] {
  return { items: (typeof value === "string" ? [value] : [...value]).map((one) => ({ value: one })) };
}

function longestOf(conditions: readonly ShownCondition[]): number {
  const lengths = conditions.map((condition) => JSON.stringify(condition).length);
  return lengths.indexOf(Math.max(...lengths));
}
