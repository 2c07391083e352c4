import { describe, expect, it } from "vitest";
import { Fault } from "../../src/contracts/fault.ts";
import type { OperationContract, ServiceContract } from "../../src/contracts/model.ts";
import { plainDialect } from "../../src/wire/dialect.ts";
import { ServiceCodec } from "../../src/wire/protocol.ts";
import { scanQuery } from "../../src/wire/query-scan.ts";

const text = { type: "string" } as const;

function operationOf(members: OperationContract["input"]["members"]): OperationContract {
  return {
    name: "Op",
    input: { type: "structure", members },
    output: { type: "structure", members: { Any: { shape: { type: "document" } } } },
    errors: [],
    auth: "sigv4",
    readOnly: true,
    http: { method: "POST", uri: "/things/{id}", status: 201 },
  };
}

function codecOf(operation: OperationContract): ServiceCodec {
  const contract: ServiceContract = {
    service: "iam-toolbox",
    apiVersion: "1",
    protocol: "rest-json",
    xmlNamespace: "",
    operations: { Op: operation },
  };
  return new ServiceCodec(contract, plainDialect);
}

describe("rest-json", () => {
  const operation = operationOf({
    Id: { shape: text, required: true, location: { in: "uri", name: "id" } },
    Count: { shape: { type: "integer", max: 9 }, location: { in: "query", name: "n" } },
    Sure: { shape: { type: "boolean" }, location: { in: "query", name: "sure" } },
    Name: { shape: text },
  });
  const decode = (path: string, query: string, body = "") =>
    codecOf(operation).decode(operation, { path, parameters: scanQuery(query), body: Buffer.from(body) });

  it("reads each member where it stands, and nothing else", () => {
    expect(decode("/things/a%20b", "n=3&sure=true&Name=no&X-Amz-Date=now", '{"Name":"x","Id":"no","n":7}')).toEqual({
      Id: "a b",
      Count: 3,
      Sure: true,
      Name: "x",
    });
    expect(decode("/things/a", "")).toEqual({ Id: "a" });
  });

  it("refuses what it cannot read, and what the contract forbids", () => {
    expect(() => decode("/things/a", "n=x")).toThrow(
      expect.objectContaining({ code: "SerializationException" }) as Error,
    );
    expect(() => decode("/things/a", "sure=yes")).toThrow(expect.objectContaining({ status: 400 }) as Error);
    expect(() => decode("/things/a", "", "[")).toThrow(
      expect.objectContaining({ code: "SerializationException" }) as Error,
    );
    expect(() => decode("/things/a", "n=10")).toThrow(
      expect.objectContaining({ code: "ValidationException" }) as Error,
    );
  });

  it("looks at no body where no member stands in it", () => {
    const bodiless = operationOf({ Id: { shape: text, required: true, location: { in: "uri", name: "id" } } });
    const request = { path: "/things/a", parameters: scanQuery(""), body: Buffer.from("not JSON") };
    expect(codecOf(bodiless).decode(bodiless, request)).toEqual({ Id: "a" });
  });

  it("reads members nowhere that it does not know", () => {
    for (const location of [{ in: "header", name: "x" }, { in: "payload" }] as const) {
      const elsewhere = operationOf({ Id: { shape: text, location } });
      expect(() => codecOf(elsewhere).decode(elsewhere, { body: Buffer.alloc(0) })).toThrow(/no codec carries/);
    }
    const list = operationOf({ Id: { shape: { type: "list", member: text }, location: { in: "query", name: "x" } } });
    expect(() => codecOf(list).decode(list, { body: Buffer.alloc(0) })).toThrow(/no text/);
  });

  it.each([
    ["AccessDenied", 403, "AccessDeniedException"],
    ["InvalidClientTokenId", 403, "UnrecognizedClientException"],
    ["SignatureDoesNotMatch", 403, "InvalidSignatureException"],
    ["ExpiredToken", 403, "ExpiredTokenException"],
    ["MissingAuthenticationToken", 403, "MissingAuthenticationTokenException"],
    ["InternalFailure", 500, "InternalServerException"],
    ["ResourceNotFoundException", 404, "ResourceNotFoundException"],
    ["constructor", 400, "constructor"],
  ])("calls %s by the protocol's name", (code, status, name) => {
    expect(codecOf(operation).renderFault(new Fault(code, status, "why"), "id")).toEqual({
      status,
      headers: { "content-type": "application/json", "x-amzn-requestid": "id", "x-amzn-errortype": name },
      body: '{"message":"why"}',
    });
  });

  it("answers with the status of its contract", () => {
    const answer = codecOf(operation).encode(operation, { Any: { a: ["b"] } }, "id");
    expect(answer).toMatchObject({ status: 201, body: '{"Any":{"a":["b"]}}' });
  });
});
