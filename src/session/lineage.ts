import type { Actor } from "./actor.ts";
import { principalArn, userId } from "./principal.ts";
import type { Session } from "./token.ts";

/** Where a session comes from: the one that puts it on, if any, and who put on the first of the chain. */
export interface Lineage {
  readonly parent: Pick<Session, "sessionId" | "originId" | "chainDepth"> | null;
  readonly origin: Session["origin"];
}

/** Of sessions that an actor puts on. What it proved from outside is the person behind them, in the words of the trail. */
export function lineageOf(actor: Actor): Lineage {
  switch (actor.kind) {
    case "key":
    case "password":
      return first(userId(actor), principalArn(actor));
    case "session":
    case "console":
      return { parent: actor.session, origin: actor.session.origin };
    case "webIdentity":
      return first(`${actor.principal.provider}:${actor.audience}:${actor.subject}`, actor.principal.provider);
    case "saml":
      return first(`${actor.nameQualifier}:${actor.subject}`, actor.principal.provider);
    case "certificate":
      return first(`${actor.subject}:${actor.serialNumber}`, actor.anchor);
    case "service":
      return first(userId(actor), principalArn(actor));
  }
}

function first(id: string, arn: string): Lineage {
  return { parent: null, origin: { arn, id } };
}
