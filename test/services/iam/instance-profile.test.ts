import { afterEach, beforeEach, expect, it } from "vitest";
import * as roles from "../../../src/store/iam/roles.ts";
import { account, Harness } from "../harness.ts";

const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
});

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ instanceProfilesPerAccount: 3 });
  await harness.ok("CreateRole", { RoleName: "r", Path: "/p/", AssumeRolePolicyDocument });
  for (const name of ["b", "A", "c"]) await harness.ok("CreateInstanceProfile", { InstanceProfileName: name });
});
afterEach(() => harness.close());

const put = (profile: string, role = "r") =>
  harness.ok("AddRoleToInstanceProfile", { InstanceProfileName: profile, RoleName: role });

it("are as many as the account may have, and one that is deleted makes room", async () => {
  const fourth = { InstanceProfileName: "d" };
  const refusal = "LimitExceeded 409: Cannot exceed quota for InstanceProfilesPerAccount: 3";
  expect(await harness.refusal("CreateInstanceProfile", fourth)).toBe(refusal);
  await harness.ok("DeleteInstanceProfile", { InstanceProfileName: "a" });
  await harness.ok("CreateInstanceProfile", fourth);
});

it("are listed page by page, all of them and those of a role", async () => {
  for (const name of ["c", "b"]) await put(name);
  const names = async (list: "ListInstanceProfiles" | "ListInstanceProfilesForRole", Marker?: string) => {
    const page = { MaxItems: 1, ...(Marker === undefined ? {} : { Marker }) };
    const { InstanceProfiles, Marker: next } =
      list === "ListInstanceProfiles"
        ? await harness.ok(list, page)
        : await harness.ok(list, { RoleName: "r", ...page });
    const [name] = InstanceProfiles.map(({ InstanceProfileName }) => InstanceProfileName);
    return { name, next };
  };
  for (const [list, expected] of [
    ["ListInstanceProfiles", ["A", "b", "c"]],
    ["ListInstanceProfilesForRole", ["b", "c"]],
  ] as const) {
    const found = [];
    let marker: string | undefined;
    do {
      const { name, next } = await names(list, marker);
      found.push(name);
      marker = next;
    } while (marker !== undefined);
    expect(found).toEqual(expected);
  }
});

it("take a role that may be passed to instances, whichever they will be", async () => {
  const input = { InstanceProfileName: "A", RoleName: "R" };
  expect(await harness.requirements("AddRoleToInstanceProfile", input)).toMatchObject([
    { action: "iam:AddRoleToInstanceProfile", resource: `arn:aws:iam::${account}:instance-profile/A` },
    {
      action: "iam:PassRole",
      resource: `arn:aws:iam::${account}:role/p/r`,
      context: {
        "iam:PassedToService": "ec2.amazonaws.com",
        "iam:AssociatedResourceArn": `arn:aws:ec2:*:${account}:instance/*`,
      },
    },
  ]);
});

it("neither take nor give away a service-linked role", async () => {
  const role = {
    id: harness.environment.ids.uniqueId("AROA", account),
    account,
    name: "AWSServiceRoleForBatch",
    path: "/aws-service-role/batch.amazonaws.com/",
    maxSessionDuration: 3600,
    trustPolicy: AssumeRolePolicyDocument,
    trustBindings: {},
    createdAt: harness.clock.now(),
    serviceLinked: true,
  };
  await harness.store((tx) => roles.create(tx, role));
  for (const operation of ["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"] as const) {
    const input = { InstanceProfileName: "A", RoleName: role.name };
    expect(await harness.refusal(operation, input)).toBe(
      `UnmodifiableEntity 400: Cannot perform the operation on the protected role '${role.name}' - ` +
        "this role is only modifiable by AWS",
    );
  }
});

it("take the place of no role that is already in one", async () => {
  await harness.ok("CreateRole", { RoleName: "second", AssumeRolePolicyDocument });
  await put("A");
  const input = { InstanceProfileName: "A", RoleName: "second" };
  const refusal = "LimitExceeded 409: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1";
  expect(await harness.refusal("AddRoleToInstanceProfile", input)).toBe(refusal);
  const { InstanceProfile } = await harness.ok("GetInstanceProfile", { InstanceProfileName: "A" });
  expect(InstanceProfile.Roles.map(({ RoleName }) => RoleName)).toEqual(["r"]);
});
