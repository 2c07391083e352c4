/** The credentials with which users are authenticated to services outside, of either kind. */
import type { OperationContext } from "../../operation/context.ts";
import type { Entity } from "../../session/actor.ts";
import type { Tx } from "../../store/sql/database.ts";
import * as serviceCredentials from "../../store/iam/service-credentials.ts";
import type { ServiceCredentialRecord } from "../../store/iam/service-credentials.ts";
import * as sshPublicKeys from "../../store/iam/ssh-public-keys.ts";
import type { SshPublicKeyRecord } from "../../store/iam/ssh-public-keys.ts";

/** Why somebody is not authenticated: for the trail of the credential's account, never for the service. */
export type Refusal = "unknown" | "ambiguous" | "wrong secret" | "inactive" | "expired";

export interface Credential {
  readonly id: string;
  readonly account: string;
  readonly ownerId: string;
  /** What stands for its secret or key, and changes with it. */
  readonly proof: string;
  /** Milliseconds since the epoch; null where it does not end. */
  readonly expiresAt: number | null;
  readonly active: boolean;
}

export function ofService(record: ServiceCredentialRecord): Credential {
  const { id, account, ownerId, expiresAt, status, verifier } = record;
  const proof = Buffer.from(verifier).toString("base64url");
  return { id, account, ownerId, expiresAt, active: status === "Active", proof };
}

export function ofSshKey({ id, account, ownerId, status, sha256 }: SshPublicKeyRecord): Credential {
  return { id, account, ownerId, expiresAt: null, active: status === "Active", proof: sha256 };
}

/** Whether it is good for anything now. */
export function refusalOf({ active, expiresAt }: Credential, now: number): Refusal | null {
  if (!active) return "inactive";
  return expiresAt !== null && expiresAt <= now ? "expired" : null;
}

/** The user whose it is. */
export function holderOf({ account, ownerId }: Credential, context: OperationContext): Promise<Entity | null> {
  return context.environment.authenticator.entity(context.tx, account, "user", ownerId);
}

/** By its id, which says its kind. */
export async function credentialById(tx: Tx, id: string): Promise<Credential | null> {
  if (id.startsWith("APKA")) {
    const key = await sshPublicKeys.byId(tx, id);
    return key === null ? null : ofSshKey(key);
  }
  const record = await serviceCredentials.byId(tx, id);
  return record === null ? null : ofService(record);
}

/** What came of a proof. */
export interface Judged {
  /** Whose it is, whether it is good or not; null where it is nobody's, or several users'. */
  readonly credential: Credential | null;
  /** Null for a proof that is good. */
  readonly refusal: Refusal | null;
  /** Of an SSH key that several users have. */
  readonly holders?: readonly Credential[];
}
