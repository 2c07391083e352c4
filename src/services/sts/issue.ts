import type { OperationContext } from "../../operation/context.ts";
import type { KeyRing } from "../../seal/key-ring.ts";
import { newSession } from "../../session/grant.ts";
import type { SessionGrant } from "../../session/grant.ts";
import { issueToken, longestToken, TokenTooLarge } from "../../session/token.ts";
import type { IssuedToken, Session } from "../../session/token.ts";
import { packedPolicyTooLarge } from "./faults.ts";
import { plainTextPercent } from "./session-policies.ts";
import type { SessionPolicies } from "./session-policies.ts";

export interface IssuedSession {
  readonly credentials: {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
    readonly SessionToken: string;
    readonly Expiration: Date;
  };
  readonly sizes: {
    readonly PackedPolicySize?: number;
    readonly SessionTokenUtilization: number;
    readonly SessionTokenSize: number;
  };
}

/**
 * Issues a session: new credentials and a token that holds everything, so that nothing need be stored.
 *
 * @param minimumTokenSize characters that the token has at least (STS API, MinimumSessionTokenSize)
 * @throws Fault PackedPolicyTooLarge
 */
export function issueSession(context: OperationContext, grant: SessionGrant, minimumTokenSize = 0): IssuedSession {
  const { environment, request } = context;
  const session = newSession(grant, environment.ids, request.now);
  const { token, packedPolicySize } = seal(environment.tokens, session, grant.policies, minimumTokenSize);
  const { accessKeyId, chainDepth, sessionId } = session;
  context.trailNote({ issuedSession: { sessionId, accessKeyId, chainDepth } });
  const constrained = session.tags.length > 0 || session.policy !== undefined || session.policyArns.length > 0;
  return {
    credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: token,
      Expiration: new Date(session.expiresAt),
    },
    sizes: {
      ...(constrained ? { PackedPolicySize: packedPolicySize } : {}),
      SessionTokenUtilization: Math.ceil((token.length * 100) / longestToken),
      SessionTokenSize: token.length,
    },
  };
}

/** @throws Fault PackedPolicyTooLarge */
function seal(ring: KeyRing, session: Session, policies: SessionPolicies, leastCharacters: number): IssuedToken {
  const plain = plainTextPercent(policies);
  if (plain > 100) throw packedPolicyTooLarge(plain);
  try {
    const issued = issueToken(ring, session, leastCharacters);
    return { token: issued.token, packedPolicySize: Math.max(issued.packedPolicySize, plain) };
  } catch (error) {
    if (error instanceof TokenTooLarge) throw packedPolicyTooLarge(error.packedPolicySize);
    throw error;
  }
}
