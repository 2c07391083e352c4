/** Requests by hand: which fault comes first, and what is answered to what is no call at all. */
import { request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { faultOf, form, presignedTarget, send, signed } from "../../harness/http.ts";
import type { Received, Sent } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { accountA, allow, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const mismatch =
  "SignatureDoesNotMatch 403: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const unknown = "InvalidClientTokenId 403: The security token included in the request is invalid.";
const formType = "application/x-www-form-urlencoded";
const whoAmI = { Action: "GetCallerIdentity" };

describe("the order of checks", () => {
  const start = starter();
  let world: World;
  let url: string;
  let keys: SigningCredentials;
  const stranger: SigningCredentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "nobody's" };
  const post = (sent: Sent): Promise<Received> => send(url, sent);
  const fault = async (sent: Sent): Promise<string> => faultOf(await post(sent));
  const old = () => Date.now() - 60 * 60_000;

  beforeAll(async () => {
    world = await startWorld(start);
    ({ url } = world);
    keys = world.a.keys;
  });

  test("the credential scope comes before the key", async () => {
    const scoped = form(url, whoAmI, stranger, { service: "s3" });
    expect(await fault(scoped)).toBe(
      "SignatureDoesNotMatch 403: Credential should be scoped to correct service: 'sts'. ",
    );
    const nowhere = form(url, whoAmI, stranger, { region: "no_where", service: "s3" });
    expect(await fault(nowhere)).toBe(
      "SignatureDoesNotMatch 403: Credential should be scoped to a valid region. Credential should be scoped to correct service: 'sts'. ",
    );
    const ended = form(url, whoAmI, stranger);
    const Authorization = ended.headers!["Authorization"]!.replace("aws4_request", "aws4");
    expect(await fault({ ...ended, headers: { ...ended.headers, Authorization } })).toMatch(
      /^SignatureDoesNotMatch 403: Credential should be scoped with a valid terminator: 'aws4_request'\./,
    );
  });

  test("credentials for one service do nothing at another, however the operation is named", async () => {
    const scopedTo = (service: string) =>
      `SignatureDoesNotMatch 403: Credential should be scoped to correct service: '${service}'. `;
    const json = "application/x-amz-json-1.1";
    const byTarget = { headers: { "content-type": json, "x-amz-target": "Rolecall.ListAccounts" }, body: "{}" };
    const withAction = "/?Action=GetCallerIdentity&Version=2011-06-15";
    const rolecallCalls: Sent[] = [
      byTarget,
      { ...byTarget, target: withAction },
      { ...byTarget, headers: { ...byTarget.headers, "x-amz-target": "ListAccounts" } },
      { ...byTarget, headers: { ...byTarget.headers, "x-amz-target": "" } },
      { target: "/_rolecall/reset" },
      { target: "/_rolecall/reset?Action=GetCallerIdentity&Version=2011-06-15" },
    ];
    for (const service of ["sts", "iam", "s3", "Rolecall", "rolecall.amazonaws.com", ""]) {
      for (const call of rolecallCalls) {
        // The scope comes before the key: whoever has none learns nothing more, and nothing else.
        for (const credentials of [keys, stranger, { ...keys, secretAccessKey: "wrong" }]) {
          const { status, body } = await post(signed(url, call, credentials, { service }));
          const { __type: code, message } = JSON.parse(body) as { __type: string; message: string };
          expect(`${code} ${status}: ${message}`, `${service} ${JSON.stringify(call)}`).toBe(scopedTo("rolecall"));
        }
      }
    }
    const presigned = presignedTarget(url, { Action: "GetCallerIdentity" }, keys);
    const retargeted = await post({ ...byTarget, target: presigned });
    expect(JSON.parse(retargeted.body)).toMatchObject({ __type: "SignatureDoesNotMatch" });
    // The other way round: what is scoped to rolecall has no Action of IAM or STS, and none of rolecall's own either.
    const actions = [
      whoAmI,
      { Action: "ListUsers", Version: "2010-05-08" },
      { Action: "ListAccounts" },
      { Action: "Reset" },
    ];
    for (const parameters of actions) {
      for (const credentials of [keys, stranger]) {
        expect(await fault(form(url, parameters, credentials, { service: "rolecall" }))).toBe(scopedTo("sts"));
        const target = presignedTarget(url, parameters, credentials, { service: "rolecall" });
        expect(await fault({ method: "GET", target })).toBe(scopedTo("sts"));
      }
    }
    // IAM and STS share an address: at either, the other's operations do not exist, as at AWS.
    for (const [service, parameters] of [
      ["sts", { Action: "ListUsers", Version: "2010-05-08" }],
      ["iam", { Action: "GetCallerIdentity", Version: "2011-06-15" }],
    ] as const) {
      const missing = `InvalidAction 400: Could not find operation ${parameters.Action} for version ${parameters.Version}`;
      expect(await fault(form(url, parameters, keys, { service }))).toBe(missing);
      expect(await fault({ method: "GET", target: presignedTarget(url, parameters, keys, { service }) })).toBe(missing);
    }
    expect((await post(signed(url, byTarget, keys, { service: "rolecall" }))).status).toBe(200);
  });

  test("the key comes before the time, the time before the signature, the signature before the parameters", async () => {
    expect(await fault(form(url, whoAmI, stranger, { time: old() }))).toBe(unknown);
    const wrong = { ...keys, secretAccessKey: "wrong" };
    expect(await fault(form(url, whoAmI, wrong, { time: old() }))).toMatch(
      /^SignatureDoesNotMatch 403: Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/,
    );
    const invalid = { Action: "AssumeRole", RoleArn: "x" };
    expect(await fault(form(url, invalid, wrong))).toBe(mismatch);
    expect(await fault(form(url, invalid, keys))).toMatch(/^ValidationError 400: 2 validation errors detected: /);
    expect(await fault(form(url, { Action: "GetSessionToken", DurationSeconds: "soon" }, keys))).toBe(
      "MalformedInput 400",
    );
  });

  test("an unknown key, a foreign token, a tokenless session and a token too many are the same refusal", async () => {
    const role = await world.role(world.a, "r", trust({ AWS: accountA }), allow("*"));
    const session = (await world.assume(world.a, role)).keys;
    const { sessionToken: _token, ...tokenless } = session;
    const cut = { ...session, sessionToken: session.sessionToken!.slice(0, -1) };
    const bodies = new Set<string>();
    for (const bad of [
      stranger,
      { ...stranger, accessKeyId: "ASIAIOSFODNN7EXAMPLE", sessionToken: session.sessionToken! },
      { ...session, sessionToken: "AAAA" },
      { ...session, sessionToken: "x".repeat(5000) },
      cut,
      tokenless,
      { ...keys, sessionToken: session.sessionToken! },
    ]) {
      const received = await post(form(url, whoAmI, bad));
      expect(faultOf(received)).toBe(unknown);
      bodies.add(received.body.replace(/<RequestId>.*<\/RequestId>/, ""));
    }
    expect(bodies.size).toBe(1);
  });

  test("an unknown key is refused before the body is read", async () => {
    const sent = form(url, whoAmI, stranger);
    const { hostname, port } = new URL(url);
    const headers = { ...sent.headers, "content-length": "9000000" };
    const status = await new Promise<number>((resolve, reject) => {
      const outgoing = request({ hostname, port, method: "POST", path: "/", headers, agent: false }, (incoming) => {
        resolve(incoming.statusCode!);
        outgoing.destroy();
      });
      outgoing.on("error", reject);
      // Nine million bytes are promised and one is sent: an answer can only come from the head.
      outgoing.write("A");
    });
    expect(status).toBe(403);
  });

  test("a body over ten million bytes is an empty 413", async () => {
    const body = Buffer.alloc(10_000_001, 65);
    const received = await post(signed(url, { headers: { "content-type": formType }, body }, keys));
    expect(received).toMatchObject({ status: 413, body: "" });
    expect(received.headers["x-amzn-requestid"]).toBeUndefined();
    const chunked = signed(url, { headers: { "content-type": formType }, body }, keys);
    const open = await post({ ...chunked, headers: { ...chunked.headers, "transfer-encoding": "chunked" } });
    expect(open.status).toBe(413);
    const fits = Buffer.from(`Action=GetCallerIdentity&Version=2011-06-15&Ignored=${"A".repeat(9_000_000)}`);
    expect((await post(signed(url, { headers: { "content-type": formType }, body: fits }, keys))).status).toBe(200);
  });

  test("no Action, or a POST that is no form, is sent to the product's page", async () => {
    const location = "https://aws.amazon.com/iam";
    for (const sent of [
      { method: "POST" },
      { method: "POST", headers: { "content-type": "application/json" }, body: "Action=GetCallerIdentity" },
      signed(url, { headers: { "content-type": formType }, body: "Version=2011-06-15" }, keys),
    ]) {
      const received = await post(sent);
      expect(received).toMatchObject({ status: 302, body: "" });
      expect(received.headers.location).toBe(location);
    }
    const asked = await post({ method: "GET", target: "/?a=b" });
    expect(asked.headers.location).toBe(`${location}?a=b`);
  });

  test("unknown actions and versions", async () => {
    const text = async (parameters: Record<string, string>, service: "iam" | "sts" = "sts") => {
      const received = await post(form(url, parameters, keys, { service }));
      expect(received.body).toContain('<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09">');
      return faultOf(received);
    };
    expect(await text({ Action: "Nonsense" })).toBe(
      "InvalidAction 400: Could not find operation Nonsense for version 2011-06-15",
    );
    expect(await text({ Action: "CreateUser" })).toBe(
      "InvalidAction 400: Could not find operation CreateUser for version 2011-06-15",
    );
    expect(await text({ Action: "ListUsers", Version: "2099-01-01" }, "iam")).toBe(
      "InvalidAction 400: Could not find operation ListUsers for version 2099-01-01",
    );
    expect(await text({ Action: "GetCallerIdentity", Version: "" })).toBe(
      "InvalidAction 400: Could not find operation GetCallerIdentity for version ",
    );
    const body = "Action=GetCallerIdentity";
    expect(await fault(signed(url, { headers: { "content-type": formType }, body }, keys))).toBe(
      "InvalidAction 400: Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED",
    );
    expect(await text({ Action: "constructor" })).toMatch(/^InvalidAction 400: /);
    expect(await text({ Action: "__proto__" })).toMatch(/^InvalidAction 400: /);
  });

  test("the first of a repeated member wins, and unknown ones are nobody's", async () => {
    const body =
      "Action=GetAccessKeyInfo&Version=2011-06-15&AccessKeyId=AKIA&AccessKeyId=ASIA&Other=1&Action=ListUsers";
    expect(await fault(signed(url, { headers: { "content-type": formType }, body }, keys))).toMatch(
      /^ValidationError 400: 1 validation error detected: Value 'AKIA' at 'accessKeyId'/,
    );
  });

  test("unsigned requests are refused in the shape of the service that they mean", async () => {
    const missing = "MissingAuthenticationToken 403: Request is missing Authentication Token";
    const unsigned = (body: string) => post({ headers: { "content-type": formType }, body });
    const sts = await unsigned("Action=GetCallerIdentity&Version=2011-06-15");
    expect(faultOf(sts)).toBe(missing);
    expect(sts.body).toContain('xmlns="https://sts.amazonaws.com/doc/2011-06-15/"');
    const iam = await unsigned("Action=ListUsers&Version=2010-05-08");
    expect(faultOf(iam)).toBe(missing);
    expect(iam.body).toContain('xmlns="https://iam.amazonaws.com/doc/2010-05-08/"');
    const target = "/?Action=GetCallerIdentity&Version=2011-06-15";
    expect(await fault({ method: "GET", target })).toBe(missing);
    expect(await fault({ method: "GET", target: `${target}&X-Amz-Algorithm=AWS4-HMAC-SHA1&X-Amz-Signature=0` })).toBe(
      "MissingAuthenticationToken 403: Missing Authentication Token",
    );
    const json = await post({ headers: { "x-amz-target": "Rolecall.ListAccounts" }, body: "{}" });
    expect(JSON.parse(json.body)).toMatchObject({ __type: "MissingAuthenticationToken" });
    const basic = await post({ headers: { "content-type": formType, authorization: "Basic YTpi" }, body: "Action=x" });
    expect(faultOf(basic)).toMatch(
      /^IncompleteSignature 400: Invalid key=value pair \(missing equal-sign\) in Authorization header /,
    );
  });

  test("operations that are not built say so, to who has signed", async () => {
    const unsupported = { Action: "GetCredentialReport" };
    expect(await fault(form(url, unsupported, keys, { service: "iam" }))).toMatch(
      /^UnsupportedOperation 400: rolecall does not have the operation GetCredentialReport of iam yet; /,
    );
    expect(await fault(form(url, unsupported, stranger, { service: "iam" }))).toBe(unknown);
    const unsigned = { headers: { "content-type": formType }, body: "Action=GetCredentialReport&Version=2010-05-08" };
    expect(await fault(unsigned)).toMatch(/^MissingAuthenticationToken 403/);
  });

  test("other methods", async () => {
    const target = "/?Action=GetCallerIdentity&Version=2011-06-15";
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expect((await post({ method, target })).status, method).toBe(405);
      expect((await post(signed(url, { method, target }, keys))).status, method).toBe(405);
    }
    expect(await post({ method: "HEAD", target })).toMatchObject({ status: 405, body: "" });
  });

  test("health is public and tells nothing", async () => {
    const received = await post({ method: "GET", target: "/health" });
    expect(received.status).toBe(200);
    expect(JSON.parse(received.body)).toEqual({ status: "ok" });
    expect(await post({ method: "HEAD", target: "/health" })).toMatchObject({ status: 200, body: "" });
    const secret = await post({ method: "GET", target: "/health?Action=ListUsers" });
    expect(secret.body).not.toContain("administrator");
  });

  test("the envelope, byte for byte", async () => {
    const received = await post(form(url, whoAmI, stranger));
    const id = received.headers["x-amzn-requestid"] as string;
    expect(received.headers["content-type"]).toBe("text/xml");
    expect(received.body).toBe(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <Error>\n    <Type>Sender</Type>\n    <Code>InvalidClientTokenId</Code>\n    <Message>The security token included in the request is invalid.</Message>\n  </Error>\n  <RequestId>${id}</RequestId>\n</ErrorResponse>\n`,
    );
  });
});
