import { expect, test } from "vitest";
import type { Input, OperationName } from "../../../src/operation/operation.ts";
import { Harness } from "../harness.ts";
import { casesIn } from "../../harness/cases.ts";

type Name = OperationName<"iam">;
type Call = readonly [Name, Readonly<Record<string, unknown>>];

/** See test/cases/iam-policies/README.md. */
interface PolicyCase {
  readonly name: string;
  readonly given?: readonly Call[];
  readonly call: Call;
  readonly refusal?: string;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly exactly?: Readonly<Record<string, unknown>>;
  /** Members that must not be anywhere in the answer. */
  readonly absent?: readonly string[];
  readonly requirements?: readonly Readonly<Record<string, unknown>>[];
}

export const readDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
});

/** A harness with a user, a group, a role and a policy. */
export async function openFurnished(): Promise<Harness> {
  const harness = await Harness.open();
  const trust = {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" },
  };
  await harness.ok("CreateUser", { UserName: "Alice", Path: "/staff/" });
  await harness.ok("CreateGroup", { GroupName: "Devs" });
  await harness.ok("CreateRole", { RoleName: "Runner", AssumeRolePolicyDocument: JSON.stringify(trust) });
  await harness.ok("CreatePolicy", { PolicyName: "Reader", Path: "/team/", PolicyDocument: readDocument });
  return harness;
}

/** Runs every case of a file in test/cases/iam-policies, each on an account of its own. */
export function runPolicyCases(file: string): void {
  for (const policyCase of casesIn<PolicyCase>(`iam-policies/${file}`)) {
    test(policyCase.name, () => run(policyCase));
  }
}

async function run({ given, call, refusal, output, exactly, absent, requirements }: PolicyCase): Promise<void> {
  const harness = await openFurnished();
  try {
    for (const [name, input] of given ?? []) await harness.ok(name, inputOf(input));
    const [name, input] = call;
    if (requirements !== undefined) {
      const named = await harness.requirements(name, inputOf(input));
      expect(named).toMatchObject(requirements);
      expect(named.length).toBe(requirements.length);
    } else if (refusal !== undefined) {
      expect(await harness.refusal(name, inputOf(input))).toBe(refusal);
    } else {
      const answer = await harness.ok(name, inputOf(input));
      if (exactly !== undefined) expect(answer).toEqual(exactly);
      else expect(answer).toMatchObject(output!);
      for (const member of absent ?? []) expect(JSON.stringify(answer)).not.toContain(`"${member}":`);
    }
  } finally {
    await harness.close();
  }
}

function inputOf(input: Readonly<Record<string, unknown>>): Input<"iam", Name> {
  const document = input["PolicyDocument"];
  if (document === undefined || typeof document === "string") return input as Input<"iam", Name>;
  const text = typeof document === "number" ? documentOfSize(document) : JSON.stringify(document);
  return { ...input, PolicyDocument: text } as Input<"iam", Name>;
}

/** A valid document of `size` characters, with white space besides, which does not count. */
function documentOfSize(size: number): string {
  const [head, tail] = [
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/',
    '"}}',
  ];
  return `${head}${"x".repeat(size - head.length - tail.length)}${tail}\n\t \r\n`;
}
