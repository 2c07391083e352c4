import { describe, expect, test } from "vitest";
import { contracts } from "../../src/contracts/contracts.ts";
import { fc } from "../harness/property.ts";
import { Fault } from "../../src/contracts/fault.ts";
import { plainDialect } from "../../src/wire/dialect.ts";
import { ServiceCodec } from "../../src/wire/protocol.ts";
import { Sampler } from "./sample.ts";

const codec = new ServiceCodec(contracts.rolecall, plainDialect);
const { operations } = codec.contract;

function decode(operation: string, body: string | Uint8Array): Record<string, unknown> {
  return codec.decode(codec.operation(operation, undefined), {
    body: typeof body === "string" ? Buffer.from(body) : body,
  });
}

const request = { Method: "GET", Url: "/bucket/key?x=%20y", Headers: [{ Name: "Host", Value: "h" }] };
const question = { Request: request, Service: "s3", Action: "s3:GetObject", Resources: ["arn:aws:s3:::bucket/key"] };

describe("json-1.1", () => {
  test("reads an input; null is absent, unknown members are ignored", () => {
    expect(decode("Authorize", JSON.stringify({ ...question, Region: null, Extra: 1 }))).toEqual(question);
    expect(decode("Reset", "")).toEqual({});
    expect(decode("LookupEvents", `{"StartTime":1.5,"EndTime":"2026-01-01T00:00:00Z"}`)).toEqual({
      StartTime: new Date(1500),
      EndTime: new Date("2026-01-01T00:00:00Z"),
    });
  });

  test.each([
    ["Authorize", "[]", "The request body must be an object."],
    ["Authorize", "{", "The request body is not JSON."],
    ["Authorize", `{"Request":"x"}`, "Request must be an object."],
    ["Authorize", `{"Resources":[1]}`, "Resources[0] must be a string."],
    ["Authorize", `{"Resources":{}}`, "Resources must be a list."],
    ["Authorize", `{"Service":"\\ud800"}`, "Service has a surrogate that stands alone."],
    ["LookupEvents", `{"MaxResults":1.5}`, "MaxResults must be an integer."],
    ["LookupEvents", `{"MaxResults":"1"}`, "MaxResults must be an integer."],
    ["LookupEvents", `{"StartTime":"yesterday"}`, "StartTime must be a timestamp: seconds since 1970, or ISO 8601."],
    ["LookupEvents", `{"StartTime":1e300}`, "StartTime must be a timestamp: seconds since 1970, or ISO 8601."],
    ["Reset", `{"a":${"[".repeat(100)}${"]".repeat(100)}}`, "The request body nests deeper than 64 levels."],
  ])("%s refuses %s", (operation, body, message) => {
    expect(() => decode(operation, body)).toThrow(
      expect.objectContaining({ code: "SerializationException", status: 400, message }),
    );
  });

  test("a body of more than a megabyte is not parsed", () => {
    const message = "The request body is larger than 1048576 bytes.";
    const text = (length: number) => `{"a":"${"x".repeat(length - 8)}"}`;
    expect(decode("Reset", text(1_048_576))).toEqual({});
    expect(() => decode("Reset", text(1_048_577))).toThrow(
      expect.objectContaining({ code: "SerializationException", status: 400, message }),
    );
  });

  test.each([
    [
      { ...question, Resources: [] },
      "Value '[]' at 'resources' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { ...question, Service: undefined },
      "Value null at 'service' failed to satisfy constraint: Member must not be null",
    ],
    [
      { ...question, Request: { ...request, Headers: [{ Name: "Host" }] } },
      "Value null at 'request.headers.1.member.value' failed to satisfy constraint: Member must not be null",
    ],
    [
      { ...question, Action: "s3" },
      "Value 's3' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-]+:[A-Za-z0-9-]+; " +
        "Value 's3' at 'action' failed to satisfy constraint: Member must have length greater than or equal to 3",
    ],
  ])("constraints %#", (input, clauses) => {
    const count = clauses.split("; ").length;
    expect(() => decode("Authorize", JSON.stringify(input))).toThrow(
      expect.objectContaining({
        code: "ValidationException",
        message: `${count} validation error${count > 1 ? "s" : ""} detected: ${clauses}`,
      }),
    );
  });

  test("bytes that are not UTF-8, and any other bytes, give a fault or an input", () => {
    expect(() => decode("Reset", Uint8Array.from([0x7b, 0xff]))).toThrow(Fault);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (body) => {
          for (const name of ["Authorize", "LookupEvents"]) {
            try {
              decode(name, body);
            } catch (fault) {
              expect(fault).toBeInstanceOf(Fault);
            }
          }
        },
      ),
    );
  });

  test("writes what the contract names and nothing else", () => {
    const output = {
      Account: { AccountId: "1", Name: "n", Arn: "a", CreatedAt: new Date(1234), Hidden: "x" },
      Administrator: { UserName: "u", AccessKeyId: "k", SecretAccessKey: "s" },
      Hidden: "x",
    };
    const { status, headers, body } = codec.encode(operations["CreateAccount"]!, output, "ID");
    expect({ status, headers }).toEqual({
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "ID" },
    });
    expect(JSON.parse(body)).toEqual({
      Account: { AccountId: "1", Name: "n", Arn: "a", CreatedAt: 1.234 },
      Administrator: { UserName: "u", AccessKeyId: "k", SecretAccessKey: "s" },
    });
    expect(() => codec.encode(operations["CreateAccount"]!, {}, "ID")).toThrow(TypeError);
  });

  test("a sample of every output can be written", () => {
    for (const operation of Object.values(operations)) {
      const body = codec.encode(operation, new Sampler().structure(operation.output), "ID").body;
      expect(Object.keys(JSON.parse(body) as object)).toEqual(Object.keys(operation.output.members));
    }
  });

  test("faults", () => {
    expect(codec.renderFault(new Fault("AccessDenied", 403, "no"), "ID")).toEqual({
      status: 403,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amzn-requestid": "ID",
        "x-amzn-errortype": "AccessDenied",
      },
      body: `{"__type":"AccessDenied","message":"no"}`,
    });
    expect(() => codec.operation("X", undefined)).toThrow(
      expect.objectContaining({ code: "UnknownOperationException", status: 400 }),
    );
  });
});
