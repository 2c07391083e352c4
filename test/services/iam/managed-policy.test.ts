import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Harness } from "../harness.ts";
import { openFurnished, readDocument, runPolicyCases } from "./policy-cases.ts";

runPolicyCases("managed-policy.jsonl");

describe("over many policies", () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await openFurnished();
  });
  afterEach(() => harness.close());

  test("pages go through the account's own policies, then AWS's, each once", async () => {
    for (const name of ["beta", "Alpha", "gamma"]) {
      await harness.ok("CreatePolicy", { PolicyName: name, PolicyDocument: readDocument });
    }
    const names: (string | undefined)[] = [];
    let marker: string | undefined;
    do {
      const page = await harness.ok("ListPolicies", { MaxItems: 333, Marker: marker });
      names.push(...page.Policies!.map((policy) => policy.PolicyName));
      marker = page.Marker;
      expect(page.IsTruncated).toBe(marker !== undefined);
    } while (marker !== undefined);
    expect(names.slice(0, 5)).toEqual(["Alpha", "beta", "gamma", "Reader", "AIDevOpsAgentAccessPolicy"]);
    expect(names.length).toBe(4 + 1570);
    expect(new Set(names).size).toBe(names.length);
  });

  test("a page may end exactly where AWS's policies begin", async () => {
    const first = await harness.ok("ListPolicies", { MaxItems: 1 });
    expect(first.Policies!.map((policy) => policy.PolicyName)).toEqual(["Reader"]);
    const second = await harness.ok("ListPolicies", { MaxItems: 1, Marker: first.Marker });
    expect(second.Policies![0]!.Arn).toMatch(/^arn:aws:iam::aws:policy/);
    const local = await harness.ok("ListPolicies", { MaxItems: 1, Scope: "Local" });
    expect(local.IsTruncated).toBe(false);
  });

  test("the account's quota of policies, freed by deletion", async () => {
    const small = await Harness.open({ policiesPerAccount: 1 });
    try {
      const { Policy } = await small.ok("CreatePolicy", { PolicyName: "One", PolicyDocument: readDocument });
      expect(await small.refusal("CreatePolicy", { PolicyName: "Two", PolicyDocument: readDocument })).toBe(
        "LimitExceeded 409: Cannot exceed quota for PoliciesPerAccount: 1",
      );
      await small.ok("DeletePolicy", { PolicyArn: Policy!.Arn! });
      await small.ok("CreatePolicy", { PolicyName: "Two", PolicyDocument: readDocument });
    } finally {
      await small.close();
    }
  });

  test("entities are paged by kind and name", async () => {
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (const UserName of ["bob", "Zoe", "carol"]) {
      await harness.ok("CreateUser", { UserName });
      await harness.ok("AttachUserPolicy", { UserName, PolicyArn });
    }
    await harness.ok("AttachGroupPolicy", { GroupName: "Devs", PolicyArn });
    const first = await harness.ok("ListEntitiesForPolicy", { PolicyArn, MaxItems: 2 });
    expect(first).toMatchObject({ PolicyGroups: [{ GroupName: "Devs" }], PolicyUsers: [{ UserName: "bob" }] });
    const second = await harness.ok("ListEntitiesForPolicy", { PolicyArn, MaxItems: 2, Marker: first.Marker });
    expect(second).toMatchObject({
      PolicyGroups: [],
      PolicyUsers: [{ UserName: "carol" }, { UserName: "Zoe" }],
      IsTruncated: false,
    });
  });

  test("the counts of a policy follow its attachments and boundaries, own and AWS's", async () => {
    const reader = "arn:aws:iam::111122223333:policy/team/Reader";
    const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (const PolicyArn of [reader, readOnly]) {
      await harness.ok("AttachUserPolicy", { UserName: "Alice", PolicyArn });
      await harness.ok("AttachGroupPolicy", { GroupName: "Devs", PolicyArn });
      await harness.ok("PutUserPermissionsBoundary", { UserName: "Alice", PermissionsBoundary: PolicyArn });
      await harness.ok("PutRolePermissionsBoundary", { RoleName: "Runner", PermissionsBoundary: PolicyArn });
      const counts = { AttachmentCount: 2, PermissionsBoundaryUsageCount: 2 };
      expect((await harness.ok("GetPolicy", { PolicyArn })).Policy).toMatchObject(counts);
      await harness.ok("DetachGroupPolicy", { GroupName: "Devs", PolicyArn });
      await harness.ok("DeleteRolePermissionsBoundary", { RoleName: "Runner" });
      const after = { AttachmentCount: 1, PermissionsBoundaryUsageCount: 1 };
      expect((await harness.ok("GetPolicy", { PolicyArn })).Policy).toMatchObject(after);
    }
    // The boundary of Alice has moved on from the one to the other.
    expect((await harness.ok("GetPolicy", { PolicyArn: reader })).Policy).toMatchObject({
      PermissionsBoundaryUsageCount: 0,
    });
  });
});
