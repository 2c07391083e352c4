import { describe, expect, test } from "vitest";
import { named, shorten } from "../../src/text/shorten.ts";
import { visible, visibleJson } from "../../src/text/visible.ts";

/** By what they do to a terminal. */
const hostile: readonly (readonly [name: string, text: string])[] = [
  ["a control sequence", "\u001B[2J"],
  ["a control character of eight bits", "\u009B2J"],
  ["line feed and carriage return", "\r\n"],
  ["delete", "\u007F"],
  ["right-to-left override", "\u202Egnp.exe"],
  ["an isolate", "\u2066x\u2069"],
  ["line and paragraph separators", "\u2028\u2029"],
  ["a zero-width space and a joiner", "a\u200Bb\u200Dc"],
  ["a byte order mark", "\uFEFF"],
  ["a soft hyphen", "\u00AD"],
  ["tag characters", "\u{E0001}\u{E0041}\u{E007F}"],
  ["variation selectors", "\uFE0F\u{E0100}\u180B"],
  ["fillers that are letters", "\u115F\u3164\uFFA0"],
  ["private use", "\uE000\u{F0000}\u{10FFFD}"],
  ["not assigned", "\u0378\u{EFFFF}"],
  ["no character", "\uFFFE\uFFFF"],
  ["half a pair", "\uD800x\uDC00"],
  ["interlinear annotation", "\uFFF9\uFFFB"],
];

/** Said in another way than src says it: by code points. */
function isSafe(text: string): boolean {
  return [...text].every((character) => {
    const code = character.codePointAt(0)!;
    return code >= 0x20 && code < 0x7f;
  });
}

describe("text that shows all of itself", () => {
  test.each(hostile)("%s", (_name, text) => {
    expect(isSafe(visible(text))).toBe(true);
    expect(visible(`[${text}]`)).not.toBe(`[${text}]`);
  });

  test("names the character that it does not show", () => {
    expect(visible("a\u202Eb\u{E0041}\uD800\n")).toBe("a\\u{202E}b\\u{E0041}\\u{D800}\\u{A}");
  });

  test.each(["plain", "Grüße, Łódź", "日本語", "שלום", "e\u0301", "🎉"])("%s stays", (text) => {
    expect(visible(text)).toBe(text);
  });

  test.each(hostile)("JSON with %s means what it meant", (_name, text) => {
    const shown = visibleJson(JSON.stringify({ [text]: [text] }));
    expect(isSafe(shown)).toBe(true);
    expect(JSON.parse(shown)).toEqual({ [text]: [text] });
  });
});

describe("text of a length", () => {
  test("is cut between characters, and says so", () => {
    expect(shorten("abcdef", 6)).toBe("abcdef");
    expect(shorten("abcdef", 5)).toBe("abcde...");
    expect(shorten("ab🎉f", 3)).toBe("ab...");
    expect(shorten("ab🎉f", 4)).toBe("ab🎉...");
    expect(named("x".repeat(128))).toBe("x".repeat(128));
    expect(named("x".repeat(129))).toBe(`${"x".repeat(128)}...`);
  });
});
