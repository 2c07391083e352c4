import { UnsealError } from "../seal/errors.ts";
import { sealOverhead } from "../seal/key-ring.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import { packContext, packHead, packPolicies, sessionVersion, unpackSession } from "./token-schema.ts";
import type { Session } from "./token-schema.ts";
import { packSections, unpackSections } from "./token-sections.ts";

export { sessionVersion } from "./token-schema.ts";
export type { Session } from "./token-schema.ts";

/** A session token has at most this many characters (SDKs and proxies stumble over longer header values). */
export const longestToken = 4096;

/** What fits into the text once the seal has its share: base64url carries three bytes in four characters. */
const longestContent = Math.floor((longestToken * 3) / 4) - sealOverhead;

/** A text that is not a token of this server for this access key. It does not say why. */
export class InvalidToken extends Error {
  constructor(options?: { cause?: unknown }) {
    super("the session token is invalid", options);
    this.name = "InvalidToken";
  }
}

/** A session that does not fit into a token; the client hears PackedPolicyTooLarge. */
export class TokenTooLarge extends Error {
  constructor() {
    super(`the session does not fit into a token of ${longestToken} characters`);
    this.name = "TokenTooLarge";
  }
}

/**
 * Seals a session into its token, bound to its access key id.
 * @param leastCharacters the token is padded up to this length, at most `longestToken`
 * @returns base64url, at most `longestToken` characters
 * @throws TokenTooLarge; nothing is ever cut
 * @throws SealError where the ring cannot seal
 */
export function issueToken(ring: KeyRing, session: Session, leastCharacters = 0): string {
  const bytes = pack(session, Math.ceil((leastCharacters * 3) / 4) - sealOverhead);
  if (bytes.length > longestContent) throw new TokenTooLarge();
  const sealed = ring.seal(bytes, session.accessKeyId);
  return Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).toString("base64url");
}

/**
 * Opens a token. Whether the session has expired and its issuer lives is not looked at.
 * @throws InvalidToken for anything but what `issueToken` made for this access key id
 */
export function decodeSession(ring: KeyRing, accessKeyId: string, token: string): Session {
  if (token.length > longestToken) throw new InvalidToken();
  const sealed = Buffer.from(token, "base64url");
  // Node skips what is not in the alphabet; there is one text for each token, and no other.
  if (sealed.toString("base64url") !== token) throw new InvalidToken();
  try {
    const { head, context, policies } = unpackSections(sessionVersion, ring.open(sealed, accessKeyId));
    return unpackSession(accessKeyId, head, context, policies);
  } catch (cause) {
    throw cause instanceof UnsealError ? new InvalidToken() : new InvalidToken({ cause });
  }
}

/** @throws TokenTooLarge for sections that no packing makes fit */
function pack(session: Session, leastBytes: number): Uint8Array {
  try {
    const sections = {
      head: packHead(session),
      context: packContext(session),
      policies: packPolicies(session),
    };
    return packSections(sessionVersion, sections, leastBytes);
  } catch (cause) {
    if (cause instanceof RangeError) throw new TokenTooLarge();
    throw cause;
  }
}
