/** What a principal chooses, sessions, tags and policies, fills no cache beyond its bytes and takes nobody's place. */
import { Effort } from "../../../src/policy/effort.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Authorizer } from "../../../src/authorization/authorizer.ts";
import { loadAwsManagedPolicies } from "../../../src/authorization/aws-managed-policies.ts";
import { contextKeys } from "../../../src/authorization/context-keys.ts";
import { KeyRing } from "../../../src/seal/key-ring.ts";
import { createRing } from "../../../src/seal/ring-state.ts";
import { Authenticator } from "../../../src/session/authenticator.ts";
import type { Actor } from "../../../src/session/actor.ts";
import { issueToken } from "../../../src/session/token.ts";
import type { Session } from "../../../src/session/token.ts";
import * as accounts from "../../../src/store/organizations/accounts.ts";
import { roomyCaches } from "../../../src/store/sql/cache/budget.ts";
import { openDatabase } from "../../../src/store/open.ts";
import type { Database } from "../../../src/store/sql/database.ts";
import * as roles from "../../../src/store/iam/roles.ts";
import { sessionOf } from "../../harness/session.ts";

const account = "111122223333";
const ring = new KeyRing(createRing("tokens", 0));
const issuer = "AROAEXAMPLE";
const now = 1_800_000_000_000;
let database: Database;

beforeAll(async () => {
  database = await openDatabase({ sqlite: ":memory:" });
  await database.write(async (tx) => {
    await accounts.create(tx, { id: account, name: "a", partition: "aws", createdAt: 1 });
    const trust = { trustPolicy: "{}", trustBindings: {}, maxSessionDuration: 3600 };
    await roles.create(tx, { id: issuer, account, name: "role", path: "/", createdAt: 1, ...trust });
  });
});
afterAll(() => database.close());

/** As much as a token carries. */
const fifty: Session["tags"] = Array.from({ length: 50 }, (_, index) => ({
  key: `${index}`.padEnd(128, "k"),
  value: "v".repeat(256),
  transitive: true,
}));

function session(name: string, more: Partial<Session> = {}): Session {
  return sessionOf({
    account,
    accessKeyId: `ASIA${name.padStart(16, "A")}`,
    secretAccessKey: "s".repeat(40),
    issuer: { id: issuer },
    sessionName: name,
    issuedAt: now,
    sessionId: `session-${name}`,
    ...more,
  });
}

const claim = async (authenticator: Authenticator, token: string, { accessKeyId }: Session, at = now) =>
  database.read(async (tx) => authenticator.claimant(tx, accessKeyId, token, at));

test("a session that is used all the time is opened once, whatever else is opened", async () => {
  const authenticator = new Authenticator(ring, ring);
  const hot = session("hot");
  const token = issueToken(ring, hot);
  await claim(authenticator, token, hot);
  await claim(authenticator, token, hot);
  const open = vi.spyOn(ring, "open");
  const storm = 600;
  for (let index = 0; index < storm; index++) {
    const large = session(`${index}`, { tags: fifty });
    await claim(authenticator, issueToken(ring, large), large);
    if (index % 200 === 0) await claim(authenticator, token, hot);
  }
  expect(open).toHaveBeenCalledTimes(storm);
  await claim(authenticator, token, hot);
  expect(open).toHaveBeenCalledTimes(storm);
  open.mockRestore();
  expect(authenticator.cachedSessions).toBeLessThan(200);
});

test("sessions that have expired go", async () => {
  const authenticator = new Authenticator(ring, ring);
  for (let index = 0; index < 100; index++) {
    const passing = session(`${index}`);
    await claim(authenticator, issueToken(ring, passing), passing);
  }
  expect(authenticator.cachedSessions).toBe(100);
  const later = session("later", { expiresAt: now + 7_200_000 });
  await claim(authenticator, issueToken(ring, later), later, now + 3_600_000);
  expect(authenticator.cachedSessions).toBe(1);
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const heap = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};

/** Small ones are many, so that what else happens in the heap does not matter. */
test.each([
  ["bare", 800, {}],
  ["with a session policy", 80, { policy: policyText(200) }],
  ["with fifty tags", 80, { tags: fifty }],
  [
    "with tags of two bytes a character",
    80,
    { tags: fifty.slice(0, 15).map((tag) => ({ ...tag, value: "字".repeat(256) })) },
  ],
] as const)("a session %s is held to take about what it takes", async (_, count, more) => {
  // What is compiled and kept with the first of its kind is none of a session's.
  await open(new Authenticator(ring, ring), 10, more);
  const authenticator = new Authenticator(ring, ring);
  const before = heap();
  const callers = await open(authenticator, count, more);
  const taken = heap() - before;
  expect(authenticator.cachedSessions).toBe(count);
  expect(authenticator.sessionBytes).toBeGreaterThan(taken);
  expect(authenticator.sessionBytes).toBeLessThan(12 * taken);
  expect(callers).toHaveLength(count);
});

/** Sessions that are opened, and decided about. */
async function open(authenticator: Authenticator, count: number, more: object): Promise<Actor[]> {
  const callers: Actor[] = [];
  for (let index = 0; index < count; index++) {
    const one = session(`${index}`, more);
    const { caller } = await claim(authenticator, issueToken(ring, one), one);
    const request = {
      now,
      sourceIp: "::1",
      userAgent: "a",
      referer: undefined,
      secure: true,
      region: "us-east-1",
      effort: new Effort(),
    };
    const requirement = { action: "s3:GetObject", resource: "*", resourceAccount: account };
    const sources = { caller, request, requirement, callerOrganization: null, resourceOrganization: null };
    contextKeys(sources);
    callers.push(caller);
  }
  return callers;
}

test("ever new session policies take no more than their share, counted as what they become", async () => {
  const { policies } = new Authorizer(loadAwsManagedPolicies());
  const before = heap();
  for (let index = 0; index < 400; index++) {
    const one = session(`${index}`, { policy: policyText(200, index) });
    await database.read(async (tx) => policies.of(tx, { entity: null, session: one }));
  }
  const taken = heap() - before;
  expect(policies.sessionPolicies.bytes).toBeLessThanOrEqual(roomyCaches.sessionPolicies);
  // They are in the memory of compiled texts, too.
  expect(taken).toBeLessThan(roomyCaches.sessionPolicies + 8_000_000);
});

test("policies of one text are counted once, however many sessions have them", async () => {
  const { policies } = new Authorizer(loadAwsManagedPolicies());
  for (let index = 0; index < 1000; index++) {
    const one = session(`${index}`, { policy: policyText(200) });
    await database.read(async (tx) => policies.of(tx, { entity: null, session: one }));
  }
  expect(policies.sessionPolicies.size).toBe(1000);
});

/** Short patterns, which take the most memory for their length. */
function policyText(patterns: number, index = 0): string {
  const list = Array.from({ length: patterns }, (_, at) => `${at}*${index}`);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: list }],
  });
}
