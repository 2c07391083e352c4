import { describe, expect, it } from "vitest";
import { regions } from "../../../src/cli/regions.gen.ts";
import { loadServiceData } from "../../../src/cli/service-data.ts";
import type { PolicyKind } from "../../../src/policy/types.ts";
import type { ServiceData } from "../../../src/policy/validate/services.ts";
import { checks } from "../../../src/policy/validate/catalogue.ts";
import type { AttachedType } from "../../../src/policy/validate/attached.ts";
import { servicesOf, validate } from "../../../src/policy/validate/validate.ts";
import { casesIn } from "../../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly attachedTo?: AttachedType;
  readonly document: unknown;
  /** Issue code and path; the message too where it tells something of the document. */
  readonly expected: readonly (readonly [code: string, path: string, message?: string])[];
}

const cases = casesIn<Case>("policy-validate/findings.jsonl");

function textOf(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}

/** All that there is to know, as the command gives it; what the grammar refuses besides is refusal.test.ts's. */
function findingsOf({ kind, attachedTo, document }: Case) {
  const options = { kind, services, regions, ...(attachedTo === undefined ? {} : { attachedTo }) };
  return validate(textOf(document), options).filter(({ code }) => code !== "POLICY_REFUSED");
}

const services = await loadServiceData(cases.flatMap(({ document }) => servicesOf(textOf(document))));

describe("validate", () => {
  it.each(cases.map((row) => [row.name, row] as const))("%s", (_name, row) => {
    const found = findingsOf(row).map(({ code, path, message }) =>
      checks[code].message.includes("{") ? [code, path, message] : [code, path],
    );
    expect(found.toSorted()).toEqual(row.expected.toSorted());
  });

  it("has a case for every code", () => {
    const covered = new Set(["POLICY_REFUSED", ...cases.flatMap(({ expected }) => expected.map(([code]) => code))]);
    expect(Object.keys(checks).filter((code) => !covered.has(code))).toEqual([]);
  });

  it("leaves no hole in a message or a fix", () => {
    for (const row of cases) {
      for (const { message, fix } of findingsOf(row)) {
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

  it("says of a policy's resource what the names of services alone tell, without service data", () => {
    const statement = {
      Effect: "Allow",
      Principal: { AWS: "111122223333" },
      Action: ["kms:Decrypt", "s3:ListAllMyBuckets"],
      Resource: ["arn:aws:sqs:::x", "arn:aws:s3:eu-central-1:111122223333:accesspoint/x"],
    };
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const found = validate(text, { kind: "resource", attachedTo: "AWS::S3::Bucket" });
    expect(found.map(({ code, path }) => [code, path])).toEqual([
      ["UNSUPPORTED_ACTION_IN_POLICY", "Statement[0].Action[0]"],
      ["UNSUPPORTED_RESOURCE_ARN_IN_POLICY", "Statement[0].Resource[0]"],
    ]);
  });

  it("judges no Region without Regions", () => {
    const text = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Action: "*",
          Resource: "arn:aws:sqs:nowhere:111122223333:q",
          Condition: { StringEquals: { "aws:RequestedRegion": "nowhere" } },
        },
      ],
    });
    expect(validate(text, { kind: "identity" })).toEqual([]);
    expect(validate(text, { kind: "identity", regions: { aws: ["somewhere"] } }).map(({ code }) => code)).toEqual([
      "INVALID_ARN_REGION",
      "INVALID_REGION",
    ]);
    expect(validate(text, { kind: "identity", regions: { aws: ["nowhere"] } })).toEqual([]);
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

// IAM User Guide, reference_iam-quotas; Organizations User Guide, orgs_reference_limits. White space does not count.
describe("the size of a document", () => {
  const code = /^POLICY_SIZE_EXCEEDS_/;
  const sizes = (kind: PolicyKind, size: number) => {
    const empty = '{"Version": "2012-10-17", "Id": "", "Statement": []}';
    const text = empty.replace('"Id": ""', `"Id":\n\t "${"x".repeat(size - empty.replaceAll(" ", "").length)}"`);
    return validate(text, { kind })
      .filter((finding) => code.test(finding.code))
      .map((finding) => [finding.code, finding.path, finding.start.offset]);
  };
  it.each([
    ["identity", 6144, "POLICY_SIZE_EXCEEDS_MANAGED_POLICY_QUOTA"],
    ["boundary", 6144, "POLICY_SIZE_EXCEEDS_MANAGED_POLICY_QUOTA"],
    ["trust", 2048, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"],
    ["resource", 20_480, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"],
    ["scp", 5120, "POLICY_SIZE_EXCEEDS_SCP_QUOTA"],
  ] as const)("of kind %s may be %d", (kind, most, expected) => {
    expect(sizes(kind, most)).toEqual([]);
    expect(sizes(kind, most + 1)).toEqual([[expected, "", 0]]);
  });

  it("of an identity policy is one more to Access Analyzer than there are characters", () => {
    expect(sizes("identity", 10_239)).toEqual([["POLICY_SIZE_EXCEEDS_MANAGED_POLICY_QUOTA", "", 0]]);
    expect(sizes("identity", 10_240)).toEqual([["POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", "", 0]]);
  });

  it("of other kinds is not judged", () => {
    for (const kind of ["session", "endpoint"] as const) expect(sizes(kind, 30_000)).toEqual([]);
  });
});

describe("findings", () => {
  it("stand in the order of the text", () => {
    const text = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "x"},
    {"Effect": "Deny",
     "Action": []}
  ]
}`;
    const found = validate(text, { kind: "identity" }).map(({ code, path, start, end }) => [
      code,
      path,
      `${start.line}:${start.column}`,
      `${end.line}:${end.column}`,
    ]);
    expect(found).toEqual([
      ["INVALID_ARN_PREFIX", "Statement[0].Resource", "4:63", "4:66"],
      ["MISSING_RESOURCE", "Statement[1]", "5:5", "6:19"],
      ["EMPTY_ARRAY_ACTION", "Statement[1].Action", "6:16", "6:18"],
    ]);
  });

  it("stand on their lines, an empty first one too", () => {
    expect(validate("\n[]", { kind: "identity" })).toMatchObject([{ start: { line: 2, column: 1, offset: 1 } }]);
  });

  it("about JSON tell the reason, at the place and not beyond the end", () => {
    const [broken] = validate('{"a": tru}', { kind: "identity" });
    expect(broken).toMatchObject({
      type: "ERROR",
      code: "JSON_SYNTAX_ERROR",
      message: "Fix the JSON syntax error at index 6 line 1 column 7.",
      fix: "Correct the JSON: a JSON value is expected.",
      path: "",
      start: { line: 1, column: 7, offset: 6 },
      end: { line: 1, column: 8, offset: 7 },
    });
    const [ended] = validate('{"a":', { kind: "identity" });
    expect(ended).toMatchObject({ start: { offset: 5 }, end: { offset: 5 } });
  });
});

/** A service with resources of these kinds, and nothing else. */
function serviceOf(...kinds: string[]): ServiceData {
  const resourceTypes = kinds.map((name) => ({ name, arn: `arn:\${Partition}:x:::${name}/\${Name}` }));
  const description = { prefix: "x", resourceTypes, actions: [], conditionKeys: [] };
  return { prefixes: new Set(["x"]), globalKeys: [], service: () => description };
}

it("names up to five formats of a service's ARNs", () => {
  const text = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Deny", NotAction: "*", Resource: "arn:aws:x:::other/1" },
  });
  const fixes = (...kinds: string[]) =>
    validate(text, { kind: "identity", services: serviceOf(...kinds) }).map(({ code, fix }) => [code, fix]);
  expect(fixes()).toEqual([]);
  const format = (name: string) => `arn:\${Partition}:x:::${name}/\${Name}`;
  const told = (list: string) => [
    [
      "UNDOCUMENTED_ARN_FORMAT",
      `Compare with the service's ARN formats: ${list}. Nothing is wrong if the service documents the ARN elsewhere.`,
    ],
  ];
  const five = ["a", "b", "c", "d", "e"];
  expect(fixes("a", "b")).toEqual(told(`${format("a")}, ${format("b")}`));
  expect(fixes(...five)).toEqual(told(five.map(format).join(", ")));
  expect(fixes(...five, "f")).toEqual(told(`${five.map(format).join(", ")}, …`));
  expect(fixes("a", "other")).toEqual([]);
});

describe("servicesOf", () => {
  it("names the services that a document speaks of", () => {
    const text =
      '{"Statement":{"Effect":"Allow","Action":["S3:Get*","*"],"Resource":"arn:aws:sqs:::x","Condition":{"Bool":{"kms:X":"true"}}}}';
    expect(servicesOf(text).toSorted()).toEqual(["kms", "s3", "sqs"]);
    const negated =
      '{"Statement":[{"NotAction":"iam:*","NotResource":["arn:aws:SNS:*:*:t","none"]},{"Action":"s?:x","Condition":{}}]}';
    expect(servicesOf(negated).toSorted()).toEqual(["iam", "sns"]);
    expect(servicesOf("{")).toEqual([]);
    expect(servicesOf("[]")).toEqual([]);
  });
});
