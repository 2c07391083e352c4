import type { Session } from "./token.ts";

/** The context key of a session of an account's root that its organization has begun (IAM User Guide, id_root-user-privileged-task). */
const assumedRootKey = "aws:AssumedRoot";

/** Such a session's own; no claim of anybody fills the key (authorization/context-keys.ts). */
export const assumedRootContext: Session["context"] = { [assumedRootKey]: "true" };

/** Whether a session was begun by sts:AssumeRoot. */
export function isAssumedRoot({ kind, account, issuer, context }: Session): boolean {
  return kind === "user" && issuer.id === account && context[assumedRootKey] === "true";
}
