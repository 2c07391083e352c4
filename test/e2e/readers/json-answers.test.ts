/** STS and IAM in JSON, for those who ask for it: what verifiers of signed GetCallerIdentity calls live by. */
import { beforeAll, describe, expect, test } from "vitest";
import { faultOf, form, presignedTarget, rolecall, send, signed } from "../../harness/http.ts";
import type { Received, Sent } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { presign } from "../../harness/presign.ts";
import { accountA, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const json = { accept: "application/json" };
const formType = { "content-type": "application/x-www-form-urlencoded" };
const start = starter();
let world: World;

beforeAll(async () => {
  world = await startWorld(start, {});
});

const asking = (sent: Sent, headers: Readonly<Record<string, string>> = json): Sent => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});

function bodyOf({ body, headers }: Received): unknown {
  expect(headers["content-type"]).toBe("application/json");
  return JSON.parse(body);
}

const administrator = {
  Account: accountA,
  Arn: `arn:aws:iam::${accountA}:user/administrator`,
  UserId: expect.stringMatching(/^AIDA/) as string,
};

describe("verifiers that replay a signed GetCallerIdentity", () => {
  test("a token of EKS: a presigned URL that covers the cluster's name (aws-iam-authenticator, aws eks get-token)", async () => {
    const cluster = { "x-k8s-aws-id": "prod" };
    const query = presign(
      {
        method: "GET",
        path: "/",
        query: "Action=GetCallerIdentity&Version=2011-06-15",
        headers: Object.entries({ host: new URL(world.url).host, ...cluster }).flat(),
        bodyHash: () => "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      },
      world.a.keys,
      { service: "sts", region: "us-east-1" },
      Date.now(),
      60,
    );
    const token = Buffer.from(`${world.url}/?${query}`).toString("base64url");
    const url = new URL(Buffer.from(token, "base64url").toString());
    const replay = (id: string): Promise<Received> =>
      send(world.url, { method: "GET", target: url.pathname + url.search, headers: { ...json, "x-k8s-aws-id": id } });
    const verified = await replay("prod");
    expect(verified.status).toBe(200);
    expect(bodyOf(verified)).toEqual({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: administrator,
        ResponseMetadata: { RequestId: verified.headers["x-amzn-requestid"] },
      },
    });
    const other = await replay("test");
    expect([other.status, bodyOf(other)]).toMatchObject([403, { Error: { Code: "SignatureDoesNotMatch" } }]);
  });

  test("a request with a challenge among its signed headers, Accept too (Teleport)", async () => {
    const headers = { ...json, ...formType, "x-teleport-challenge": "challenge" };
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    const verified = await send(world.url, signed(world.url, { headers, body }, world.a.keys));
    expect(bodyOf(verified)).toMatchObject({
      GetCallerIdentityResponse: { GetCallerIdentityResult: administrator },
    });
  });
});

test("a parameter asks for it, too (AWSCore.jl)", async () => {
  const parameters = { Action: "GetCallerIdentity", ContentType: "JSON" };
  bodyOf(await send(world.url, form(world.url, parameters, world.a.keys)));
  bodyOf(await send(world.url, { method: "GET", target: presignedTarget(world.url, parameters, world.a.keys) }));
});

test("all else is answered in XML", async () => {
  const sent = form(world.url, { Action: "GetCallerIdentity" }, world.a.keys);
  for (const headers of [
    {},
    { accept: "*/*" },
    { accept: "text/xml, application/json" },
    { accept: "application/*" },
  ]) {
    const received = await send(world.url, asking(sent, headers));
    expect([received.headers["content-type"], received.body[0]]).toEqual(["text/xml", "<"]);
  }
});

describe("on every road that an answer takes", () => {
  const iam = (parameters: Record<string, string>): Sent =>
    form(world.url, parameters, world.a.keys, { service: "iam" });
  const sts = (parameters: Record<string, string>): Sent => form(world.url, parameters, world.a.keys);
  const roads: readonly [name: string, fault: string, sent: () => Sent][] = [
    [
      "an unknown key",
      "InvalidClientTokenId 403",
      () => form(world.url, { Action: "GetCallerIdentity" }, { ...world.a.keys, accessKeyId: "AKIAAAAAAAAAAAAAAAAA" }),
    ],
    [
      "another body than was signed",
      "SignatureDoesNotMatch 403",
      () => ({ ...sts({ Action: "GetUser" }), body: "Action=GetCallerIdentity&Version=2011-06-15" }),
    ],
    [
      "a signature that cannot be read",
      "IncompleteSignature 400",
      () => ({ headers: { authorization: "AWS4-HMAC-SHA256 x" } }),
    ],
    [
      "no signature",
      "MissingAuthenticationToken 403",
      () => ({ headers: formType, body: "Action=GetUser&Version=2010-05-08" }),
    ],
    [
      "an unknown action",
      "InvalidAction 400: Could not find operation X for version 2011-06-15",
      () => sts({ Action: "X" }),
    ],
    ["no version", "InvalidAction 400", () => sts({ Action: "GetCallerIdentity", Version: "" })],
    ["what is not built", "UnsupportedOperation 400", () => iam({ Action: "GetCredentialReport" })],
    ["an integer that is none", "MalformedInput 400", () => iam({ Action: "ListUsers", MaxItems: "x" })],
    [
      "a member that is wrong",
      "ValidationError 400: 1 validation error detected",
      () => iam({ Action: "ListUsers", MaxItems: "0" }),
    ],
    [
      "what is not there",
      "NoSuchEntity 404: The user with name nobody",
      () => iam({ Action: "GetUser", UserName: "nobody" }),
    ],
    [
      "an escape that is none",
      "MalformedQueryString 404",
      () => signed(world.url, { headers: formType, body: "a=%zz" }, world.a.keys),
    ],
    ["another method", "MethodNotAllowed 405", () => ({ method: "DELETE" })],
  ];

  test.each(roads)("%s", async (_name, fault, make) => {
    const sent = make();
    const xml = await send(world.url, sent);
    expect(faultOf(xml)).toContain(fault);
    const received = await send(world.url, asking(sent));
    expect(received.status).toBe(xml.status);
    const code = /<Code>(.*)<\/Code>/.exec(xml.body)![1];
    expect(bodyOf(received)).toEqual({
      Error: { Code: code, Message: fault === "MalformedInput 400" ? null : expect.any(String), Type: "Sender" },
      RequestId: received.headers["x-amzn-requestid"],
    });
  });

  test("who may not", async () => {
    const nobody = await world.user(world.a, "nobody");
    const sent = form(world.url, { Action: "ListUsers" }, nobody.keys, { service: "iam" });
    expect(bodyOf(await send(world.url, asking(sent)))).toMatchObject({ Error: { Code: "AccessDenied" } });
  });

  test("what has no body has none, and rolecall's own protocol is what it is", async () => {
    const redirected = await send(world.url, asking({ method: "POST", body: "x" }));
    expect([redirected.status, redirected.body]).toEqual([302, ""]);
    const { status, body } = await rolecall(world.url, world.a.keys, "GetServerInformation");
    expect([status, body.Version]).toEqual([200, "test"]);
  });
});
