import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { contracts } from "../../src/contracts/contracts.ts";
import { anyText, fc } from "../harness/property.ts";
import { Fault } from "../../src/contracts/fault.ts";
import { iamDialect, stsDialect } from "../../src/wire/dialect.ts";
import { ServiceCodec } from "../../src/wire/protocol.ts";
import { bodyTooLarge, renderNoAction } from "../../src/wire/xml-fault.ts";
import { escapeXml, percentEncode } from "../../src/wire/xml-text.ts";

const sts = new ServiceCodec(contracts.sts, stsDialect);
const iam = new ServiceCodec(contracts.iam, iamDialect);

function encode(codec: ServiceCodec, name: string, output: unknown): string {
  return codec.encode(codec.operation(name, codec.contract.apiVersion), output, "ID").body;
}

function unknown(version: string | undefined): Fault {
  try {
    iam.operation("X", version);
  } catch (fault) {
    return fault as Fault;
  }
  throw new Error("there is an operation X");
}

/** The document's text content, or an error: saxes checks well-formedness strictly. */
function textContent(document: string): string {
  let text = "";
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("text", (part) => {
    text += part;
  });
  parser.write(document).close();
  return text;
}

describe("responses", () => {
  test("GetCallerIdentity, byte for byte", () => {
    const output = { UserId: "AIDA", Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/u" };
    expect(encode(sts, "GetCallerIdentity", output)).toBe(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::111122223333:user/u</Arn>
    <UserId>AIDA</UserId>
    <Account>111122223333</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>ID</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`,
    );
  });

  test("an operation without an output has no result element; one with an empty output has", () => {
    expect(encode(iam, "DeleteRole", {})).toBe(
      `<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <ResponseMetadata>
    <RequestId>ID</RequestId>
  </ResponseMetadata>
</DeleteRoleResponse>
`,
    );
    expect(encode(iam, "UpdateRole", {})).toContain("\n  <UpdateRoleResult/>\n");
  });

  test("lists, nested structures, documents, instants", () => {
    const role = {
      Path: "/",
      RoleName: "r",
      RoleId: "AROA",
      Arn: "arn",
      CreateDate: new Date("2026-02-03T04:05:06.789Z"),
      AssumeRolePolicyDocument: `{"a": "b*(c)!'~é"}`,
      Tags: [{ Key: "k", Value: "" }],
      RoleLastUsed: {},
    };
    expect(encode(iam, "ListRoles", { Roles: [role], IsTruncated: false })).toContain(`
    <IsTruncated>false</IsTruncated>
    <Roles>
      <member>
        <AssumeRolePolicyDocument>%7B%22a%22%3A%20%22b%2A%28c%29%21%27~%C3%A9%22%7D</AssumeRolePolicyDocument>
        <RoleId>AROA</RoleId>
        <Tags>
          <member>
            <Value></Value>
            <Key>k</Key>
          </member>
        </Tags>
        <Path>/</Path>
        <RoleLastUsed/>
        <RoleName>r</RoleName>
        <Arn>arn</Arn>
        <CreateDate>2026-02-03T04:05:06Z</CreateDate>
      </member>
    </Roles>
`);
    expect(encode(iam, "ListRoles", { Roles: [] })).toContain("\n    <Roles/>\n");
  });

  test("an output that lacks what the contract promises is an error, not an answer", () => {
    expect(() => encode(iam, "CreateRole", {})).toThrow(TypeError);
  });
});

describe("faults", () => {
  test("byte for byte", () => {
    expect(sts.renderFault(new Fault("AccessDenied", 403, "a <b> & 'c'"), "ID")).toEqual({
      status: 403,
      headers: { "content-type": "text/xml", "x-amzn-requestid": "ID" },
      body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>AccessDenied</Code>
    <Message>a &lt;b&gt; &amp; 'c'</Message>
  </Error>
  <RequestId>ID</RequestId>
</ErrorResponse>
`,
    });
  });

  test("without a message; of the server; of the dispatcher", () => {
    expect(sts.renderFault(new Fault("MalformedInput", 400), "ID").body).not.toContain("<Message>");
    expect(iam.renderFault(new Fault("InternalFailure", 500, "x"), "ID").body).toContain("<Type>Receiver</Type>");
    expect(unknown(undefined).message).toBe("Could not find operation X for version NO_VERSION_SPECIFIED");
    expect(unknown("").message).toBe("Could not find operation X for version ");
    expect(iam.renderFault(unknown(undefined), "ID").body).toContain(
      `<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09">`,
    );
  });

  test("the redirect and the empty 413", () => {
    expect(renderNoAction("").headers).toEqual({ location: "https://aws.amazon.com/iam" });
    expect(renderNoAction("a=b").headers).toEqual({ location: "https://aws.amazon.com/iam?a=b" });
    expect(bodyTooLarge).toEqual({ status: 413, headers: {}, body: "" });
  });

  test("any message in any fault is well-formed XML, and comes back but for what XML cannot carry", () => {
    const messages = fc.oneof(
      anyText(),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
      fc
        .array(fc.constantFrom("&", "<", ">", "]]>", "\r", "\r\n", "\0", "\uFFFF", "\uD800", "\uDC00", "😀"))
        .map((s) => s.join("")),
    );
    fc.assert(
      fc.property(messages, (text) => {
        // oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot carry
        const kept = text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Cs}]/gu, "\uFFFD");
        expect(textContent(`<a>${escapeXml(text)}</a>`)).toBe(kept);
        textContent(sts.renderFault(new Fault(text, 400, text), text).body);
        expect(decodeURIComponent(percentEncode(text))).toBe(text.replace(/\p{Cs}/gu, "\uFFFD"));
        expect(percentEncode(text)).toMatch(/^[\w.~%-]*$/);
      }),
      { numRuns: 500 },
    );
  });
});
