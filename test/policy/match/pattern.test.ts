import { describe, expect, test } from "vitest";
import { fc } from "../../harness/property.ts";
import { ActionIndex } from "../../../src/policy/match/action-index.ts";
import { Effort, within } from "../../../src/policy/effort.ts";
import { matchesPattern, patternOf } from "../../../src/policy/match/pattern.ts";

/** A naive matcher, exponential and obviously right. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] === "*") return naive(pattern.slice(1), text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1));
}

/** Up to the length that is asked for: without `size` fast-check stays below ten. */
const letters = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength, size: "max" }).map((list) => list.join(""));

describe("patterns", () => {
  test("match as the naive matcher does", () => {
    fc.assert(
      fc.property(letters("ab*?", 8), letters("ab", 10), (pattern, text) => {
        expect(matchesPattern(patternOf(pattern), text)).toBe(naive(pattern, text));
      }),
      { numRuns: 5000 },
    );
  });

  test("with long segments match as a search place by place does", () => {
    const long = fc.tuple(letters("ab?", 80), letters("ab", 300));
    fc.assert(
      fc.property(long, fc.nat(200), fc.boolean(), ([segment, text], at, plant) => {
        const filled = segment.replaceAll("?", "a");
        const searched = plant ? text.slice(0, at) + filled + text.slice(at) : text;
        const expected = Array.from({ length: searched.length + 1 }, (_, start) => start).some(
          (start) =>
            start + segment.length <= searched.length &&
            [...segment].every((one, index) => one === "?" || one === searched[start + index]),
        );
        expect(matchesPattern(patternOf(`*${segment}*`), searched)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([31, 32, 33, 63, 64, 65, 96, 97])("find a segment of %d places wherever it is", (length) => {
    const segment = Array.from({ length }, (_, index) => (index % 5 === 3 ? "?" : "abc"[index % 3])).join("");
    const filled = segment.replaceAll("?", "x");
    const pattern = patternOf(`*${segment}*`);
    for (let at = 0; at < 40; at++) {
      const before = "z".repeat(at);
      expect(matchesPattern(pattern, before + filled), `after ${at}`).toBe(true);
      expect(matchesPattern(pattern, `${before}${filled}abc`), `within, after ${at}`).toBe(true);
      expect(matchesPattern(pattern, before + filled.slice(1)), `its first one missing, after ${at}`).toBe(false);
      expect(matchesPattern(pattern, before + filled.slice(0, -1)), `its last one missing, after ${at}`).toBe(false);
    }
    // The places that others need: the text before and after has to be there as well, and no character twice.
    expect(matchesPattern(patternOf(`ab*${segment}*cd`), `ab${filled}cd`)).toBe(true);
    expect(matchesPattern(patternOf(`ab*${segment}*cd`), `ab${filled.slice(0, -1)}cd`)).toBe(false);
    expect(matchesPattern(patternOf(`*${segment}*${segment}*`), filled + filled)).toBe(true);
    expect(matchesPattern(patternOf(`*${segment}*${segment}*`), filled + filled.slice(1))).toBe(false);
  });

  test("tell a long segment from the nearest other", () => {
    const segment = `${"a".repeat(31)}bc${"a".repeat(31)}d`;
    for (let at = 0; at < segment.length; at++) {
      const other = `${segment.slice(0, at)}x${segment.slice(at + 1)}`;
      expect(matchesPattern(patternOf(`*${segment}*`), `a${other}a`), String(at)).toBe(false);
      const open = `${segment.slice(0, at)}?${segment.slice(at + 1)}`;
      expect(matchesPattern(patternOf(`*${open}*`), `a${other}a`), String(at)).toBe(true);
    }
  });

  test("know that characters of regular expressions are only themselves", () => {
    for (const text of [".", "a.c", "[ab]", "(", "\\d", "^a$", "a|b", "a+", "\n", "é", "😀"]) {
      expect(matchesPattern(patternOf(text), text)).toBe(true);
      expect(matchesPattern(patternOf(text), "abc")).toBe(false);
      expect(matchesPattern(patternOf(`*${text}*`), `x${text}\ny`)).toBe(true);
    }
  });

  // Counted steps, not time: eight times the text may cost eight times as much and not sixty-four.
  test.each([
    ["*a*a*a*b", (size: number) => `${"a".repeat(size)}c`],
    [`${"*a".repeat(500)}*b`, (size: number) => "a".repeat(size)],
    [`*${"a".repeat(500)}b*`, (size: number) => "a".repeat(size)],
    [`*${"?a".repeat(250)}b*`, (size: number) => "a".repeat(size)],
    ["*".repeat(6000), (size: number) => "a".repeat(size)],
    ["*?".repeat(1000), (size: number) => "a".repeat(size)],
  ])("stay linear on %.20s…", (text, make) => {
    const pattern = patternOf(text);
    const cost = (size: number): number => {
      const subject = make(size);
      const effort = new Effort();
      within(effort, () => matchesPattern(pattern, subject));
      return effort.spent;
    };
    expect(cost(4096)).toBeLessThanOrEqual(9 * Math.max(512, cost(512)));
  });
});

describe("the action index", () => {
  const index = new ActionIndex([
    { action: ["s3:GetObject", "s3:Put*"] },
    { action: ["S3:List*", "sqs:*"] },
    { action: ["s*:GetObject", "*"] },
    { notAction: ["s3:GetObject"] },
    {},
    { action: ["s3"] },
  ]);

  test.each([
    ["s3:deleteobject", [0, 1]],
    ["s3:", [0, 1]],
    ["sqs:sendmessage", [1]],
    ["sns:publish", []],
    ["s3", []],
    ["", []],
  ])("knows which statements name the service of %j, whatever its operation", (action, statements) => {
    expect(index.statementsOfService(action)).toEqual(statements);
  });

  test.each([
    ["s3:getobject", [0, 2]],
    ["s3:putobject", [0, 2, 3]],
    ["s3", [2, 3, 5]],
  ])("finds the statements that speak of %j", (action, statements) => {
    expect(index.statementsFor(action)).toEqual(statements);
  });

  const actions = letters("ab*?:", 6);
  test("finds the statements that trying every pattern finds", () => {
    const statement = fc.oneof(
      fc.array(actions, { minLength: 1, maxLength: 4 }).map((action) => ({ action })),
      fc.array(actions, { minLength: 1, maxLength: 3 }).map((notAction) => ({ notAction })),
    );
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 5 }), letters("ab:", 6), (statements, asked) => {
        const expected = statements.flatMap((one, index) => {
          const listed = ("action" in one ? one.action : one.notAction).some((pattern) => naive(pattern, asked));
          return listed === "action" in one ? [index] : [];
        });
        expect(new ActionIndex(statements).statementsFor(asked)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
