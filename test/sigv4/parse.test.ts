import { describe, expect, it } from "vitest";

import { parseAuthorization } from "../../src/sigv4/parse.ts";
import { readCases, request } from "./case-files.ts";

interface FaultCase {
  readonly name: string;
  readonly headers: readonly string[];
  readonly query: string;
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

describe("what cannot be read as a signature", () => {
  it.each(readCases<{ cases: FaultCase[] }>("parse-faults").cases)("$name", ({ headers, query, ...fault }) => {
    expect(() => parseAuthorization(request({ headers, query }))).toThrow(
      expect.objectContaining({ code: fault.code, status: fault.status, message: fault.message }),
    );
  });
});

describe("what is read", () => {
  const signature = "0123456789abcdef".repeat(4);
  const credential = "AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request";

  it.each([
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=host;x-amz-date,Signature=${signature}`,
    `AWS4-HMAC-SHA256   Signature=${signature} ,  SignedHeaders=host;x-amz-date  , Credential=${credential} `,
    `AWS4-HMAC-SHA256\tCredential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}, Other=1`,
  ])("the Authorization header %j", (authorization) => {
    const headers = ["Host", "h", "x-amz-date", "20150830T123600Z", "AUTHORIZATION", authorization];
    expect(parseAuthorization(request({ headers }))).toEqual({
      form: "header",
      accessKeyId: "AKIDEXAMPLE",
      scope: { date: "20150830", region: "us-east-1", service: "iam" },
      terminator: "aws4_request",
      credential,
      signedHeaders: ["host", "x-amz-date"],
      signedHeaderList: "host;x-amz-date",
      signature,
      timestamp: "20150830T123600Z",
      time: Date.UTC(2015, 7, 30, 12, 36),
    });
  });

  it.each([
    ["X-Amz-Date before Date", ["Date", "Mon, 31 Aug 2015 00:00:00 GMT", "X-Amz-Date", "20150830T123600Z"]],
    ["a Date header in the format of HTTP", ["Date", "Sun, 30 Aug 2015 12:36:00 GMT"]],
    ["a Date header in basic format", ["Date", "20150830T123600Z"]],
  ])("%s", (_, date) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=${signature}`;
    const parsed = parseAuthorization(request({ headers: ["Host", "h", ...date, "Authorization", authorization] }));
    expect(parsed.timestamp).toBe("20150830T123600Z");
    expect(parsed.time).toBe(Date.UTC(2015, 7, 30, 12, 36));
  });

  it("a presigned query, whatever the order and the escapes", () => {
    const query =
      `X-Amz-Signature=${signature}&Action=GetCallerIdentity&X-Amz-SignedHeaders=host%3bx-a&X-Amz-Security-Token=a%2Bb%2F%3D` +
      `&X-Amz-Date=20150830T123600Z&X-Amz-Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request` +
      `&X%2DAmz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=60`;
    const parsed = parseAuthorization(request({ query, headers: ["Host", "h", "x-a", "1"] }));
    expect(parsed).toMatchObject({
      form: "query",
      credential,
      signedHeaders: ["host", "x-a"],
      securityToken: "a+b/=",
      expires: 60,
    });
  });
});
