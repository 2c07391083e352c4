import { describe, expect, it } from "vitest";

import { checkScope, checkTime } from "../../src/sigv4/checks.ts";
import { parseAuthorization } from "../../src/sigv4/parse.ts";
import { signingRules } from "../../src/sigv4/rules.ts";
import { formatTimestamp } from "../../src/sigv4/timestamp.ts";
import { request } from "./case-files.ts";

/** AWS's, for IAM and STS. */
const defaultSkewMs = 15 * 60_000;

const zeros = "0".repeat(64);

function header(credential: string, timestamp = "20150830T123600Z") {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKID/${credential}, SignedHeaders=host, Signature=${zeros}`;
  return parseAuthorization(
    request({ headers: ["Host", "h", "X-Amz-Date", timestamp, "Authorization", authorization] }),
  );
}

function query(service: string, timestamp: string, expires: number | null) {
  const text =
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID/20150830/us-east-1/${service}/aws4_request` +
    `&X-Amz-Date=${timestamp}&X-Amz-SignedHeaders=host&X-Amz-Signature=${zeros}` +
    (expires === null ? "" : `&X-Amz-Expires=${expires}`);
  return parseAuthorization(request({ query: text, headers: ["Host", "h"] }));
}

describe("the credential scope", () => {
  const region = "Credential should be scoped to a valid region. ";
  const service = "Credential should be scoped to correct service: 'sts'. ";
  const terminator = "Credential should be scoped with a valid terminator: 'aws4_request'.";
  const date = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";

  it.each([
    ["20150830/eu-west-3/sts/aws4_request", null],
    ["20150830/aws-global/sts/aws4_request", null],
    ["20150830//sts/aws4_request", region],
    ["20150830/US_EAST/sts/aws4_request", region],
    ["20150830/us-east-1/iam/aws4_request", service],
    ["20150830/us-east-1/STS/aws4_request", service],
    ["20150830/?/iam/aws4_request", region + service],
    ["20150830/us-east-1/sts/aws5_request", terminator],
    ["20150829/us-east-1/sts/aws4_request", date],
    ["2015/us-east-1/sts/aws4_request", date],
    ["x/?/iam/x", `${region}${service}${terminator} ${date}`],
  ])("%s", (credential, message) => {
    const check = () => checkScope(header(credential), { service: "sts", regions: "any" });
    if (message === null) return expect(check).not.toThrow();
    expect(check).toThrow(expect.objectContaining({ code: "SignatureDoesNotMatch", status: 403, message }));
  });

  it("holds to a list of regions where there is one", () => {
    const policy = { service: "sts", regions: new Set(["eu-west-3"]) };
    expect(() => checkScope(header("20150830/eu-west-3/sts/aws4_request"), policy)).not.toThrow();
    expect(() => checkScope(header("20150830/eu-west-1/sts/aws4_request"), policy)).toThrow(region);
  });
});

describe("the time of a signed header", () => {
  const parsed = header("20150830/us-east-1/iam/aws4_request");
  const rules = signingRules("iam");

  it.each([0, -defaultSkewMs, defaultSkewMs])("is good at an offset of %i ms", (offset) => {
    expect(() => checkTime(parsed, parsed.time + offset, defaultSkewMs, rules)).not.toThrow();
  });

  it("is over after the skew", () => {
    expect(() => checkTime(parsed, parsed.time + 15 * 60_000, 5 * 60_000, rules)).toThrow(
      expect.objectContaining({
        code: "SignatureDoesNotMatch",
        status: 403,
        message: "Signature expired: 20150830T123600Z is now earlier than 20150830T124600Z (20150830T125100Z - 5 min.)",
      }),
    );
  });

  it("is not there yet before the skew", () => {
    expect(() => checkTime(parsed, parsed.time - 901_000, defaultSkewMs, rules)).toThrow(
      "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)",
    );
  });
});

describe("the time of a presigned request", () => {
  const start = Date.UTC(2015, 7, 30, 12, 36);
  const minute = 60_000;
  const expired = "Request has expired.";
  const late = "Signature expired";
  it.each([
    ["s3", 3600, 59 * minute, null],
    ["s3", 3600, 60 * minute + 1000, expired],
    ["s3", 60, 2 * minute, expired],
    ["s3", null, 0, expired],
    ["s3", 3600, -16 * minute, "Signature not yet current"],
    ["iam", 60, minute, null],
    ["iam", 60, 2 * minute, expired],
    ["iam", 3600, 14 * minute, null],
    ["iam", 3600, 16 * minute, late],
    ["iam", null, 14 * minute, null],
    ["sts", 60, 14 * minute, null],
    ["sts", 3600, 16 * minute, late],
    ["sts", 60, -16 * minute, "Signature not yet current"],
  ])("%s, X-Amz-Expires %s, %i ms later", (service, expires, later, message) => {
    const parsed = query(service, formatTimestamp(start), expires);
    const check = () => checkTime(parsed, start + later, defaultSkewMs, signingRules(service));
    if (message === null) expect(check).not.toThrow();
    else expect(check).toThrow(message);
  });

  it("ends with RequestExpired, 400", () => {
    const parsed = query("iam", formatTimestamp(start), 1);
    expect(() => checkTime(parsed, start + 2000, defaultSkewMs, signingRules("iam"))).toThrow(
      expect.objectContaining({ code: "RequestExpired", status: 400 }),
    );
  });
});
