import { expect, test } from "vitest";
import * as roles from "../../../src/store/iam/roles.ts";
import { account } from "../harness.ts";
import type { Harness } from "../harness.ts";
import { openFurnished, readDocument, runPolicyCases } from "./policy-cases.ts";

runPolicyCases("inline-policy.jsonl");

test("names are paged", async () => {
  const harness = await openFurnished();
  for (const PolicyName of ["c", "A", "b"]) {
    await harness.ok("PutRolePolicy", { RoleName: "Runner", PolicyName, PolicyDocument: readDocument });
  }
  const first = await harness.ok("ListRolePolicies", { RoleName: "Runner", MaxItems: 2 });
  expect(first.PolicyNames).toEqual(["A", "b"]);
  const second = await harness.ok("ListRolePolicies", { RoleName: "Runner", MaxItems: 2, Marker: first.Marker });
  expect(second).toEqual({ PolicyNames: ["c"], IsTruncated: false });
  await harness.close();
});

async function addServiceLinkedRole(harness: Harness): Promise<void> {
  await harness.store((tx) =>
    roles.create(tx, {
      id: harness.environment.ids.uniqueId("AROA", account),
      account,
      name: "AWSServiceRoleForSupport",
      path: "/aws-service-role/support.amazonaws.com/",
      maxSessionDuration: 3600,
      trustPolicy: "{}",
      trustBindings: {},
      createdAt: 0,
      serviceLinked: true,
    }),
  );
}

test("a service-linked role's policies are its service's affair", async () => {
  const harness = await openFurnished();
  await addServiceLinkedRole(harness);
  const RoleName = "AWSServiceRoleForSupport";
  const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const refusal =
    "UnmodifiableEntity 400: Cannot perform the operation on the protected role 'AWSServiceRoleForSupport' - this role is only modifiable by AWS";
  const input = { RoleName, PolicyName: "Own", PolicyDocument: readDocument };
  expect(await harness.refusal("PutRolePolicy", input)).toBe(refusal);
  expect(await harness.refusal("DeleteRolePolicy", { RoleName, PolicyName: "Own" })).toBe(refusal);
  expect(await harness.refusal("AttachRolePolicy", { RoleName, PolicyArn })).toBe(refusal);
  expect(await harness.refusal("DetachRolePolicy", { RoleName, PolicyArn })).toBe(refusal);
  expect(await harness.ok("ListRolePolicies", { RoleName })).toEqual({ PolicyNames: [], IsTruncated: false });
  await harness.close();
});
