import type { Principal } from "../policy/types.ts";
import type { Session } from "./token.ts";

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The user or role whose policies speak for a caller, as it stands at the moment of the request. */
export interface Entity {
  readonly kind: "user" | "role";
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly tags: readonly Tag[];
  readonly boundaryArn: string | null;
  readonly serviceLinked: boolean;
}

/** An authenticated caller: who signed, under which hat, and what stands behind the hat. */
export interface Caller {
  readonly principal: Exclude<Principal, { type: "Anonymous" }>;
  readonly account: string;
  readonly partition: string;
  readonly accessKeyId: string;
  /** The unsealed session token of temporary credentials; null for long-term keys. */
  readonly session: Session | null;
  /** Null for the account's root (and for its federated users). */
  readonly entity: Entity | null;
  /** Principal tags: the entity's, overlaid by the session's (session tags win, IAM User Guide id_session-tags). */
  readonly tags: readonly Tag[];
}

/**
 * Who is charged for what a caller does: the entity, not the session. Whoever may assume a role could get a fresh budget
 * with every session.
 */
export function payerOf({ entity, account }: Caller): string {
  return entity?.id ?? account;
}
