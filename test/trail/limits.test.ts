/** Every text of a record has a length, whatever a stranger or a principal sends. */
import { describe, expect, test } from "vitest";
import { elementsText } from "../../src/trail/elements.ts";
import { trailRecords } from "../../src/trail/record.ts";
import type { CallFacts } from "../../src/trail/facts.ts";
import { ann, factsOf } from "../harness/call-facts.ts";

function textOf(more: Partial<CallFacts>): string {
  const [record] = trailRecords(factsOf({ secure: true, input: null, ...more }), { uuid: () => "other" });
  return record!.text;
}

/** As JSON writes them: as they are, twice, six times as long. */
const long = ["x", '"', "\u0001", "\ud800", "漢"].map((text) => text.repeat(1_000_000));

const places: Readonly<Record<string, (text: string) => Partial<CallFacts>>> = {
  "user agent": (userAgent) => ({ userAgent }),
  host: (host) => ({ host }),
  region: (region) => ({ region }),
  "key id": (claimedAccessKeyId) => ({ claimedAccessKeyId }),
  "source address": (sourceIp) => ({ sourceIp }),
  "fault's message": (message) => ({ fault: { code: "x", message } }),
  "fault's code": (code) => ({ fault: { code, message: "x" } }),
};

describe.each(Object.entries(places))("a long %s", (_name, facts) => {
  test.each(long.map((text) => [text.slice(0, 1), text]))("of %j", (_first, text) => {
    const nobody = textOf(facts(text));
    expect(() => JSON.parse(nobody)).not.toThrow();
    expect(nobody.length).toBeLessThan(5000);
    const principal = textOf({ caller: ann, ...facts(text) });
    expect(() => JSON.parse(principal)).not.toThrow();
    expect(principal.length).toBeLessThan(10_000);
  });
});

function nested(depth: number): object {
  let value: object = { Leaf: "x" };
  for (let index = 0; index < depth; index++) value = index % 2 === 0 ? { Below: value } : { List: [value] };
  return value;
}

const inputs: Readonly<Record<string, object>> = {
  "one long text": { Text: long[0]! },
  "a text that JSON makes longer": { Text: long[2]! },
  "many texts": { List: Array.from({ length: 20_000 }, () => "x".repeat(50)) },
  "many empty texts": { List: Array.from({ length: 200_000 }, () => "") },
  "many numbers": { List: Array.from({ length: 200_000 }, () => 1) },
  "many structures": { List: Array.from({ length: 200_000 }, () => ({})) },
  "many members": Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`Key${index}`, true])),
  "long names": { ["K".repeat(1_000_000)]: "x", After: "y".repeat(200_000) },
  depth: nested(5000),
};

describe.each(Object.entries(inputs))("parameters and answers: %s", (_name, input) => {
  test("are cut where the room ends, and the record says so", () => {
    const text = textOf({ caller: ann, input, output: input });
    expect(JSON.parse(text)).toMatchObject({ omitted: true, eventName: "CreateUser", requestID: "request" });
    expect(text.length).toBeLessThan(205_000);
    const refused = textOf({ caller: ann, input, fault: { code: "AccessDenied", message: "no" } });
    expect(JSON.parse(refused)).toMatchObject({ omitted: true });
    expect(refused.length).toBeLessThan(18_000);
  });
});

test("what fits stands whole, and nothing is said", () => {
  const text = textOf({ caller: ann, input: { Document: "y".repeat(99_000), Name: "z" } });
  const event = JSON.parse(text) as { requestParameters: { document: string; name: string } };
  expect(event.requestParameters.document).toHaveLength(99_000);
  expect(event.requestParameters.name).toBe("z");
  expect(event).not.toHaveProperty("omitted");
});

test("members that come first are kept", () => {
  const { text, omitted } = elementsText({ First: "a", Second: "b".repeat(1000), Third: "c" }, null, 100);
  expect(omitted).toBe(true);
  expect(JSON.parse(text)).toEqual({ first: "a", second: expect.stringMatching(/^b{5,20}\.\.\.$/) as string });
});

test("what an operation adds is left out where it is too much", () => {
  const event = JSON.parse(textOf({ caller: ann, additional: { note: "x".repeat(100_000) } })) as object;
  expect(event).toMatchObject({ omitted: true });
  expect(JSON.stringify(event).length).toBeLessThan(2000);
});
