import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OperationName } from "../../../src/operation/operation.ts";
import * as accounts from "../../../src/store/organizations/accounts.ts";
import { Harness, otherAccount } from "../harness.ts";
import { casesIn } from "../../harness/cases.ts";

interface Case {
  readonly name: string;
  readonly operation: OperationName<"iam">;
  readonly input: Readonly<Record<string, unknown>>;
  readonly fault: string;
  readonly source: string;
}

const cases = casesIn<Case>("services/iam-entity-faults.jsonl");

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
});

// None of these calls succeeds, so all of them can share one account.
describe("refusals of the operations on users, groups, roles, keys and tags", () => {
  let harness: Harness;
  let bobKey = "";

  beforeAll(async () => {
    harness = await Harness.open();
    await harness.ok("CreateUser", { UserName: "alice" });
    await harness.ok("CreateUser", { UserName: "bob" });
    await harness.ok("CreateGroup", { GroupName: "admins" });
    await harness.ok("CreateGroup", { GroupName: "readers" });
    await harness.ok("AddUserToGroup", { GroupName: "admins", UserName: "alice" });
    await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: trust });
    bobKey = (await harness.ok("CreateAccessKey", { UserName: "bob" })).AccessKey.AccessKeyId;
    await harness.store((tx) => accounts.setAlias(tx, otherAccount, "taken"));
  });
  afterAll(() => harness.close());

  it.each(cases)("$name", async ({ operation, input, fault }) => {
    const filled = JSON.parse(JSON.stringify(input).replace("$BOB_KEY", bobKey)) as never;
    expect(await harness.refusal(operation, filled)).toBe(fault);
  });
});
