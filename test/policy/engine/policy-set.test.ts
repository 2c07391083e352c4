import { expect, test } from "vitest";
import { sourceOf } from "../../../src/policy/engine/compiled.ts";
import type { Compiled } from "../../../src/policy/engine/compiled.ts";
import { compile } from "../../../src/policy/index.ts";
import { candidatesOf } from "../../../src/policy/engine/policy-set.ts";
import { compileResource } from "../../../src/policy/match/resource-match.ts";

// What is remembered changes no decision, only its cost: here it is looked at by itself.

const text = (sid: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Sid: sid, Effect: "Allow", Action: "s3:*", Resource: "*" } });
const policy = (sid: string) => compile(text(sid), "identity");

test("policies of one text and kind share its document", () => {
  const { document } = sourceOf(policy("one"));
  sourceOf(policy("two"));
  expect(sourceOf(policy("one")).document).toBe(document);
  expect(sourceOf(compile(text("one"), "boundary")).document).not.toBe(document);
  expect(sourceOf(compile(text("one"), "boundary")).document).toEqual(document);
});

test("what policies say of an action is searched once", () => {
  const [a, b, c] = [policy("a"), policy("b"), policy("c")];
  const found = candidatesOf([a, b], "identity", "s3:getobject");
  expect(found.map(({ statement }) => statement.source.sid)).toEqual(["a", "b"]);
  expect(candidatesOf([a], "identity", "s3:getobject")).toHaveLength(1);
  expect(candidatesOf([a, c], "identity", "s3:getobject").map(({ statement }) => statement.source.sid)).toEqual([
    "a",
    "c",
  ]);
  expect(candidatesOf([a, b], "identity", "s3:putobject")).not.toBe(found);
  // Known by its members and kind, whatever the list.
  expect(candidatesOf([a, b], "identity", "s3:getobject")).toBe(found);
});

test("a policy remembers eight sets that begin with it, and then begins anew", () => {
  const first = policy("first");
  const others = Array.from({ length: 9 }, (_, index) => policy(`${index}`));
  const ask = (index: number) => candidatesOf([first, others[index]!], "identity", "s3:getobject");
  const found = others.slice(0, 8).map((_, index) => ask(index));
  expect((first as Compiled).sets).toHaveLength(8);
  for (const [index, known] of found.entries()) expect(ask(index)).toBe(known);
  ask(8);
  expect((first as Compiled).sets).toHaveLength(1);
  expect(ask(0)).not.toBe(found[0]);
  expect(ask(0)).toEqual(found[0]);
});

test("a list of resources is cut into patterns and templates once, and every resource is no list", () => {
  const compiled = (list: readonly string[], negated = false, variables = true) =>
    compileResource({ list, negated, allow: true, completes: false, variables });
  expect(compiled(["arn:aws:s3:::a", "*"])).toBeNull();
  expect(compiled(["*"], true)).not.toBeNull();
  const variable = { type: "variable", key: "k:v", fallback: undefined };
  const bucket = { type: "text", text: "arn:aws:s3:::" };
  expect(compiled(["arn:aws:s3:::a*", "arn:aws:s?:::a", "arn:aws:s3:::${k:v}", "${k:v}"])).toEqual({
    negated: false,
    patterns: [{ kind: "prefix", text: "arn:aws:s3:::a" }],
    bounded: [{ plain: expect.anything(), pattern: [{ text: "arn:aws:s" }, { wild: "one" }, { text: ":::a" }] }],
    templates: [[bucket, variable]],
    oddTemplates: [[variable]],
    strict: true,
  });
  expect(compiled(["arn:aws:s3:::${k:v}"], false, false)).toMatchObject({ templates: [], oddTemplates: [] });
});

test("sets that are not asked again remember nothing once a new generation has begun", () => {
  const [one, other] = [policy("one"), policy("other")];
  const before = candidatesOf([one], "identity", "s3:first");
  const [set] = (one as Compiled).sets;
  expect(set!.remembered).toBe(1);
  for (let index = 0; index < 132_000; index++) candidatesOf([other], "identity", `s3:op${index}`);
  expect(set!.remembered).toBe(0);
  // Found anew.
  expect(candidatesOf([one], "identity", "s3:first")).not.toBe(before);
  expect(candidatesOf([one], "identity", "s3:first")).toEqual(before);
});
