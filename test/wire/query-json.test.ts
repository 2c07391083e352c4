import { describe, expect, test } from "vitest";
import { contracts } from "../../src/contracts/contracts.ts";
import { Fault } from "../../src/contracts/fault.ts";
import type { Shape } from "../../src/contracts/model.ts";
import { iamDialect, stsDialect } from "../../src/wire/dialect.ts";
import { ServiceCodec } from "../../src/wire/protocol.ts";
import { percentEncode } from "../../src/wire/xml-text.ts";
import { casesIn } from "../harness/cases.ts";
import { Sampler } from "./sample.ts";

interface Case {
  readonly name: string;
  readonly service: "iam" | "sts";
  readonly operation: string;
  readonly output: object;
  readonly expected: string;
}

const codecs = { iam: new ServiceCodec(contracts.iam, iamDialect), sts: new ServiceCodec(contracts.sts, stsDialect) };

describe("answers of the query protocol in JSON", () => {
  test.each(casesIn<Case>("wire/json-answers.jsonl"))("$name", ({ service, operation, output, expected }) => {
    const codec = codecs[service];
    const contract = codec.operation(operation, codec.contract.apiVersion);
    expect(codec.encode(contract, datesIn(output), "ID", true)).toEqual({
      status: 200,
      headers: { "content-type": "application/json", "x-amzn-requestid": "ID" },
      body: expected,
    });
  });

  test("every member of every operation comes back", () => {
    for (const codec of Object.values(codecs)) {
      for (const operation of Object.values(codec.contract.operations)) {
        const output = new Sampler().structure(operation.output);
        const answer = JSON.parse(codec.encode(operation, output, "ID", true).body) as Record<string, unknown>;
        expect(answer).toEqual({
          [`${operation.name}Response`]: {
            ...(operation.noResult ? {} : { [`${operation.name}Result`]: shown(operation.output, "", output) }),
            ResponseMetadata: { RequestId: "ID" },
          },
        });
      }
    }
  });

  test("an output that lacks what the contract promises is an error, not an answer", () => {
    const { iam } = codecs;
    expect(() => iam.encode(contracts.iam.operations["CreateRole"]!, {}, "ID", true)).toThrow(TypeError);
  });

  test("faults: of the client, of the server, without a message", () => {
    const body = (fault: Fault): unknown => codecs.iam.renderFault(fault, "ID", true).body;
    expect(codecs.sts.renderFault(new Fault("ValidationError", 400, `a "b" é`), "ID", true)).toEqual({
      status: 400,
      headers: { "content-type": "application/json", "x-amzn-requestid": "ID" },
      body: `{"Error":{"Code":"ValidationError","Message":"a \\"b\\" é","Type":"Sender"},"RequestId":"ID"}`,
    });
    expect(body(new Fault("InternalFailure", 500, "x"))).toContain(`"Type":"Receiver"`);
    expect(body(new Fault("MalformedInput", 400))).toBe(
      `{"Error":{"Code":"MalformedInput","Message":null,"Type":"Sender"},"RequestId":"ID"}`,
    );
  });
});

/** `{"$date": …}` in a case is an instant. */
function datesIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(datesIn);
  if ("$date" in value) return new Date(value.$date as string);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, datesIn(member)]));
}

/** What JSON shows of a value. */
function shown(shape: Shape, name: string, value: unknown): unknown {
  switch (shape.type) {
    case "structure":
      return Object.fromEntries(
        Object.entries(value as object).map(([member, item]) => [
          member,
          shown(shape.members[member]!.shape, member, item),
        ]),
      );
    case "list":
      return (value as unknown[]).map((item) => shown(shape.member, name, item));
    case "map":
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, shown(shape.value, name, item)]),
      );
    case "timestamp":
      return (value as Date).getTime() / 1000;
    case "blob":
      return Buffer.from(value as Uint8Array).toString("base64");
    default:
      return iamDialect.encodedDocuments.has(name) ? percentEncode(value as string) : value;
  }
}
