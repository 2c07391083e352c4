import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadServiceData } from "../../src/cli/service-data.ts";
import type { PolicyKind } from "../../src/policy/types.ts";
import { checks } from "../../src/policy/validate/catalogue.ts";
import { servicesOf, validate } from "../../src/policy/validate/validate.ts";

interface Case {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly document: unknown;
  /** Issue code and path; the message too where it tells something of the document. */
  readonly expected: readonly (readonly [code: string, path: string, message?: string])[];
}

const cases = readFileSync(new URL("../cases/policy-validate/findings.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

function textOf(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}

const services = await loadServiceData(cases.flatMap(({ document }) => servicesOf(textOf(document))));

describe("validate", () => {
  it.each(cases.map((row) => [row.name, row] as const))("%s", (_name, { kind, document, expected }) => {
    const found = validate(textOf(document), { kind, services }).map(({ code, path, message }) =>
      checks[code].message.includes("{") ? [code, path, message] : [code, path],
    );
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it("has a case for every code", () => {
    const covered = new Set(cases.flatMap(({ expected }) => expected.map(([code]) => code)));
    expect(Object.keys(checks).filter((code) => !covered.has(code))).toEqual([]);
  });

  it("leaves no hole in a message or a fix", () => {
    for (const { kind, document } of cases) {
      for (const { message, fix } of validate(textOf(document), { kind, services })) {
        expect(`${message} ${fix}`).not.toMatch(/\{[a-z]\w*\}|undefined|null/);
      }
    }
  });

  it("gives line, column and offset of what is wrong, and what to do", () => {
    const text = `{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObjekt"], "Resource": "*"
  }
}`;
    const offset = text.indexOf('"s3:GetObjekt"');
    expect(validate(text, { kind: "identity", services })).toEqual([
      {
        type: "ERROR",
        code: "INVALID_ACTION",
        message: "The action s3:GetObjekt does not exist. Did you mean s3:GetObject?",
        fix: expect.stringContaining("name of the action"),
        path: "Statement.Action[0]",
        start: { line: 5, column: 16, offset },
        end: { line: 5, column: 30, offset: offset + 14 },
      },
    ]);
  });

  it("says where the JSON breaks off", () => {
    expect(validate('{\n "Version" "2012-10-17"}', { kind: "identity" })).toMatchObject([
      { code: "JSON_SYNTAX_ERROR", message: "Fix the JSON syntax error at index 13 line 2 column 12." },
    ]);
  });

  it("judges no action, key or ARN format without service data", () => {
    const text = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "nosuch:Thing",
          Resource: "arn:aws:nosuch:::x",
          Condition: { Bool: { "aws:No": "true" } },
        },
      ],
    });
    expect(validate(text, { kind: "identity" })).toEqual([]);
  });

  it("reports several things about one document", () => {
    const text = '{"Statement":[{"Effect":"allow","Action":[],"Resource":{}},5]}';
    const codes = validate(text, { kind: "identity" }).map(({ code }) => code);
    expect(codes).toEqual([
      "MISSING_VERSION",
      "INVALID_EFFECT",
      "EMPTY_ARRAY_ACTION",
      "DATA_TYPE_MISMATCH",
      "DATA_TYPE_MISMATCH",
    ]);
  });
});

describe("servicesOf", () => {
  it("names the services that a document speaks of", () => {
    const text =
      '{"Statement":{"Effect":"Allow","Action":["S3:Get*","*"],"Resource":"arn:aws:sqs:::x","Condition":{"Bool":{"kms:X":"true"}}}}';
    expect(servicesOf(text).toSorted()).toEqual(["kms", "s3", "sqs"]);
    expect(servicesOf("{")).toEqual([]);
  });
});
