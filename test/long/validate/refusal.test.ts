import { describe, expect, it } from "vitest";
import type { GrammarOptions } from "../../../src/policy/grammar/check.ts";
import { refusalOf } from "../../../src/policy/grammar/refusal.ts";
import type { PolicyKind } from "../../../src/policy/types.ts";
import { validate } from "../../../src/policy/validate/validate.ts";
import { casesIn } from "../../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly document: unknown;
}

const kinds: readonly PolicyKind[] = ["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"];
const files = ["identity", "trust", "other", "observed"].map((name) => `policy-grammar/${name}.jsonl`);
const cases = [...files, "policy-validate/findings.jsonl"].flatMap((file) => casesIn<Case>(file));

function textOf(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}

/** What a server with these settings takes, as the server asks and as `validate` does. */
const servers: readonly Required<GrammarOptions>[] = [
  { partitions: ["aws"], compatibility: "strict", servicePrincipals: [], requireVersion: false },
  { partitions: ["aws"], compatibility: "aws", servicePrincipals: ["billing.example.com"], requireVersion: true },
];

describe("a document that is refused", () => {
  it.each(kinds)("as %s is one with an ERROR", (kind) => {
    for (const { name, document } of cases) {
      const text = textOf(document);
      for (const server of servers) {
        const refusal = refusalOf(text, kind, server);
        if (refusal === null) continue;
        const errors = validate(text, { kind, ...server }).filter(({ type }) => type === "ERROR");
        expect(errors, `${name}: ${refusal.message}`).not.toEqual([]);
      }
    }
  });
});

describe("what to do about a refusal", () => {
  const said = (text: string, kind: PolicyKind = "identity") =>
    validate(text, { kind })
      .filter(({ code }) => code === "POLICY_REFUSED")
      .map(({ message, fix }) => `${message} ${fix}`);
  const read = (resource: string) => `{"Effect":"Allow","Action":"s3:GetObject","Resource":"${resource}"}`;
  const legacy = "The policy is not taken: The policy failed legacy parsing ";

  it("white space in front", () => {
    const text = `\n{"Version":"2012-10-17","Statement":${read("*")}}`;
    expect(said(text)).toEqual([`${legacy}Remove the white space before the first brace.`]);
    expect(said(text, "session")).toEqual([]);
  });

  it("a character that the API does not take", () => {
    const text = `{"Version":"2012-10-17","Statement":${read("arn:aws:s3:::b/😀")}}`;
    expect(said(text)).toEqual([
      "The policy is not taken: The specified value for policyDocument is invalid. It must contain only printable ASCII characters. Remove the character U+1F600; within a string of JSON it may stand as \\uD83D\\uDE00.",
    ]);
    expect(said(text.replace("😀", "\\uD83D\\uDE00"))).toEqual([]);
  });

  it("Version behind a lone statement", () => {
    expect(said(`{"Statement":${read("*")},"Version":"2012-10-17"}`)).toEqual([
      `${legacy}Write Version before Statement, or the statement in a list.`,
    ]);
  });

  it("a placeholder", () => {
    const arn = "arn:aws:sqs:us-east-1:<ACCOUNT>:q";
    expect(said(`{"Version":"2012-10-17","Statement":${read(arn)}}`)).toEqual([
      `${legacy}Write the ARN ${arn} in full, with a Region and an account of letters, digits and hyphens.`,
    ]);
  });

  it("a service that is misspelt", () => {
    const trust = (service: string) =>
      `{"Statement":{"Effect":"Allow","Principal":{"Service":"${service}"},"Action":"sts:AssumeRole"}}`;
    const refused = 'The policy is not taken: Invalid principal in policy: "SERVICE":';
    expect(said(trust("ecs-task.amazonaws.com"), "trust")).toEqual([
      `${refused}"ecs-task.amazonaws.com" No service of AWS has this name. Did you mean ecs-tasks.amazonaws.com?`,
    ]);
    expect(said(trust("billing.example.com"), "trust")).toEqual([
      `${refused}"billing.example.com". The setting servicePrincipals names services of your own. No service of AWS has this name. Did you mean billing.amazonaws.com?`,
    ]);
    expect(said(trust("lambda.amazonaws.com"), "trust")).toEqual([]);
  });

  it("nothing is repeated that Access Analyzer says", () => {
    expect(said('{"Version":"2012-10-17","Statement":[]}')).toEqual([]);
  });
});
