import { afterEach, beforeEach, expect, test } from "vitest";
import type { Harness } from "../harness.ts";
import { openFurnished, readDocument } from "./policy-cases.ts";

const reader = "arn:aws:iam::111122223333:policy/team/Reader";
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

let harness: Harness;
beforeEach(async () => {
  harness = await openFurnished();
  const inline = { PolicyName: "Own", PolicyDocument: readDocument };
  await harness.ok("AddUserToGroup", { GroupName: "Devs", UserName: "Alice" });
  await harness.ok("PutUserPolicy", { UserName: "Alice", ...inline });
  await harness.ok("PutGroupPolicy", { GroupName: "Devs", ...inline });
  await harness.ok("PutRolePolicy", { RoleName: "Runner", ...inline });
  await harness.ok("AttachUserPolicy", { UserName: "Alice", PolicyArn: reader });
  await harness.ok("AttachGroupPolicy", { GroupName: "Devs", PolicyArn: readOnly });
  await harness.ok("PutRolePermissionsBoundary", { RoleName: "Runner", PermissionsBoundary: reader });
  await harness.ok("CreatePolicyVersion", { PolicyArn: reader, PolicyDocument: readDocument });
});
afterEach(() => harness.close());

test("everything, each with what it grants", async () => {
  const details = await harness.ok("GetAccountAuthorizationDetails", {});
  const own = [{ PolicyName: "Own", PolicyDocument: readDocument }];
  expect(details).toMatchObject({
    IsTruncated: false,
    UserDetailList: [
      {
        UserName: "Alice",
        Path: "/staff/",
        Arn: "arn:aws:iam::111122223333:user/staff/Alice",
        UserPolicyList: own,
        GroupList: ["Devs"],
        AttachedManagedPolicies: [{ PolicyName: "Reader", PolicyArn: reader }],
      },
    ],
    GroupDetailList: [
      {
        GroupName: "Devs",
        GroupPolicyList: own,
        AttachedManagedPolicies: [{ PolicyName: "ReadOnlyAccess", PolicyArn: readOnly }],
      },
    ],
    RoleDetailList: [
      {
        RoleName: "Runner",
        RolePolicyList: own,
        AttachedManagedPolicies: [],
        InstanceProfileList: [],
        PermissionsBoundary: { PermissionsBoundaryArn: reader },
        RoleLastUsed: {},
      },
    ],
    Policies: [
      {
        Arn: reader,
        DefaultVersionId: "v1",
        AttachmentCount: 1,
        PermissionsBoundaryUsageCount: 1,
        PolicyVersionList: [
          { VersionId: "v2", IsDefaultVersion: false, Document: readDocument },
          { VersionId: "v1", IsDefaultVersion: true, Document: readDocument },
        ],
      },
      { Arn: readOnly, AttachmentCount: 1, PermissionsBoundaryUsageCount: 0 },
    ],
  });
  expect(details.Policies!.length).toBe(2);
  const role = details.RoleDetailList![0]!;
  expect(JSON.parse(role.AssumeRolePolicyDocument!)).toHaveProperty("Statement");
  for (const member of ["MaxSessionDuration", "Description"]) expect(role).not.toHaveProperty(member);
});

test("a filter leaves out the rest", async () => {
  const details = await harness.ok("GetAccountAuthorizationDetails", { Filter: ["AWSManagedPolicy", "Group"] });
  expect(details.UserDetailList).toEqual([]);
  expect(details.RoleDetailList).toEqual([]);
  expect(details.GroupDetailList!.length).toBe(1);
  expect(details.Policies!.map((policy) => policy.Arn)).toEqual([readOnly]);
});

test("pages of one go through all types, each thing once", async () => {
  const seen: unknown[] = [];
  let marker: string | undefined;
  do {
    const page = await harness.ok("GetAccountAuthorizationDetails", { MaxItems: 1, Marker: marker });
    const lists = [page.UserDetailList!, page.GroupDetailList!, page.RoleDetailList!, page.Policies!];
    expect(lists.flat().length).toBe(1);
    seen.push(...lists.flat().map((item) => item.Arn));
    marker = page.Marker;
  } while (marker !== undefined);
  expect(seen).toEqual([
    "arn:aws:iam::111122223333:user/staff/Alice",
    "arn:aws:iam::111122223333:group/Devs",
    "arn:aws:iam::111122223333:role/Runner",
    reader,
    readOnly,
  ]);
});

test("a marker goes on with the filter that it came from", async () => {
  const { Marker } = await harness.ok("GetAccountAuthorizationDetails", { MaxItems: 1 });
  expect(await harness.refusal("GetAccountAuthorizationDetails", { Filter: ["Role"], Marker })).toBe(
    "ValidationError 400: Marker and Filter do not match",
  );
});

test("what must be allowed is the action on everything", async () => {
  expect(await harness.requirements("GetAccountAuthorizationDetails", {})).toEqual([
    { action: "iam:GetAccountAuthorizationDetails", resource: "*", resourceAccount: "111122223333" },
  ]);
});
