import type { KeyRing } from "../../seal/key-ring.ts";
import { payerOf } from "../../session/actor.ts";
import type { Actor } from "../../session/actor.ts";
import { sealedTexts } from "./sealed-text.ts";
import type { SealedTexts } from "./sealed-text.ts";

/** What a service shows in place of a signed request: with which credential somebody was authenticated. */
export interface Authentication {
  readonly credentialId: string;
  /** Of the credential's secret or key as it was then: after a reset the token is worth nothing. */
  readonly proof: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** As long as a session of GetSessionToken by default. */
export const authenticationLifetime = 12 * 3600 * 1000;

/**
 * Tokens of one service: nobody else who asks, and no other service that he asks for, can use them.
 *
 * @param service as Authorize names it, or Authenticate: `codecommit` is `codecommit.amazonaws.com` there
 */
export function authenticationTokens(ring: KeyRing, asker: Actor, service: string): SealedTexts<Authentication> {
  return sealedTexts(ring, `authentication for ${payerOf(asker)} at ${service.split(".", 1)[0]}`);
}
