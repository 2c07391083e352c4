import { describe, expect, it } from "vitest";
import { checkGrammar, type GrammarOptions } from "../../../src/policy/grammar/check.ts";
import { invalidPrincipalMessage, PolicyGrammarError } from "../../../src/policy/grammar/fault.ts";
import type { PolicyKind } from "../../../src/policy/types.ts";
import { casesIn } from "../../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly document: unknown;
  readonly options?: GrammarOptions;
  readonly expected: string;
}

function outcome({ document, kind, options }: Case): string {
  try {
    checkGrammar(typeof document === "string" ? document : JSON.stringify(document), kind, options);
    return "valid";
  } catch (error) {
    if (!(error instanceof PolicyGrammarError)) throw error;
    return error.code === "MalformedPolicyDocument" ? error.message : `${error.code}: ${error.message}`;
  }
}

describe.each(["identity", "trust", "shared-issuers", "other", "observed"])("checkGrammar, %s.jsonl", (file) => {
  it.each(casesIn<Case>(`policy-grammar/${file}.jsonl`).map((row) => [row.name, row] as const))("%s", (_name, row) => {
    expect(outcome(row)).toBe(row.expected);
  });
});

describe("checkGrammar", () => {
  it("gives the document", () => {
    const document = checkGrammar(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["*",null]}]}',
      "identity",
    );
    expect(document.statements).toEqual([{ sid: undefined, effect: "Allow", action: ["s3:*"], resource: ["*"] }]);
  });

  it("keeps the place of a syntax error as its cause", () => {
    try {
      checkGrammar('{"Version":"2012-10-17",\n"Statement":[}', "identity");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        message: "Syntax errors in policy.",
        cause: { line: 2, column: 14 },
      });
    }
  });

  it("names an unknown principal as AWS does", () => {
    expect(invalidPrincipalMessage("AWS", "arn:aws:iam::111122223333:role/gone")).toBe(
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/gone"',
    );
    expect(invalidPrincipalMessage("Service", "x.amazonaws.com")).toBe(
      'Invalid principal in policy: "SERVICE":"x.amazonaws.com"',
    );
  });
});
