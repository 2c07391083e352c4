import type { Actor, Entity, Tag } from "./actor.ts";
import type { Session } from "./token.ts";

/** Bytes of memory that callers take, estimated so that they are rather less than is said. */

/** Objects, ids, names and times of an entity. */
const bareEntity = 1000;
/** The same of a caller, with the texts of its context and of its records (authorization/, trail/). */
const bareCaller = 6000;
/** A tag as an object, and as a member of what is made of it. */
const bareTag = 150;

export function entityBytes(entity: Entity | null): number {
  return entity === null ? bareEntity : bareEntity + tagBytes(entity.tags, 1);
}

/**
 * With all that hangs on it: context keys and records say again what the session says. A character is held to take two
 * bytes; the texts that stand in tokens stand in memory as often as the factors say.
 */
export function callerBytes({ session, tags }: Actor): number {
  return bareCaller + tagBytes(tags, 3) + (session === null ? 0 : sessionBytes(session));
}

function sessionBytes({ tags, policy = "", policyArns, context }: Session): number {
  let characters = policy.length;
  for (const arn of policyArns) characters += arn.length;
  for (const key in context) characters += key.length + String(context[key]).length;
  return 6 * characters + tagBytes(tags, 2);
}

function tagBytes(tags: readonly Tag[], times: number): number {
  let bytes = 0;
  for (const { key, value } of tags) bytes += bareTag + 2 * times * (key.length + value.length);
  return bytes;
}
