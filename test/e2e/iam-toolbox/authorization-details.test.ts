import { beforeAll, describe, expect, it } from "vitest";
import { authorizationIdOf } from "../../../src/clock/authorization-id.ts";
import { contracts } from "../../../src/contracts/contracts.ts";
import type { IamToolboxOperations } from "../../../src/contracts/iam-toolbox/contract.ts";
import { sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { rest, restFaultOf, send } from "../../harness/http.ts";
import type { Received } from "../../harness/http.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { accountA, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { trailEvents } from "../../harness/trail-events.ts";

type Details = IamToolboxOperations["GetRequestAuthorizationDetails"]["output"];

const { GetRequestAuthorizationDetails, GetRequestAuthorizationPolicy } = contracts["iam-toolbox"].operations;

function ask({ keys }: Caller, authorizationId: string, nextToken?: string): Promise<Received> {
  const input = { authorizationId, ...(nextToken === undefined ? {} : { nextToken }) };
  return rest(world.url, keys, GetRequestAuthorizationDetails, input, { service: "iam" });
}

async function detailsFor(who: Caller, authorizationId: string): Promise<Details> {
  const { status, body } = await ask(who, authorizationId);
  expect({ status, body }).toMatchObject({ status: 200 });
  return JSON.parse(body) as Details;
}

function policy({ keys }: Caller, authorizationId: string, policyUri: string): Promise<Received> {
  return rest(world.url, keys, GetRequestAuthorizationPolicy, { authorizationId, policyUri }, { service: "iam" });
}

interface Refused {
  readonly message: string;
  readonly $metadata: { readonly requestId: string };
}

async function refused(call: Promise<unknown>): Promise<Refused> {
  return call.then(
    () => expect.fail("it was not refused"),
    (error: unknown) => error as Refused,
  );
}

async function idOf(call: Promise<unknown>): Promise<string> {
  return (await refused(call)).message.split("authorization id: ")[1]!;
}

let world: World;

describe.each([
  ["in memory", null],
  ["on disk", dataDirectory()],
])("IAM Toolbox with a trail %s", (_name, trail) => {
  const start = starter();
  beforeAll(async () => {
    world = await startWorld(start, { dataDirectory: trail, wayToAsk: { console: null } });
  });

  it("tells by the id of a refusal what was evaluated, by the policies of that moment", async () => {
    const reader = await world.user(world.a, "reader", allow("iam:GetRequestAuthorization*"));
    const bob = await world.user(world.a, "bob", allow("iam:Get*"), { ...deny("iam:GetUser"), Sid: "NoUsers" });
    // As it is kept: a list of one for a lone text.
    const PolicyDocument = document(deny(["iam:GetUser"], [arn(accountA, "user/other")]));
    const { Policy } = await world.a.iam.createPolicy({ PolicyName: "no", PolicyDocument });
    await world.a.iam.attachUserPolicy({ UserName: "bob", PolicyArn: Policy!.Arn });
    const PermissionsBoundary = "arn:aws:iam::aws:policy/PowerUserAccess";
    await world.a.iam.putUserPermissionsBoundary({ UserName: "bob", PermissionsBoundary });
    const id = await idOf(bob.iam.getUser({ UserName: "other" }));
    const details = await detailsFor(reader, id);
    const bobsArn = arn(accountA, "user/bob");
    const inline = details.policies.find(({ inline: is }) => is)!.uri;
    expect(inline).toMatch(/^inline:[0-9a-f]{64}$/);
    expect(details).toEqual({
      requestContext: expect.objectContaining({
        "aws:PrincipalArn": bobsArn,
        "aws:PrincipalAccount": accountA,
        "aws:username": "bob",
        "aws:SourceIp": "127.0.0.1",
        "aws:RequestedRegion": "us-east-1",
        "aws:SecureTransport": "false",
      }) as object,
      evaluations: [
        {
          action: "iam:GetUser",
          resource: arn(accountA, "user/other"),
          context: { "aws:ResourceAccount": accountA },
          evaluatedEffect: "EXPLICIT_DENY",
          matchedPolicies: expect.arrayContaining([
            {
              uri: inline,
              matchedStatements: [
                { sid: "Statement 1", evaluatedEffect: "ALLOW" },
                { sid: "NoUsers", evaluatedEffect: "DENY" },
              ],
            },
            { uri: Policy!.Arn, matchedStatements: [{ sid: "Statement 1", evaluatedEffect: "DENY" }] },
          ]) as object,
        },
      ],
      policies: expect.arrayContaining([
        { type: "IDENTITY_BASED_POLICY", inline: true, uri: inline, attachedTo: [{ arn: bobsArn }] },
        { type: "IDENTITY_BASED_POLICY", inline: false, uri: Policy!.Arn, attachedTo: [{ arn: bobsArn }] },
        { type: "PERMISSIONS_BOUNDARY", inline: false, uri: PermissionsBoundary, attachedTo: [{ arn: bobsArn }] },
      ]) as object,
    });
    expect(details.policies).toHaveLength(3);

    // What was decided stays what it was.
    await world.a.iam.deleteUserPolicy({ UserName: "bob", PolicyName: "own" });
    await world.a.iam.createPolicyVersion({
      PolicyArn: Policy!.Arn,
      PolicyDocument: document(allow("*")),
      SetAsDefault: true,
    });
    expect(await detailsFor(reader, id)).toEqual(details);
    const kept = await policy(reader, id, Policy!.Arn!);
    expect({ status: kept.status, body: JSON.parse(kept.body) as unknown }).toEqual({
      status: 200,
      body: { policyDocument: JSON.parse(PolicyDocument) as unknown },
    });
    expect((await policy(reader, id, inline)).body).toContain('"NoUsers"');
    expect(restFaultOf(await policy(reader, id, "inline:00"))).toBe(
      "ResourceNotFoundException 404: Policy inline:00 not found.",
    );
    expect(restFaultOf(await policy(reader, "0".repeat(25), inline))).toMatch(/^ResourceNotFoundException 404: /);
  });

  it("tells each thing that was asked, and what denied implicitly", async () => {
    const cy = await world.user(world.a, "cy", { ...allow("iam:CreateUser"), Sid: "Make" });
    const id = await idOf(cy.iam.createUser({ UserName: "new", Tags: [{ Key: "team", Value: "x" }] }));
    const { evaluations, policies } = await detailsFor(world.a, id);
    expect(
      evaluations.map(({ action, evaluatedEffect, matchedPolicies }) => [action, evaluatedEffect, matchedPolicies]),
    ).toEqual([
      [
        "iam:CreateUser",
        "ALLOW",
        [{ uri: policies[0]!.uri, matchedStatements: [{ sid: "Make", evaluatedEffect: "ALLOW" }] }],
      ],
      ["iam:TagUser", "IMPLICIT_DENY", []],
    ]);
    expect(policies).toHaveLength(1);
  });

  it("tells of a session by its role, with its own policies", async () => {
    const dan = await world.user(world.a, "dan", allow("sts:AssumeRole"));
    const role = await world.role(world.a, "work", trust({ AWS: accountA }), allow("iam:*"));
    const session = await world.assume(dan, role, { Policy: document(allow("iam:ListUsers")) });
    const { policies, requestContext } = await detailsFor(world.a, await idOf(session.iam.listRoles({})));
    expect(policies.map(({ attachedTo, inline, type }) => [type, inline, attachedTo])).toEqual([
      ["IDENTITY_BASED_POLICY", true, [{ arn: role }]],
      ["SESSION_POLICY", true, [{ arn: role }]],
    ]);
    expect(requestContext).toMatchObject({ "aws:PrincipalArn": role });
  });

  it("tells either account of a refused AssumeRole its own side, by the request id", async () => {
    const cas = await world.user(world.a, "cas", allow("sts:AssumeRole"));
    const role = await world.role(
      world.b,
      "guarded",
      trust({ AWS: accountA }, "sts:AssumeRole", { Condition: { StringEquals: { "sts:ExternalId": "right" } } }),
    );
    await world.b.iam.tagRole({ RoleName: "guarded", Tags: [{ Key: "secret", Value: "tag" }] });
    const { $metadata } = await refused(
      cas.sts.assumeRole({ RoleArn: role, RoleSessionName: "session", ExternalId: "wrong" }),
    );
    const id = authorizationIdOf($metadata.requestId);
    const [mine, theirs] = await Promise.all([detailsFor(world.a, id), detailsFor(world.b, id)]);
    expect(mine.policies).toMatchObject([
      { type: "IDENTITY_BASED_POLICY", attachedTo: [{ arn: arn(accountA, "user/cas") }] },
    ]);
    expect(mine.evaluations).toMatchObject([{ evaluatedEffect: "IMPLICIT_DENY", matchedPolicies: [] }]);
    expect(mine.requestContext).toMatchObject({ "aws:username": "cas" });
    expect(JSON.stringify(mine)).not.toMatch(/secret|right|ResourceOrg/);
    expect(theirs).toMatchObject({
      requestContext: {},
      policies: [{ type: "RESOURCE_BASED_POLICY", inline: true, attachedTo: [{ arn: role }] }],
      evaluations: [
        { evaluatedEffect: "IMPLICIT_DENY", context: { "sts:ExternalId": "wrong", "aws:ResourceTag/secret": "tag" } },
      ],
    });
    expect(JSON.stringify(theirs)).not.toContain("user/cas");
    const kept = await policy(world.b, id, theirs.policies[0]!.uri);
    expect(kept.body).toContain('"right"');
    // A uri of the other side names nothing here.
    expect(restFaultOf(await policy(world.a, id, theirs.policies[0]!.uri))).toMatch(/^ResourceNotFoundException 404: /);
    expect(restFaultOf(await policy(world.b, id, mine.policies[0]!.uri))).toMatch(/^ResourceNotFoundException 404: /);
    // The digits of the request id do as well: STS tells no other.
    expect(await detailsFor(world.a, $metadata.requestId.replaceAll("-", ""))).toEqual(mine);
  });

  it("tells nobody else, and of nothing else", async () => {
    const eve = await world.user(world.a, "eve", allow("iam:ListUsers"));
    const id = await idOf(eve.iam.getUser({ UserName: "eve" }));
    const missing = (of: string) => `ResourceNotFoundException 404: Authorization details ${of} not found.`;
    expect(restFaultOf(await ask(world.b, id))).toBe(missing(id));
    const denied = `User: ${arn(accountA, "user/eve")} is not authorized to perform: iam:GetRequestAuthorizationDetails on resource: * because no identity-based policy allows the iam:GetRequestAuthorizationDetails action`;
    expect(restFaultOf(await ask(eve, id))).toBe(`AccessDeniedException 403: ${denied}`);
    expect(restFaultOf(await policy(eve, id, "x"))).toMatch(/iam:GetRequestAuthorizationPolicy action$/);
    const { $metadata } = await eve.iam.listUsers({});
    const allowed = authorizationIdOf($metadata.requestId!);
    expect(restFaultOf(await ask(world.a, allowed))).toBe(missing(allowed));
    for (const unknown of ["0", "z".repeat(25), "f".repeat(32)]) {
      expect(restFaultOf(await ask(world.a, unknown))).toBe(missing(unknown));
    }
    expect(restFaultOf(await ask(world.a, "A"))).toMatch(
      /^ValidationException 400: 1 validation error detected: .*'authorizationId'/,
    );
    expect(restFaultOf(await ask(world.a, id, "made-up"))).toBe(
      "ValidationException 400: NextToken is not valid, or too old.",
    );
    expect(restFaultOf(await policy(world.a, id, ""))).toMatch(/^ValidationException 400: .*'policyUri'/);
  });

  it("is found by its path, whatever stands beside it, and in the form of its protocol", async () => {
    const target = "/authorization-details/0";
    const unsigned = await send(world.url, { method: "GET", target });
    expect(restFaultOf(unsigned)).toBe(
      "MissingAuthenticationTokenException 403: Request is missing Authentication Token",
    );
    expect(unsigned.headers["content-type"]).toBe("application/json");
    expect(restFaultOf(await send(world.url, { method: "DELETE", target }))).toMatch(/^MethodNotAllowed 405: /);
    const wrong = { ...world.a.keys, secretAccessKey: "wrong" };
    const asked = (keys: Caller["keys"], service: string) =>
      rest(world.url, keys, GetRequestAuthorizationDetails, { authorizationId: "0" }, { service });
    expect(restFaultOf(await asked(wrong, "iam"))).toMatch(/^InvalidSignatureException 403: /);
    expect(restFaultOf(await asked(world.a.keys, "sts"))).toMatch(/correct service: 'iam'/);
    expect(restFaultOf(await asked({ ...wrong, accessKeyId: "AKIAIOSFODNN7EXAMPLE" }, "iam"))).toMatch(
      /^UnrecognizedClientException 403: /,
    );
    // What cannot call IAM at all cannot call this.
    const { Credentials } = await world.a.sts.getSessionToken({});
    expect(restFaultOf(await asked(sessionKeys(Credentials), "iam"))).toMatch(/^UnrecognizedClientException 403: /);
    // An Action beside it means nothing.
    const action = await send(world.url, { method: "GET", target: `${target}?Action=ListUsers&Version=2010-05-08` });
    expect(restFaultOf(action)).toMatch(/^MissingAuthenticationTokenException/);
  });

  it("is in the trail as AWS has it, without what it told", async () => {
    const events = (await trailEvents(world.server)).filter(
      ({ eventSource }) => eventSource === "iam-toolbox.amazonaws.com",
    );
    expect(
      events.find(
        ({ eventName, errorCode }) => eventName === "GetRequestAuthorizationDetails" && errorCode === undefined,
      ),
    ).toMatchObject({
      readOnly: true,
      requestParameters: { authorizationId: expect.stringMatching(/^[0-9a-z]+$/) as string },
      responseElements: null,
    });
    expect(events.map(({ errorCode }) => errorCode)).toEqual(
      expect.arrayContaining(["AccessDenied", "ResourceNotFoundException", "ValidationException"]),
    );
  });
});
