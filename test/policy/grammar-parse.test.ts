import { describe, expect, it } from "vitest";
import { parse, parseWithPositions, PolicySyntaxError, simulatorPosition } from "../../src/policy/parse.ts";

function refusal(text: string): PolicySyntaxError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

const statement = '{"Effect":"Allow","Action":"s3:*","Resource":"*"}';

describe("parse", () => {
  it("makes lists of lone values and text of numbers and booleans", () => {
    const text = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"a:b",
      "Condition":{"Bool":{"aws:SecureTransport":false},"NumericLessThan":{"k":[1.50,"2"]}}}}`;
    expect(parse(text)).toEqual({
      version: "2012-10-17",
      id: undefined,
      statements: [
        {
          sid: undefined,
          effect: "Deny",
          principal: { AWS: ["111122223333"] },
          action: ["a:b"],
          condition: [
            { operator: "Bool", key: "aws:SecureTransport", values: ["false"] },
            { operator: "NumericLessThan", key: "k", values: ["1.50", "2"] },
          ],
        },
      ],
    });
  });

  it("decodes escapes and keeps names such as __proto__ harmless", () => {
    const text = String.raw`{"Statement":[{"Effect":"Allow","Action":"a:\u0042","Condition":{"StringEquals":{"__proto__":"\ud83d\ude00\n\/"}}}]}`;
    const [first] = parse(text).statements;
    expect(first?.action).toEqual(["a:B"]);
    expect(first?.condition).toEqual([{ operator: "StringEquals", key: "__proto__", values: ["😀\n/"] }]);
  });

  it.each([
    ["no JSON", "not json", "", 1, 1],
    ["an empty text", "", "", 1, 1],
    ["a byte order mark", "\uFEFF{}", "", 1, 1],
    ["text after the end", `{"Statement":${statement}} x`, "", 1, 65],
    ["a repeated key", `{"Statement":{"Effect":"Allow",\n"Effect":"Deny"}}`, "Statement", 2, 1],
    ["a key repeated through an escape", String.raw`{"Statement":[],"Stat\u0065ment":[]}`, "", 1, 17],
    ["a NUL", String.raw`{"Id":"\u0000"}`, "Id", 1, 7],
    ["a lone surrogate escape", String.raw`{"Id":"\ud800"}`, "Id", 1, 7],
    ["a raw lone surrogate", `{"Id":"\uDC00"}`, "Id", 1, 7],
    ["a raw newline in a string", '{"Id":"a\nb"}', "Id", 1, 9],
    ["excess depth", "[".repeat(100_000), "[0]".repeat(32), 1, 33],
    ["a trailing comma", `{"Statement":[${statement},]}`, "Statement[1]", 1, 65],
    ["an unknown element", `{"Statement":[{"Effect":"Allow","Act":"s3:*"}]}`, "Statement[0].Act", 1, 33],
    ["a wrong type", `{"Statement":[{"Effect":"Allow","Action":["a:b",{}]}]}`, "Statement[0].Action[1]", 1, 49],
    ["a number with a leading zero", '{"Statement":[01]}', "Statement", 1, 16],
    ["an unfinished document", '{"Statement":[', "Statement", 1, 15],
    ["both Action and NotAction", '{"Statement":{"Effect":"Deny","Action":"*","NotAction":"a:b"}}', "Statement", 1, 14],
    ["an exception without entries", '{"Statement":{"Effect":"Allow","NotAction":[]}}', "Statement.NotAction", 1, 44],
    ["an unknown version", `{"Version":"2012-10-18","Statement":${statement}}`, "Version", 1, 12],
    [
      "an unknown principal type",
      '{"Statement":{"Effect":"Deny","Action":"*","Principal":{"User":"x"}}}',
      "Statement.Principal.User",
      1,
      57,
    ],
  ])("refuses %s", (_name, text, path, line, column) => {
    const error = refusal(text);
    expect([error.path, error.line, error.column]).toEqual([path, line, column]);
    expect(error.message).not.toBe("");
  });

  it("reads in linear time", () => {
    const text = (size: number) =>
      `{"Statement":{"Effect":"Allow","Action":[${'"s3:Get\\u0041",'.repeat(size)}"s3:*"]}}`;
    parse(text(1000));
    // The best of several, because others use the machine; a square would take a hundred times as long.
    const time = (size: number) => {
      const once = text(size);
      const times = Array.from({ length: 7 }, () => {
        const start = performance.now();
        parse(once);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    time(20_000);
    expect(time(200_000)).toBeLessThan(60 * Math.max(time(20_000), 2));
  });
});

describe("simulatorPosition", () => {
  it("gives the columns that AWS gave (recorded by LocalStack, snapshot of 21-04-2025)", () => {
    const text =
      '{"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}';
    expect(simulatorPosition(parseWithPositions(text), 0)).toEqual({
      StartPosition: { Line: 1, Column: 41 },
      EndPosition: { Line: 1, Column: 113 },
    });
  });
});
