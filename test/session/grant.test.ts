/** A session is what its grant says, wherever that comes from, and stays so through its token. */
import { describe, expect, test } from "vitest";
import { contextKeys } from "../../src/authorization/context-keys.ts";
import { createIds } from "../../src/clock/ids.ts";
import { Effort } from "../../src/policy/effort.ts";
import { KeyRing } from "../../src/seal/key-ring.ts";
import { createRing } from "../../src/seal/ring-state.ts";
import type { Entity } from "../../src/session/actor.ts";
import { newSession } from "../../src/session/grant.ts";
import type { SessionGrant } from "../../src/session/grant.ts";
import { roleActor } from "../../src/session/principal.ts";
import { decodeSession, issueToken } from "../../src/session/token.ts";
import { SeededRandom } from "../harness/deterministic.ts";
import { seed } from "../harness/seed.ts";

const account = "111122223333";
const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const ids = createIds(new SeededRandom(seed));
const ring = new KeyRing(createRing("tokens", 0));

const role: Entity = {
  kind: "role",
  id: "AROA1",
  account,
  name: "deploy",
  path: "/",
  arn: `arn:aws:iam::${account}:role/deploy`,
  tags: [],
  boundaryArn: null,
  serviceLinked: false,
};

const grant: SessionGrant = {
  kind: "role",
  account,
  issuerId: role.id,
  sessionName: "i-0abc",
  duration: 900,
  lineage: { parent: null, origin: { arn: `arn:aws:iam::${account}:saml-provider/idp`, id: "hash=:ann" } },
  mfaAt: undefined,
  sourceIdentity: "ann",
  tags: [{ key: "team", value: "a", transitive: true }],
  policies: { policy: undefined, policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
  delegation: { account: "444455556666", requestId: "00000000-0000-4000-8000-000000000000" },
  context: {
    "saml:sub": "ann",
    "saml:edupersonaffiliation": ["staff", "member"],
    "aws:FederatedProvider": `arn:aws:iam::${account}:oidc-provider/issuer.example`,
    "issuer.example:sub": "repo:a/b",
    "ec2:SourceInstanceARN": `arn:aws:ec2:us-east-1:${account}:instance/i-0abc`,
  },
};

const request = {
  now,
  sourceIp: "192.0.2.1",
  userAgent: undefined,
  referer: undefined,
  secure: true,
  region: "us-east-1",
  effort: new Effort(),
};

/** Its context when it is used, from its token. */
function used(granted: SessionGrant) {
  const session = newSession(granted, ids, now);
  const opened = decodeSession(ring, session.accessKeyId, issueToken(ring, session));
  const context = contextKeys({
    caller: roleActor(role, "aws", opened),
    request,
    requirement: { action: "s3:GetObject", resourceAccount: account },
    callerOrganization: null,
    resourceOrganization: null,
  });
  return { session, opened, context };
}

describe("a session", () => {
  test("comes out of its token as it was granted", () => {
    const { opened, session } = used(grant);
    expect(opened).toEqual(session);
    expect(opened).toMatchObject({ issuer: { id: role.id }, sourceIdentity: "ann", chainDepth: 0, tags: grant.tags });
    expect(opened.expiresAt - opened.issuedAt).toBe(900_000);
    expect(opened.issuedAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(opened.originId).toBe(opened.sessionId);
    expect(opened.parentId).toBeUndefined();
  });

  test.each(Object.entries(grant.context))("brings %s to every request", (key, value) => {
    expect(used(grant).context.get(key.toLowerCase())).toEqual(value);
  });

  test("cannot say of itself what rolecall knows", () => {
    const context = { "AWS:PrincipalAccount": "999988887777", "aws:SourceIdentity": "eve", "aws:SourceIp": "10.0.0.1" };
    const { context: keys } = used({ ...grant, context });
    expect(keys.get("aws:principalaccount")).toBe(account);
    expect(keys.get("aws:sourceidentity")).toBe("ann");
    expect(keys.get("aws:sourceip")).toBe("192.0.2.1");
  });

  test("knows the one that put it on, and the first of the chain", () => {
    const { session: parent } = used(grant);
    const { session } = used({ ...grant, lineage: { parent, origin: parent.origin } });
    expect(session).toMatchObject({ chainDepth: 1, parentId: parent.sessionId, originId: parent.sessionId });
    expect(session.origin).toEqual(grant.lineage.origin);
  });

  test("says when a second factor was shown, and nothing where none was", () => {
    expect(used({ ...grant, mfaAt: now - 5000 }).context.get("aws:multifactorauthage")).toBe("5");
    expect(used(grant).context.get("aws:multifactorauthage")).toBeUndefined();
    expect(used(grant).session).not.toHaveProperty("mfaAt");
  });
});
