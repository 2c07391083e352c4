import type { ContextKeyFrom, ContextValues } from "../policy/context-key.ts";
import type { CompiledPolicy, ContextValue } from "../policy/types.ts";
import type { Tag } from "../session/actor.ts";

/** Context keys of an operation's own: those of the table (policy/context-key.ts) that come from operations. */
export type OperationKeys = ContextValues<ContextKeyFrom<"operation">>;

/** One thing that must be allowed for an operation to go on; an operation may have several. */
export interface Requirement {
  readonly action: string;
  /** An ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** Whose policies count as those of the resource's account. */
  readonly resourceAccount: string;
  /** The account that aws:ResourceAccount names where it is another one: AWS's own, of AWS's policies. */
  readonly resourceOwner?: string;
  /** Tags on the resource: aws:ResourceTag/* (and iam:ResourceTag/*). */
  readonly resourceTags?: readonly Tag[] | undefined;
  /** Tags the request brings: aws:RequestTag/* and aws:TagKeys. */
  readonly requestTags?: readonly Tag[] | undefined;
  /** Keys named without values (Untag*): aws:TagKeys alone. */
  readonly tagKeys?: readonly string[] | undefined;
  /** Keys that the operation gives, e.g. `iam:PolicyARN`. Undefined values are left out. */
  readonly context?: OperationKeys;
  /**
   * What a service outside says of its request, by folded name (services/rolecall/given-context.ts says which keys it
   * may). It lies under all that rolecall knows.
   */
  readonly given?: ReadonlyMap<string, ContextValue>;
  readonly resourcePolicy?: CompiledPolicy | null;
  /**
   * How the refusal names the resource where AWS does not use the ARN (`role NAME`); null leaves the part out
   * (actions without a resource type).
   */
  readonly shownAs?: string | null;
  /** AssumeRole's refusal never says why: no "because" tail. */
  readonly withoutReason?: boolean;
  /** The whole refusal, where AWS's names neither who asks nor for what (AssumeRoleWithSAML and WithWebIdentity). */
  readonly refusal?: string;
}
