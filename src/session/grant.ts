import type { Ids } from "../clock/ids.ts";
import type { Lineage } from "./lineage.ts";
import { sessionVersion } from "./token.ts";
import type { Session } from "./token.ts";

/**
 * All that decides what a session is. Whoever grants one says all of it, and nothing comes from anywhere else: so sessions
 * that STS, an instance's metadata or the console give are of one kind.
 */
export interface SessionGrant {
  readonly kind: Session["kind"];
  /** The account that the session is in. */
  readonly account: string;
  /** Unique id of the role or user that it is of; the account id for its root. */
  readonly issuerId: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly lineage: Lineage;
  /** When a second factor was shown, in milliseconds since the epoch. */
  readonly mfaAt: number | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: Session["tags"];
  readonly policies: { readonly policy: string | undefined; readonly policyArns: readonly string[] };
  /** Left out where it is not somebody else's to use. */
  readonly delegation?: Session["delegation"];
  /** Context keys that hold as long as the session (`saml:sub`, `aws:FederatedProvider`, `ec2:SourceInstanceArn` …). */
  readonly context: Session["context"];
}

/** @param now milliseconds since the epoch */
export function newSession(grant: SessionGrant, ids: Ids, now: number): Session {
  const { lineage, mfaAt, policies, sourceIdentity } = grant;
  const { parent } = lineage;
  const sessionId = ids.sessionId();
  // Whole seconds: aws:TokenIssueTime and the answer's Expiration have no fractions, and the three must agree.
  const issuedAt = Math.floor(now / 1000) * 1000;
  return {
    version: sessionVersion,
    kind: grant.kind,
    account: grant.account,
    accessKeyId: ids.accessKeyId("ASIA", grant.account),
    secretAccessKey: ids.secretAccessKey(),
    issuer: { id: grant.issuerId },
    sessionName: grant.sessionName,
    issuedAt,
    expiresAt: issuedAt + grant.duration * 1000,
    ...(mfaAt === undefined ? {} : { mfaAt }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    tags: grant.tags,
    ...(policies.policy === undefined ? {} : { policy: policies.policy }),
    policyArns: policies.policyArns,
    chainDepth: parent === null ? 0 : parent.chainDepth + 1,
    sessionId,
    ...(parent === null ? {} : { parentId: parent.sessionId }),
    originId: parent?.originId ?? sessionId,
    origin: lineage.origin,
    ...(grant.delegation === undefined ? {} : { delegation: grant.delegation }),
    context: grant.context,
  };
}
