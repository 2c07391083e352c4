/** Nothing that a contract marks as sensitive is in a record, in whatever operation and however deep it stands. */
import { describe, expect, it, test } from "vitest";
import type { OperationContract, Shape, StructureShape } from "../../src/contracts/model.ts";
import { secretsIn } from "../../src/contracts/secrets.ts";
import type { Service } from "../../src/services/service.ts";
import { services } from "../../src/services/services.ts";
import { elementsText } from "../../src/trail/elements.ts";
import { trailRecords } from "../../src/trail/record.ts";
import { ann, factsOf } from "../harness/call-facts.ts";

const secret = "the-secret";

/** A value of a shape in which all that is sensitive, and nothing else, says `the-secret`. */
function valueOf(shape: Shape, within = false): unknown {
  const hidden = within || shape.sensitive === true;
  switch (shape.type) {
    case "string":
      return hidden ? secret : "open";
    case "blob":
      return Buffer.from(hidden ? secret : "open");
    case "list":
      return [valueOf(shape.member, hidden)];
    case "map":
      return { [valueOf(shape.key, hidden) as string]: valueOf(shape.value, hidden) };
    case "structure":
      return structureOf(shape, hidden);
    case "timestamp":
      return new Date(0);
    case "boolean":
      return true;
    case "document":
      return hidden ? { any: secret } : {};
    default:
      return 1;
  }
}

function structureOf(shape: StructureShape, within = false): object {
  return Object.fromEntries(
    Object.entries(shape.members).map(([name, member]) => [name, valueOf(member.shape, within)]),
  );
}

function recordOf(service: Service, contract: OperationContract): string {
  const facts = factsOf({
    // As if it changed something: the answers of reads are in no record anyway.
    operation: { ...service.recorded(contract), answers: true },
    caller: ann,
    input: structureOf(contract.input),
    output: structureOf(contract.output),
  });
  const [record] = trailRecords(facts, { uuid: () => "other" });
  return record!.text;
}

const operations = Object.values(services).flatMap((service) =>
  Object.values(service.codec.contract.operations).map((contract) => [service.name, contract.name, contract] as const),
);
const sensitive = operations.filter(([, , { input, output }]) =>
  JSON.stringify([structureOf(input), structureOf(output)], shown).includes(secret),
);

/** Bytes as their text. */
function shown(_: string, value: unknown): unknown {
  const bytes = value as { type?: string; data?: number[] } | null;
  return bytes?.type === "Buffer" && bytes.data !== undefined ? Buffer.from(bytes.data).toString() : value;
}

describe("what a contract marks as sensitive", () => {
  it("is in the contracts at all", () => {
    expect(sensitive.map(([, name]) => name)).toEqual(
      expect.arrayContaining(["CreateAccessKey", "CreateLoginProfile", "GetDelegatedAccessToken", "CreateAccount"]),
    );
  });

  it.each(sensitive)("is not in a record of %s:%s", (service, _, contract) => {
    const text = recordOf(services[service], contract);
    expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({ requestParameters: {}, responseElements: {} });
  });
});

describe("a shape's secrets", () => {
  const text = { type: "string" } as const;
  const hidden = { type: "string", sensitive: true } as const;
  const structure = (members: Record<string, Shape>): StructureShape => ({
    type: "structure",
    members: Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, { shape }])),
  });
  const pair = structure({ Open: text, Closed: hidden });

  test.each<[string, Shape, object]>([
    ["a list of them", structure({ All: { type: "list", member: hidden } }), {}],
    ["in a list", structure({ All: { type: "list", member: pair } }), { all: [{ open: "open" }] }],
    [
      "in a list of lists",
      structure({ All: { type: "list", member: { type: "list", member: pair } } }),
      { all: [[{ open: "open" }]] },
    ],
    ["keys of a map", structure({ All: { type: "map", key: hidden, value: text } }), {}],
    ["values of a map", structure({ All: { type: "map", key: text, value: hidden } }), {}],
    [
      "in values of a map",
      structure({ All: { type: "map", key: text, value: pair } }),
      { all: { open: { open: "open" } } },
    ],
    [
      "a structure",
      structure({ All: { ...structure({ Open: text }), sensitive: true }, Open: text }),
      { open: "open" },
    ],
    ["a number", structure({ Pin: { type: "integer", sensitive: true } }), {}],
  ])("%s", (_, shape, expected) => {
    const written = elementsText(valueOf(shape), secretsIn(shape), 10_000).text;
    expect(JSON.parse(written)).toEqual(expected);
  });

  test("all of an input", () => {
    const shape = { ...pair, sensitive: true };
    expect(elementsText(valueOf(shape), secretsIn(shape), 10_000).text).toBe("null");
  });
});
