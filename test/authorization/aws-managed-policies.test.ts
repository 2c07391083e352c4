import { expect, test } from "vitest";
import { globalRegion, partitions } from "../../src/arn/partition.ts";
import { accountOfId, isUniqueId } from "../../src/arn/unique-id.ts";
import { loadAwsManagedPolicies } from "../../src/authorization/aws-managed-policies.ts";
import { regions } from "../../src/cli/regions.gen.ts";

const policies = loadAwsManagedPolicies();

test("a policy is found by its ARN, with its path, version and document", () => {
  const administrator = policies.get("arn:aws:iam::aws:policy/AdministratorAccess");
  expect(administrator).toMatchObject({
    arn: "arn:aws:iam::aws:policy/AdministratorAccess",
    name: "AdministratorAccess",
    path: "/",
    defaultVersionId: "v1",
    createdAt: Date.UTC(2015, 1, 6, 18, 39, 46),
  });
  expect(administrator?.document).toBe(
    '{"Version":"2012-10-17","Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}]}',
  );
  expect(policies.get("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")?.path).toBe("/service-role/");
});

test("the same name under another path, in another account or in no partition is nothing", () => {
  for (const arn of [
    "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::111122223333:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/",
    "arn:aws:iam::aws:role/AdministratorAccess",
    "arn:made-up:iam::aws:policy/AdministratorAccess",
    "AdministratorAccess",
  ]) {
    expect(policies.get(arn), arn).toBeUndefined();
  }
});

test.each(partitions)("the partition %s has its policies and its Region", (partition) => {
  const arn = `arn:${partition}:iam::aws:policy/AdministratorAccess`;
  expect(policies.get(arn)?.arn).toBe(arn);
  expect(regions[partition]).toContain(globalRegion(partition));
});

test("in another partition the ARN, and the ARNs inside the document, belong to it", () => {
  const policy = policies.get("arn:aws-cn:iam::aws:policy/AmazonEC2ContainerServiceFullAccess");
  expect(policies.get("arn:aws-cn:iam::aws:policy/AdministratorAccess")?.arn).toBe(
    "arn:aws-cn:iam::aws:policy/AdministratorAccess",
  );
  for (const listed of policies.list("aws-cn")) expect(listed.arn.startsWith("arn:aws-cn:iam::aws:policy/")).toBe(true);
  expect(policy?.document ?? "").not.toContain('"arn:aws:');
  const passRole = policies.get("arn:aws-us-gov:iam::aws:policy/AWSLambda_FullAccess")!.document;
  expect(passRole).toContain('"arn:aws-us-gov:logs:');
  expect(passRole).not.toContain('"arn:aws:');
});

test("ids are stable, unique, formed like AWS's, and belong to no account", () => {
  const list = policies.list("aws");
  expect(list.length).toBe(1570);
  expect(new Set(list.map((policy) => policy.policyId)).size).toBe(list.length);
  for (const policy of list) {
    expect(isUniqueId(policy.policyId)).toBe(true);
    expect(policy.policyId.length).toBe(21);
    expect(accountOfId(policy.policyId)).toBeNull();
    expect(policies.get(policy.arn.replace("arn:aws:", "arn:aws-iso:"))?.policyId).toBe(policy.policyId);
  }
  expect(loadAwsManagedPolicies().list("aws")[0]).toMatchObject({ policyId: list[0]!.policyId });
});

test("every entry is whole: a version number, a date, a document, a name that ends its ARN", () => {
  for (const policy of policies.list("aws")) {
    expect(policy.defaultVersionId).toMatch(/^v[1-9]\d*$/);
    expect(Number.isInteger(policy.createdAt)).toBe(true);
    expect(policy.arn).toBe(`arn:aws:iam::aws:policy${policy.path}${policy.name}`);
    expect(JSON.parse(policy.document)).toHaveProperty("Statement");
  }
});

test("the list is by name", () => {
  const names = policies.list("aws").map((policy) => policy.name);
  expect(names).toEqual(names.toSorted());
});
