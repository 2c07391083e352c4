/** Which attributes of assertions give condition keys. */
import { expect, test } from "vitest";
import { keysOf } from "../../../src/federation/saml/attribute-keys.ts";
import { knownContextKey } from "../../../src/policy/context-key.ts";
import { foldName } from "../../../src/policy/name.ts";
import { casesIn } from "../../harness/cases.ts";

interface Row {
  readonly attribute: string;
  readonly key: string;
}

const rows = casesIn<Row>("saml/attribute-keys.jsonl");

test.each(rows)("$attribute gives $key, as often as the key has values", ({ attribute, key }) => {
  const known = knownContextKey(foldName(key));
  const several = keysOf(new Map([[attribute, ["x", "y"]]]));
  const one = keysOf(new Map([[attribute, ["x"]]]));
  const folded = (keys: object) =>
    Object.entries(keys).map(([name, value]) => [knownContextKey(foldName(name))?.name, value]);
  expect(folded(one)).toEqual([[known!.name, known!.values === "many" ? ["x"] : "x"]]);
  expect(folded(several)).toEqual(known!.values === "many" ? [[known!.name, ["x", "y"]]] : []);
});

test("no other attribute gives one, and the first of two that give the same", () => {
  expect(
    keysOf(
      new Map([
        ["saml:sub", ["x"]],
        ["urn:oid:2.5.4.99", ["x"]],
        ["2.5.4.3", []],
      ]),
    ),
  ).toEqual({});
  const names = new Map([
    ["2.5.4.3", ["first"]],
    ["http://schemas.xmlsoap.org/claims/CommonName", ["second"]],
  ]);
  expect(keysOf(names)).toEqual({ "saml:commonName": "first" });
});
