import { describe, expect, it } from "vitest";
import { contextKeys } from "../../src/authorization/context-keys.ts";
import type { ContextSources } from "../../src/authorization/context-sources.ts";
import type { OperationKeys, Requirement } from "../../src/authorization/requirement.ts";
import { contextKeys as table, knownContextKey } from "../../src/policy/context-key.ts";
import type { ContextKey } from "../../src/policy/context-key.ts";
import { Effort } from "../../src/policy/effort.ts";
import type { Actor, Entity } from "../../src/session/actor.ts";
import { assumedRootContext } from "../../src/session/assumed-root.ts";
import { roleActor, rootActor, userActor } from "../../src/session/principal.ts";
import { sessionOf } from "../harness/session.ts";

const account = "111122223333";

const entity = (kind: "user" | "role"): Entity => ({
  kind,
  id: kind === "user" ? "AIDA1" : "AROA1",
  account,
  name: "ann",
  path: "/",
  arn: `arn:aws:iam::${account}:${kind}/ann`,
  boundaryArn: null,
  tags: [{ key: "team", value: "a" }],
  serviceLinked: false,
});

const session = sessionOf({
  account,
  issuedAt: 1_699_999_000_000,
  expiresAt: 1_700_003_600_000,
  mfaAt: 1_699_999_000_000,
  sourceIdentity: "ann",
  delegation: { account: "444455556666", requestId: "00000000-0000-4000-8000-000000000000" },
});

const user = userActor(entity("user"), "aws", "AKIA1", null);
const roleSession = roleActor(entity("role"), "aws", session);
const assumedRoot = rootActor(account, "aws", "ASIA1", {
  ...session,
  kind: "user",
  issuer: { id: account },
  context: assumedRootContext,
});
/** No service calls yet: what is known of one follows from the principal alone. */
const service: Actor = {
  kind: "service",
  principal: { type: "Service", service: "a.amazonaws.com" },
  account,
  partition: "aws",
  entity: null,
  session: null,
  tags: [],
  claims: {},
};

/** Whom an assertion with everything names. */
const saml: Actor = {
  kind: "saml",
  principal: { type: "SAML", provider: `arn:aws:iam::${account}:saml-provider/idp`, account },
  account,
  partition: "aws",
  entity: null,
  session: null,
  tags: [],
  subject: "ann",
  subjectType: "persistent",
  issuer: "https://idp.example.com/saml",
  audience: "https://signin.aws.amazon.com/saml",
  nameQualifier: "hash=",
  sessionName: "ann",
  assertion: { id: "_1", providerId: "SAMLSP1", usableUntil: 0 },
  asserted: { tags: [], sourceIdentity: undefined, longest: undefined, lasting: {} },
  claims: Object.fromEntries(
    Object.entries(table).flatMap(([key, { source, values }]) =>
      source === "proof" ? [[key, values === "many" ? ["x"] : "x"]] : [],
    ),
  ),
};

const operationKeys: Required<OperationKeys> = {
  "iam:AccountPropertyNamespaces": ["RoleManager"],
  "iam:AssociatedResourceArn": "arn:aws:ec2:*:111122223333:instance/*",
  "iam:AWSServiceName": "role-manager.iam.amazonaws.com",
  "iam:PassedToService": "ec2.amazonaws.com",
  "iam:DelegationDuration": "3600",
  "iam:DelegationRequestOwner": "arn:aws:iam::111122223333:user/ann",
  "iam:NotificationChannel": "arn:aws:sns:us-east-1:111122223333:t",
  "iam:TemplateArn": "arn:aws:iam::111122223333:policy/T",
  "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/P",
  "iam:ServiceSpecificCredentialAgeDays": "30",
  "iam:ServiceSpecificCredentialServiceName": "codecommit.amazonaws.com",
  "iam:PolicyARN": "arn:aws:iam::aws:policy/P",
  "sts:DurationSeconds": "300",
  "sts:ExternalId": "x",
  "sts:IdentityTokenAudience": ["https://api.example.com"],
  "sts:RoleAuthorizedByIdp": "true",
  "sts:RoleSessionName": "job",
  "sts:SigningAlgorithm": "ES384",
  "sts:SourceIdentity": "ann",
  "sts:TaskPolicyArn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
  "sts:TransitiveTagKeys": ["team"],
};

function sources(requirement: Partial<ContextSources["requirement"]>, caller: Actor = user): ContextSources {
  return {
    caller,
    request: {
      now: 1_700_000_000_000,
      sourceIp: "192.0.2.1",
      userAgent: "agent",
      referer: "there",
      secure: true,
      region: "r-1",
      effort: new Effort(),
    },
    requirement: {
      action: "a:b",
      resourceAccount: account,
      resourceTags: [{ key: "team", value: "a" }],
      requestTags: [{ key: "team", value: "a" }],
      ...requirement,
    },
    callerOrganization: { id: "o-1", path: "o-1/r-1/" },
    resourceOrganization: { id: "o-2", path: "o-2/r-1/" },
  };
}

const roleSessionSources = sources({}, roleSession);

/** Everybody of whom there is something to know, and all that an operation can give. */
const everything = [user, roleSession, assumedRoot, service, saml].map((caller) =>
  sources({ context: operationKeys, action: "iam:Do" }, caller),
);

/** The key of the table that a folded name is, with its tag. */
const nameOf = (folded: string) => knownContextKey(folded)?.name;

describe("the table of context keys", () => {
  const found = new Map(everything.flatMap((one) => [...contextKeys(one).entries()]));

  it("has every key that is gathered", () => {
    expect([...found.keys()].filter((key) => nameOf(key) === undefined)).toEqual([]);
  });

  it("has no key that nothing gathers, but for those that services outside alone know", () => {
    const gathered = new Set([...found.keys()].map(nameOf));
    const absent = (Object.keys(table) as ContextKey[]).filter((key) => !gathered.has(key));
    expect(absent).toEqual((Object.keys(table) as ContextKey[]).filter((key) => table[key].setBy === "service"));
  });

  it("says how many values there are", () => {
    for (const [key, value] of found) {
      expect(typeof value === "string" ? "one" : "many", key).toBe(knownContextKey(key)!.values);
    }
  });

  it("takes from an operation only what it says comes from operations", () => {
    const requirement = { action: "a:b", resource: "*", resourceAccount: account };
    // @ts-expect-error: an operation that gives a key without a row does not compile.
    const unknown: Requirement = { ...requirement, context: { "iam:NoSuchKey": "x" } };
    // @ts-expect-error: nor one that says who the caller is.
    const forged: Requirement = { ...requirement, context: { "aws:PrincipalArn": "x" } };
    // @ts-expect-error: nor one that gives a list where there is one value.
    const list: Requirement = { ...requirement, context: { "sts:ExternalId": ["x"] } };
    expect([unknown, forged, list]).toHaveLength(3);
  });
});

describe("what others say", () => {
  it.each(everything)("lies under everything that rolecall knows, whichever key it is", (one) => {
    const known = new Map(contextKeys(one).entries());
    expect(known.size).toBeGreaterThan(15);
    const forged = [...known.keys()].map((key): [string, string] => [key, "forged"]);
    const given = new Map(forged);
    expect(new Map(contextKeys({ ...one, requirement: { ...one.requirement, given } }).entries())).toEqual(known);
  });

  it("lies under it also where a session brought it", () => {
    const { caller } = roleSessionSources;
    const known = new Map(contextKeys(roleSessionSources).entries());
    const context = Object.fromEntries([...known.keys()].map((key) => [key, "forged"]));
    const forged = roleActor(caller.entity!, "aws", { ...caller.session!, context });
    expect(new Map(contextKeys({ ...roleSessionSources, caller: forged }).entries())).toEqual(known);
  });

  it("fills no key of the table that is absent, also where a session brought it", () => {
    const { mfaAt: _, sourceIdentity: _identity, ...bare } = session;
    const own = (Object.keys(table) as ContextKey[]).filter((key) => table[key].source !== "proof");
    const names = own.map((key) => key.replace("${TagKey}", "forged"));
    const context = Object.fromEntries(names.map((key) => [key, "forged"]));
    const forged = sources({}, roleActor(entity("role"), "aws", { ...bare, context }));
    const without = sources({}, roleActor(entity("role"), "aws", bare));
    expect(contextKeys(without).get("aws:multifactorauthage")).toBeUndefined();
    expect(new Map(contextKeys(forged).entries())).toEqual(new Map(contextKeys(without).entries()));
  });

  it("is there where a session brings a name of its own", () => {
    const { caller } = roleSessionSources;
    const bringing = roleActor(caller.entity!, "aws", { ...caller.session!, context: { "SAML:sub": "someone" } });
    expect(contextKeys({ ...roleSessionSources, caller: bringing }).get("saml:sub")).toBe("someone");
  });

  it("is there where rolecall knows nothing", () => {
    expect(contextKeys(sources({ given: new Map([["shop:colour", "red"]]) })).get("shop:colour")).toBe("red");
  });
});
