import { describe, expect, it } from "vitest";
import type { Verdict } from "../../src/authorization/authorizer.ts";
import { contextKeys } from "../../src/authorization/context-keys.ts";
import { RequestContext } from "../../src/authorization/request-context.ts";
import type { Requirement } from "../../src/authorization/requirement.ts";
import { compile } from "../../src/policy/index.ts";
import type { Actor, Entity } from "../../src/session/actor.ts";
import { federatedActor, roleActor, rootActor, userActor } from "../../src/session/principal.ts";
import { Effort } from "../../src/policy/effort.ts";
import type { Session } from "../../src/session/token.ts";
import { services } from "../../src/services/services.ts";
import { trailRecords } from "../../src/trail/record.ts";
import type { CallFacts } from "../../src/trail/facts.ts";
import { readSidecar } from "../../src/trail/sidecar.ts";
import { account, factsOf } from "../harness/call-facts.ts";
import { sessionOf } from "../harness/session.ts";
import { referenceEvent, referenceSidecar } from "./record.reference.ts";

const other = "444455556666";
const now = Date.UTC(2026, 0, 2, 15, 4, 5, 678);

/** Texts that JSON must escape, or that only look as if. */
const nasty = [
  'quote " and \\ backslash',
  "line\nfeed \u0000\u001f\u007f",
  "lone \ud800 surrogate",
  "\u2028 ü 漢 🎩",
  "",
];

const entity = (kind: Entity["kind"]): Entity => ({
  kind,
  id: kind === "role" ? "AROA1" : "AIDA1",
  account,
  name: "na,me",
  path: "/p/",
  arn: `arn:aws:iam::${account}:${kind}/p/na,me`,
  tags: [{ key: "Team", value: nasty[3]! }],
  boundaryArn: null,
  serviceLinked: false,
});

const session = (more: Partial<Session> = {}): Session =>
  sessionOf({
    secretAccessKey: "very secret",
    issuedAt: now - 60_000,
    expiresAt: now + 60_000,
    tags: [{ key: "a", value: nasty[0]!, transitive: true }],
    origin: { arn: `arn:aws:iam::${account}:user/alice`, id: "AIDA1" },
    context: { "saml:sub": nasty[4]!, "saml:groups": ["x", nasty[2]!] },
    ...more,
  });

const callers: Readonly<Record<string, Actor>> = {
  root: rootActor(account, "aws", "AKIA0", null),
  user: userActor(entity("user"), "aws", "AKIA1", null),
  "user with MFA": userActor(entity("user"), "aws", "ASIA2", session({ kind: "user", mfaAt: now - 5000 })),
  "role session": roleActor(
    entity("role"),
    "aws",
    session({ parentId: "8899aabbccddeeff", sourceIdentity: nasty[3]! }),
  ),
  "federated user": federatedActor(entity("user"), account, "aws", session({ kind: "federated" })),
};

function verdict(caller: Actor, requirement: Partial<Requirement>): Verdict {
  const asked = { action: "iam:GetRole", resource: `arn:${nasty[0]}`, resourceAccount: account, ...requirement };
  const request = {
    now,
    sourceIp: "198.51.100.7",
    userAgent: nasty[1]!,
    referer: undefined,
    secure: true,
    region: "us-east-1",
    effort: new Effort(),
  };
  return {
    requirement: asked,
    decision: { outcome: "Allowed", allowed: true, layer: "identity", statements: [] },
    context: contextKeys({
      caller,
      request,
      requirement: asked,
      callerOrganization: { id: "o-1", path: "o-1/r-1/" },
      resourceOrganization: null,
    }),
    caller,
    policies: { identity: [], boundaries: null, session: null, resource: asked.resourcePolicy ?? null },
  };
}

const { iam, sts, rolecall } = services;

function facts(more: Partial<CallFacts>): CallFacts {
  const operation = iam.recorded(iam.codec.contract.operations["GetRole"]!);
  return factsOf({ now, operation, userAgent: "aws-cli/2", additional: undefined, ...more });
}

const trust = compile('{"Version":"2012-10-17","Statement":[]}', "trust");

/** With a key of its own that the caller has too. */
function overBase(one: Verdict): Verdict {
  const { base, own } = one.context;
  return { ...one, context: new RequestContext(base, new Map([...own, ["aws:viaawsservice", "true"]])) };
}

const calls: Readonly<Record<string, Partial<CallFacts>>> = {
  "nobody's": {
    claimedAccessKeyId: nasty[0]!,
    input: null,
    fault: { code: "InvalidClientTokenId", message: nasty[1]! },
  },
  "nobody's without a key": { userAgent: undefined, operation: rolecall.recorded(null) },
  "over TLS": { secure: true, host: nasty[0]! },
  "over TLS without a host": { secure: true },
  ...Object.fromEntries(
    nasty.map((text, index) => [`odd text ${index}`, { userAgent: text, region: text, sourceIp: text }]),
  ),
  "a change": {
    operation: iam.recorded(iam.codec.contract.operations["CreateRole"]!),
    input: {
      RoleName: nasty[0],
      Missing: undefined,
      Tags: [{ Key: nasty[1], Value: nasty[2] }, {}],
      Password: "x",
      Nested: { deep: [1, 1.5, true, null, [], {}], TokenCode: "1", Blob: new Uint8Array(3) },
    },
    output: { Role: { CreateDate: new Date(now), Arn: nasty[3] }, SecretAccessKey: "x" },
  },
  ...Object.fromEntries(Object.entries(callers).map(([name, caller]) => [`of a ${name}`, { caller }])),
  ...Object.fromEntries(
    Object.entries(callers).map(([name, caller]) => [
      `of a ${name}, with requirements`,
      {
        caller,
        verdicts: [
          verdict(caller, {}),
          verdict(caller, {
            resourceTags: [{ key: nasty[0]!, value: nasty[1]! }],
            requestTags: [{ key: "K", value: "v" }],
          }),
        ],
      },
    ]),
  ),
  AssumeRole: {
    operation: sts.recorded(sts.codec.contract.operations["AssumeRole"]!),
    caller: callers["user"]!,
    output: { Credentials: { AccessKeyId: "ASIA9", SessionToken: "x", Expiration: new Date(now) } },
    verdicts: [
      verdict(callers["user"]!, {
        action: "sts:AssumeRole",
        resourcePolicy: trust,
        context: { "sts:ExternalId": nasty[0] },
      }),
    ],
    additional: { issuedSession: { sessionId: "1", chainDepth: 0 } },
  },
  "Authorize, about another caller": {
    operation: rolecall.recorded(rolecall.codec.contract.operations["Authorize"]!),
    caller: callers["role session"]!,
    verdicts: [verdict(callers["role session"]!, {})],
    asked: [overBase(verdict(callers["user"]!, { given: new Map([["odd", ["a", nasty[1]!]]]) }))],
    additional: { verified: true, nothing: undefined },
  },
};

describe("the text of a record means what a plain builder says", () => {
  it.each(Object.entries(calls))("%s", (_, more) => {
    const call = facts(more);
    const [record] = trailRecords(call, { uuid: () => "other" });
    // Twice: the second time what belongs to the caller comes out of memory.
    const [again] = trailRecords(call, { uuid: () => "other" });
    expect(again).toEqual(record);
    expect(record!.text).not.toContain("\n");
    expect(JSON.parse(record!.text)).toEqual(referenceEvent(call, { eventId: "event", account }));
    expect(record!.private === null ? null : readSidecar(record!.private)).toEqual(referenceSidecar(call));
    expect(record!.text + record!.private).not.toContain("very secret");
  });

  it("also in the other account's record", () => {
    const caller = callers["role session"]!;
    const call = facts({ caller, verdicts: [verdict(caller, { action: "sts:AssumeRole", resourceAccount: other })] });
    const uuids = ["shared", "foreign"];
    const [own, foreign] = trailRecords(call, { uuid: () => uuids.shift()! });
    expect(JSON.parse(own!.text)).toEqual(referenceEvent(call, { eventId: "event", account, shared: "shared" }));
    const place = { eventId: "foreign", account: other, shared: "shared", foreign: true };
    expect(JSON.parse(foreign!.text)).toEqual(referenceEvent(call, place));
    expect(foreign!.private).toBeNull();
  });
});

describe("what the requirements of one call share", () => {
  const caller = callers["role session"]!;
  const about = callers["user"]!;
  const long = "x".repeat(10_000);
  const asked = verdict(about, { given: new Map([["shop:long", long]]) });
  const hundred = Array.from({ length: 100 }, (_, index) => ({
    ...asked,
    requirement: { ...asked.requirement, resource: `arn:aws:shop:::${index}` },
  }));

  it.each([
    ["allowed", hundred],
    [
      "denied",
      hundred.map((one) => ({
        ...one,
        decision: { outcome: "ImplicitlyDenied" as const, allowed: false, layer: "identity" as const, statements: [] },
      })),
    ],
  ])("is written once, where all is %s", (_, verdicts) => {
    const [record] = trailRecords(facts({ caller, asked: verdicts }), { uuid: () => "other" });
    const text = record!.private!;
    expect(text.split(long)).toHaveLength(2);
    expect(text.length).toBeLessThan(30_000);
    const { requirements } = readSidecar(text);
    expect(requirements).toHaveLength(100);
    for (const { context, asked: who } of requirements) {
      expect(context["shop:long"]).toBe(long);
      expect(who?.principal).toEqual(about.principal);
    }
  });
});

describe("a context in layers", () => {
  it("gives the request's own keys before the caller's, each once", () => {
    const { context } = overBase(verdict(callers["user"]!, {}));
    expect(context.get("aws:viaawsservice")).toBe("true");
    expect([...context.entries()].filter(([key]) => key === "aws:viaawsservice")).toEqual([
      ["aws:viaawsservice", "true"],
    ]);
    expect(context.get("aws:username")).toBe("na,me");
    expect(context.get("aws:absent")).toBeUndefined();
  });

  it("forgets a caller's organization when it moves", () => {
    const sources = {
      caller: callers["user"]!,
      request: {
        now,
        sourceIp: undefined,
        userAgent: undefined,
        referer: undefined,
        secure: undefined,
        region: "r",
        effort: new Effort(),
      },
      requirement: { action: "a:b", resource: "*", resourceAccount: account },
      resourceOrganization: null,
    };
    const before = contextKeys({ ...sources, callerOrganization: { id: "o-1", path: "o-1/" } });
    const later = contextKeys({ ...sources, callerOrganization: null });
    expect(before.get("aws:principalorgid")).toBe("o-1");
    expect(later.get("aws:principalorgid")).toBeUndefined();
  });
});
