import { sessionVersion } from "../../src/session/token.ts";
import type { Session } from "../../src/session/token.ts";

/** A role's session of an hour that a user put on, without tags or policies, but for what is said of it. */
export function sessionOf(more: Partial<Session>): Session {
  const { account = "111122223333", issuedAt = Date.UTC(2026, 0, 1), sessionId = "0011223344556677" } = more;
  return {
    version: sessionVersion,
    kind: "role",
    account,
    accessKeyId: "ASIA1",
    secretAccessKey: "secret",
    issuer: { id: "AROA1" },
    sessionName: "job",
    issuedAt,
    expiresAt: issuedAt + 3_600_000,
    tags: [],
    policyArns: [],
    chainDepth: 0,
    sessionId,
    originId: sessionId,
    origin: { arn: `arn:aws:iam::${account}:user/ann`, id: "AIDA1" },
    context: {},
    ...more,
  };
}
