import { UnsealError } from "../seal/errors.ts";
import { sealOverhead } from "../seal/key-ring.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import { packContext, packHead, packPolicies, sessionVersion, unpackSession } from "./token-schema.ts";
import type { Session } from "./token-schema.ts";
import { packSections, unpackSections } from "./token-sections.ts";
import type { PackedSections } from "./token-sections.ts";

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

/** A session whose policies and tags do not fit into a token; the client hears PackedPolicyTooLarge. */
export class TokenTooLarge extends Error {
  /** Percent of the allotted space, above 100. */
  readonly packedPolicySize: number;
  constructor(packedPolicySize: number) {
    super(`the session's policies and tags take ${packedPolicySize}% of the space allotted to them`);
    this.name = "TokenTooLarge";
    this.packedPolicySize = packedPolicySize;
  }
}

export interface IssuedToken {
  /** base64url, at most 4,096 characters. */
  readonly token: string;
  /** What AssumeRole answers as PackedPolicySize: percent, 0 where the session has neither policies nor tags. */
  readonly packedPolicySize: number;
}

/**
 * Seals a session into its token, bound to its access key id.
 * @param leastCharacters the token is padded up to this length, at most `longestToken`
 * @throws TokenTooLarge; nothing is ever cut
 * @throws SealError where the ring cannot seal
 */
export function issueToken(ring: KeyRing, session: Session, leastCharacters = 0): IssuedToken {
  const packed = pack(session, Math.ceil((leastCharacters * 3) / 4) - sealOverhead);
  const percent = packed === null ? neverFits : packedPercent(packed);
  if (packed === null || percent > 100) throw new TokenTooLarge(percent);
  const sealed = ring.seal(packed.bytes, session.accessKeyId);
  const token = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).toString("base64url");
  return { token, packedPolicySize: percent };
}

/**
 * Opens a token. Whether the session has expired and its issuer lives is not looked at.
 * @throws InvalidToken for anything but what `encodeSession` made for this access key id
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

/** For sections that no packing makes fit: far above 100, without a pretence of being measured. */
const neverFits = 1000;

function pack(session: Session, leastBytes = 0): PackedSections | null {
  try {
    const sections = {
      head: packHead(session),
      context: packContext(session),
      policies: packPolicies(session),
    };
    return packSections(sessionVersion, sections, leastBytes);
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/**
 * How much of the space allotted to policies and tags a session takes: percent, rounded up. The space is what the rest of
 * the session leaves of the token, so that up to 100 always fits and above never does.
 */
function packedPercent({ usedBytes, policyBytes, plainPolicyPercent }: PackedSections): number {
  const allotted = longestContent - (usedBytes - policyBytes);
  // Attributes of a federated sign-in can fill a token by themselves; that is too large whatever the policies are.
  if (allotted < 0 || (allotted === 0 && policyBytes > 0)) return neverFits;
  return policyBytes === 0 ? 0 : Math.max(plainPolicyPercent, Math.ceil((policyBytes * 100) / allotted));
}
