import { describe, expect, test } from "vitest";
import { contracts } from "../../src/contracts/contracts.ts";
import { Fault } from "../../src/contracts/fault.ts";
import { iamDialect, stsDialect } from "../../src/wire/dialect.ts";
import { ServiceCodec } from "../../src/wire/protocol.ts";
import { MAX_PARAMETERS, scanQuery } from "../../src/wire/query-scan.ts";
import { casesIn } from "../harness/cases.ts";
import { charactersRead } from "../harness/characters-read.ts";

interface Case {
  name: string;
  service: "iam" | "sts";
  operation: string;
  parameters: [string, string][];
  expected: { input: object } | { fault: { code: string; status: number; message?: string } };
}

const codecs = { iam: new ServiceCodec(contracts.iam, iamDialect), sts: new ServiceCodec(contracts.sts, stsDialect) };
const body = new Uint8Array();

function decode(service: "iam" | "sts", operation: string, form: string): unknown {
  const contract = codecs[service].operation(operation, contracts[service].apiVersion);
  return codecs[service].decode(contract, { parameters: scanQuery(form), body });
}

function outcome(run: () => unknown): Case["expected"] {
  try {
    return { input: JSON.parse(JSON.stringify(run())) as object };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const { code, status, message } = fault;
    return { fault: fault.hasMessage ? { code, status, message } : { code, status } };
  }
}

describe("input of the query protocol", () => {
  for (const { name, service, operation, parameters, expected } of casesIn<Case>("wire/query-input.jsonl")) {
    test(`${service}:${operation}: ${name}`, () => {
      const form = parameters.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
      expect(outcome(() => decode(service, operation, form))).toEqual(expected);
    });
  }

  test("its cost follows what is sent, whatever the indices", () => {
    const members = Array.from({ length: MAX_PARAMETERS - 2 }, (_, i) => `Tags.member.${MAX_PARAMETERS - i}.Key=k${i}`);
    const form = `RoleName=r&AssumeRolePolicyDocument=x&${members.join("&")}`;
    let result: unknown;
    const work = charactersRead(() => {
      result = outcome(() => decode("iam", "CreateRole", form));
    });
    expect(result).toMatchObject({ fault: { code: "ValidationError" } });
    expect(work / form.length).toBeLessThan(12);
  });

  test("names of prototype members are names like any other", () => {
    const form = "RoleName=r&AssumeRolePolicyDocument=x&__proto__=1&constructor=2&Tags.__proto__.1.Key=3";
    expect(outcome(() => decode("iam", "CreateRole", form))).toEqual({
      fault: { code: "MalformedInput", status: 400 },
    });
    for (const name of ["constructor", "__proto__"]) {
      expect(() => decode("iam", name, "")).toThrow(expect.objectContaining({ code: "InvalidAction" }));
    }
    const map = decode("iam", "PutAccountProperties", "Properties.entry.1.key=__proto__&Properties.entry.1.value=x");
    expect(Object.getPrototypeOf((map as { Properties: object }).Properties)).toBeNull();
    expect(Object.prototype).not.toHaveProperty("x");
  });
});
