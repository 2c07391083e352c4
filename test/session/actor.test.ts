/** What each kind of actor is in decisions, in the trail and in the books. A further kind does not compile without a row. */
import { describe, expect, test } from "vitest";
import { contextKeys } from "../../src/authorization/context-keys.ts";
import { Effort } from "../../src/policy/effort.ts";
import { payerOf } from "../../src/session/actor.ts";
import type { Actor, Entity, SessionHolder } from "../../src/session/actor.ts";
import { lineageOf } from "../../src/session/lineage.ts";
import { passwordActor, principalArn, roleActor, userActor } from "../../src/session/principal.ts";
import type { Session } from "../../src/session/token.ts";
import { foreignIdentity, isFromConsole, userIdentity } from "../../src/trail/identity.ts";

const account = "111122223333";
const outside = { account, partition: "aws", entity: null, session: null, tags: [] } as const;
const nothingAsserted = { tags: [], sourceIdentity: undefined, longest: undefined, lasting: {} };
const oidc = `arn:aws:iam::${account}:oidc-provider/issuer.example`;
const saml = `arn:aws:iam::${account}:saml-provider/idp`;
const anchor = `arn:aws:rolesanywhere:us-east-1:${account}:trust-anchor/ta-1`;

function entity(kind: Entity["kind"], id: string): Entity {
  const arn = `arn:aws:iam::${account}:${kind}/x`;
  return { kind, id, account, name: "x", path: "/", arn, tags: [], boundaryArn: null, serviceLinked: false };
}

const session = {
  kind: "role",
  account,
  accessKeyId: "ASIA1",
  sessionName: "job",
  issuedAt: Date.UTC(2026, 0, 2),
  tags: [],
  policyArns: [],
  chainDepth: 1,
  sessionId: "0011223344556677",
  originId: "8899aabbccddeeff",
  origin: { arn: `arn:aws:iam::${account}:user/ann`, id: "AIDA2" },
  context: { "aws:FederatedProvider": oidc, "issuer.example:sub": "repo" },
} as unknown as Session;
const worn = roleActor(entity("role", "AROA1"), "aws", session);

const sessionContext = {
  sessionIssuer: {
    type: "Role",
    principalId: "AROA1",
    arn: `arn:aws:iam::${account}:role/x`,
    accountId: account,
    userName: "x",
  },
  webIdFederationData: { federatedProvider: oidc, attributes: {} },
  attributes: { creationDate: "2026-01-02T00:00:00Z", mfaAuthenticated: "false" },
};
const wornIdentity = {
  type: "AssumedRole",
  principalId: "AROA1:job",
  arn: `arn:aws:sts::${account}:assumed-role/x/job`,
  accountId: account,
};
const wornForeign = { type: "AWSAccount", principalId: "AROA1:job", accountId: account };
const wornKeys = {
  "aws:userid": "AROA1:job",
  "aws:principaltype": "AssumedRole",
  "aws:principalarn": `arn:aws:iam::${account}:role/x`,
  "aws:principalaccount": account,
  "aws:principalisawsservice": "false",
  "aws:federatedprovider": oidc,
  "issuer.example:sub": "repo",
};

interface Expectation<A extends Actor> {
  readonly actor: A;
  readonly payer: string;
  readonly arn: string;
  /** CloudTrail User Guide, "CloudTrail userIdentity element". */
  readonly identity: object;
  readonly foreign: object;
  /** Who stands behind the sessions that it puts on. */
  readonly origin: Session["origin"];
  /** Context keys of the principal; undefined where there must be none. */
  readonly keys: Readonly<Record<string, unknown>>;
}

type Cases = { readonly [Kind in Actor["kind"]]: Expectation<Extract<Actor, { kind: Kind }>> };

const cases: Cases = {
  key: {
    actor: userActor(entity("user", "AIDA1"), "aws", "AKIA1", null) as Cases["key"]["actor"],
    payer: "AIDA1",
    arn: `arn:aws:iam::${account}:user/x`,
    identity: {
      type: "IAMUser",
      principalId: "AIDA1",
      arn: `arn:aws:iam::${account}:user/x`,
      accountId: account,
      accessKeyId: "AKIA1",
      userName: "x",
    },
    foreign: { type: "AWSAccount", principalId: "AIDA1", accountId: account },
    origin: { arn: `arn:aws:iam::${account}:user/x`, id: "AIDA1" },
    keys: {
      "aws:userid": "AIDA1",
      "aws:principaltype": "User",
      "aws:username": "x",
      "aws:tokenissuetime": undefined,
      "aws:multifactorauthpresent": undefined,
    },
  },
  session: {
    actor: worn,
    payer: "AROA1",
    arn: worn.principal.type === "RoleSession" ? worn.principal.arn : "",
    identity: { ...wornIdentity, accessKeyId: "ASIA1", sessionContext },
    foreign: wornForeign,
    origin: session.origin,
    keys: wornKeys,
  },
  console: {
    actor: console(worn),
    payer: "AROA1",
    arn: `arn:aws:sts::${account}:assumed-role/x/job`,
    identity: { ...wornIdentity, sessionContext },
    foreign: wornForeign,
    origin: session.origin,
    keys: wornKeys,
  },
  password: {
    actor: passwordActor(entity("user", "AIDA1"), "aws", 5),
    payer: "AIDA1",
    arn: `arn:aws:iam::${account}:user/x`,
    identity: {
      type: "IAMUser",
      principalId: "AIDA1",
      arn: `arn:aws:iam::${account}:user/x`,
      accountId: account,
      userName: "x",
    },
    foreign: { type: "AWSAccount", principalId: "AIDA1", accountId: account },
    origin: { arn: `arn:aws:iam::${account}:user/x`, id: "AIDA1" },
    keys: {
      "aws:userid": "AIDA1",
      "aws:username": "x",
      "aws:tokenissuetime": undefined,
      "aws:multifactorauthpresent": undefined,
    },
  },
  webIdentity: {
    actor: {
      ...outside,
      kind: "webIdentity",
      principal: { type: "WebIdentity", provider: oidc, account },
      subject: "repo",
      audience: "sts",
      authorizedByProvider: false,
      connectionVerification: undefined,
      asserted: nothingAsserted,
      claims: { "issuer.example:sub": "repo", "issuer.example:amr": ["a", "b"], "aws:PrincipalAccount": "forged" },
    },
    payer: `${account} ${oidc}`,
    arn: oidc,
    identity: {
      type: "WebIdentityUser",
      principalId: `${oidc}:sts:repo`,
      userName: "repo",
      identityProvider: oidc,
    },
    foreign: { type: "WebIdentityUser", principalId: `${oidc}:sts:repo`, userName: "repo", identityProvider: oidc },
    origin: { arn: oidc, id: `${oidc}:sts:repo` },
    keys: {
      "aws:userid": oidc,
      "aws:principaltype": "User",
      "aws:principalaccount": account,
      "aws:principalarn": undefined,
      "issuer.example:sub": "repo",
      "issuer.example:amr": ["a", "b"],
      "aws:multifactorauthpresent": undefined,
    },
  },
  saml: {
    actor: {
      ...outside,
      kind: "saml",
      principal: { type: "SAML", provider: saml, account },
      subject: "ann",
      subjectType: "persistent",
      issuer: "https://idp.example.com/saml",
      audience: "https://signin.aws.amazon.com/saml",
      sessionName: "ann",
      assertion: { id: "_1", providerId: "SAMLSP1", usableUntil: 0 },
      nameQualifier: "hash=",
      asserted: nothingAsserted,
      claims: { "saml:sub": "ann", "SAML:aud": "urn:amazon:webservices" },
    },
    payer: `${account} ${saml}`,
    arn: saml,
    identity: { type: "SAMLUser", principalId: "hash=:ann", userName: "ann", identityProvider: "hash=" },
    foreign: { type: "SAMLUser", principalId: "hash=:ann", userName: "ann", identityProvider: "hash=" },
    origin: { arn: saml, id: "hash=:ann" },
    keys: {
      "aws:userid": saml,
      "aws:principaltype": "User",
      "aws:principalarn": undefined,
      "saml:sub": "ann",
      "saml:aud": "urn:amazon:webservices",
    },
  },
  certificate: {
    actor: {
      ...outside,
      kind: "certificate",
      principal: { type: "Service", service: "rolesanywhere.amazonaws.com" },
      anchor,
      subject: "CN=host",
      serialNumber: "0A",
      tags: [{ key: "x509Subject/CN", value: "host" }],
      claims: { "aws:SourceArn": anchor, "aws:SourceAccount": account },
    },
    payer: anchor,
    arn: "rolesanywhere.amazonaws.com",
    identity: { type: "AWSService", invokedBy: "rolesanywhere.amazonaws.com" },
    foreign: { type: "AWSService", invokedBy: "rolesanywhere.amazonaws.com" },
    origin: { arn: anchor, id: "CN=host:0A" },
    keys: {
      "aws:principalisawsservice": "true",
      "aws:principalservicename": "rolesanywhere.amazonaws.com",
      "aws:principalaccount": undefined,
      "aws:userid": undefined,
      "aws:principaltag/x509subject/cn": "host",
      "aws:sourcearn": anchor,
      "aws:sourceaccount": account,
    },
  },
  service: {
    actor: {
      ...outside,
      kind: "service",
      principal: { type: "Service", service: "ec2.amazonaws.com" },
      claims: {},
    },
    payer: `${account} ec2.amazonaws.com`,
    arn: "ec2.amazonaws.com",
    identity: { type: "AWSService", invokedBy: "ec2.amazonaws.com" },
    foreign: { type: "AWSService", invokedBy: "ec2.amazonaws.com" },
    origin: { arn: "ec2.amazonaws.com", id: "ec2.amazonaws.com" },
    keys: {
      "aws:principalisawsservice": "true",
      "aws:principalservicename": "ec2.amazonaws.com",
      "aws:principaltype": undefined,
      "aws:principalarn": undefined,
      "aws:userid": undefined,
    },
  },
};

/** The same hat, worn in a browser. */
function console({ accessKeyId: _key, ...rest }: SessionHolder): Cases["console"]["actor"] {
  return { ...rest, kind: "console" };
}

describe.each(Object.entries(cases))(
  "an actor of the kind %s",
  (kind, { actor, payer, arn, identity, foreign, origin, keys }) => {
    test("is charged as", () => expect(payerOf(actor)).toBe(payer));

    test("is called", () => expect(principalArn(actor)).toBe(arn));

    test("stands in the trail of its account", () => {
      expect(JSON.parse(JSON.stringify(userIdentity(actor)))).toEqual(identity);
      expect(isFromConsole(actor)).toBe(kind === "console");
    });

    test("stands in the trail of another account", () => expect(foreignIdentity(actor)).toEqual(foreign));

    test("stands behind the sessions that it puts on", () => {
      const parent = kind === "session" || kind === "console" ? session : null;
      expect(lineageOf(actor)).toEqual({ parent, origin });
    });

    test("brings context keys", () => {
      const context = contextKeys({
        caller: actor,
        request: {
          now: Date.UTC(2026, 0, 3),
          sourceIp: "192.0.2.1",
          userAgent: undefined,
          referer: undefined,
          secure: true,
          region: "us-east-1",
          effort: new Effort(),
        },
        requirement: { action: "sts:AssumeRole", resourceAccount: account },
        callerOrganization: null,
        resourceOrganization: null,
      });
      for (const [key, value] of Object.entries(keys)) expect(context.get(key), key).toEqual(value);
    });
  },
);
