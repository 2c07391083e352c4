import type { OperationContext } from "../../operation/context.ts";
import { principalArn, userId } from "../../session/principal.ts";
import { issueToken, longestToken, sessionVersion, TokenTooLarge } from "../../session/token.ts";
import type { IssuedToken, Session } from "../../session/token.ts";
import { packedPolicyTooLarge } from "./faults.ts";
import { plainTextPercent } from "./session-policies.ts";
import type { SessionPolicies } from "./session-policies.ts";
import type { SessionTag } from "./session-tags.ts";

export interface NewSession {
  readonly kind: Session["kind"];
  readonly account: string;
  /** Unique id of the role or user; the account id for its root. */
  readonly issuerId: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly SessionTag[];
  readonly policies: SessionPolicies;
  /** Characters that the token has at least (STS API, MinimumSessionTokenSize). */
  readonly minimumTokenSize: number | undefined;
}

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
 * Makes a session of the caller's: new credentials and a token that holds everything, so that nothing need be stored.
 * The session remembers where it came from: its parent, the first session of the chain, and the person behind it.
 *
 * @throws Fault PackedPolicyTooLarge
 */
export function issueSession(context: OperationContext, wanted: NewSession): IssuedSession {
  const { caller, environment, request } = context;
  const { ids } = environment;
  const sessionId = ids.sessionId();
  // Whole seconds: aws:TokenIssueTime and the answer's Expiration have no fractions, and the three must agree.
  const issuedAt = Math.floor(request.now / 1000) * 1000;
  const expiresAt = issuedAt + wanted.duration * 1000;
  const parent = caller.session;
  const session: Session = {
    version: sessionVersion,
    kind: wanted.kind,
    account: wanted.account,
    accessKeyId: ids.accessKeyId("ASIA", wanted.account),
    secretAccessKey: ids.secretAccessKey(),
    issuer: { id: wanted.issuerId },
    sessionName: wanted.sessionName,
    issuedAt,
    expiresAt,
    ...(wanted.sourceIdentity === undefined ? {} : { sourceIdentity: wanted.sourceIdentity }),
    tags: wanted.tags,
    ...(wanted.policies.policy === undefined ? {} : { policy: wanted.policies.policy }),
    policyArns: wanted.policies.policyArns,
    chainDepth: parent === null ? 0 : parent.chainDepth + 1,
    sessionId,
    ...(parent === null ? {} : { parentId: parent.sessionId }),
    originId: parent?.originId ?? sessionId,
    origin: parent?.origin ?? { arn: principalArn(caller), id: userId(caller) },
    context: {},
  };
  const { token, packedPolicySize } = seal(context, session, wanted);
  context.trailNote({ issuedSession: { sessionId, accessKeyId: session.accessKeyId, chainDepth: session.chainDepth } });
  const constrained =
    wanted.tags.length > 0 || wanted.policies.policy !== undefined || wanted.policies.policyArns.length > 0;
  return {
    credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: token,
      Expiration: new Date(expiresAt),
    },
    sizes: {
      ...(constrained ? { PackedPolicySize: packedPolicySize } : {}),
      SessionTokenUtilization: Math.ceil((token.length * 100) / longestToken),
      SessionTokenSize: token.length,
    },
  };
}

/** @throws Fault PackedPolicyTooLarge */
function seal({ environment }: OperationContext, session: Session, wanted: NewSession): IssuedToken {
  const plain = plainTextPercent(wanted.policies);
  if (plain > 100) throw packedPolicyTooLarge(plain);
  try {
    const issued = issueToken(environment.tokens, session, wanted.minimumTokenSize ?? 0);
    return { token: issued.token, packedPolicySize: Math.max(issued.packedPolicySize, plain) };
  } catch (error) {
    if (error instanceof TokenTooLarge) throw packedPolicyTooLarge(error.packedPolicySize);
    throw error;
  }
}
