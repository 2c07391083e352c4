import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as roles from "../../../src/store/iam/roles.ts";
import { account, Harness } from "../harness.ts";

function trust(principal: unknown, action = "sts:AssumeRole"): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: action }],
  });
}
const service = trust({ Service: "ec2.amazonaws.com" });
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ rolesPerAccount: 4 });
});
afterEach(() => harness.close());

describe("roles", () => {
  it("come back in the form that each operation gives them", async () => {
    const { Role } = await harness.ok("CreateRole", {
      RoleName: "Worker",
      Path: "/p/",
      AssumeRolePolicyDocument: service,
      Description: "works",
      MaxSessionDuration: 7200,
      PermissionsBoundary: readOnly,
      Tags: [{ Key: "Team", Value: "a" }],
    });
    const identity = {
      Path: "/p/",
      RoleName: "Worker",
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/) as string,
      Arn: `arn:aws:iam::${account}:role/p/Worker`,
      CreateDate: new Date(harness.clock.now()),
      AssumeRolePolicyDocument: service,
    };
    const rest = {
      PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: readOnly },
      Tags: [{ Key: "Team", Value: "a" }],
    };
    const settings = { Description: "works", MaxSessionDuration: 7200 };
    expect(Role).toEqual({ ...identity, ...rest });
    expect(await harness.ok("GetRole", { RoleName: "worker" })).toEqual({
      Role: { ...identity, ...settings, ...rest, RoleLastUsed: {} },
    });
    expect(await harness.ok("ListRoles", { PathPrefix: "/p" })).toEqual({
      Roles: [{ ...identity, ...settings }],
      IsTruncated: false,
    });
    const use = { id: Role.RoleId, account, at: harness.clock.now(), region: "eu-west-1" };
    await harness.store((tx) => roles.recordLastUsed(tx, [use]));
    expect((await harness.ok("GetRole", { RoleName: "worker" })).Role.RoleLastUsed).toEqual({
      LastUsedDate: new Date(use.at),
      Region: "eu-west-1",
    });
  });

  it("have no empty members", async () => {
    await harness.ok("CreateRole", { RoleName: "plain", AssumeRolePolicyDocument: service });
    const { Role } = await harness.ok("GetRole", { RoleName: "plain" });
    expect(Object.keys(Role)).not.toContain("Description");
    expect(Object.keys(Role)).not.toContain("Tags");
    expect(Object.keys(Role)).not.toContain("PermissionsBoundary");
    expect(Role).toMatchObject({ Path: "/", MaxSessionDuration: 3600 });
  });

  it("trust whom the policy named, and show the present ARN or the bare id", async () => {
    const { User } = await harness.ok("CreateUser", { UserName: "alice" });
    const document = trust({ AWS: `arn:aws:iam::${account}:user/alice` });
    await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: document });
    const shown = async () => (await harness.ok("GetRole", { RoleName: "worker" })).Role.AssumeRolePolicyDocument;
    expect(await shown()).toBe(document);
    await harness.ok("UpdateUser", { UserName: "alice", NewUserName: "Alicia", NewPath: "/p/" });
    expect(await shown()).toBe(trust({ AWS: `arn:aws:iam::${account}:user/p/Alicia` }));
    await harness.ok("DeleteUser", { UserName: "Alicia" });
    expect(await shown()).toBe(trust({ AWS: User!.UserId }));
    // A new user of the old name is not the one who was trusted.
    await harness.ok("CreateUser", { UserName: "Alicia", Path: "/p/" });
    expect(await shown()).toBe(trust({ AWS: User!.UserId }));
  });

  it("refuse a trust policy that AWS refuses", async () => {
    const create = (document: string) =>
      harness.refusal("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: document });
    expect(await create("{not json")).toBe("MalformedPolicyDocument 400: This policy contains invalid Json");
    expect(await create(trust({ AWS: `arn:aws:iam::${account}:user/nobody` }))).toBe(
      `MalformedPolicyDocument 400: Invalid principal in policy: "AWS":"arn:aws:iam::${account}:user/nobody"`,
    );
    expect(await create(trust({ AWS: account }, "s3:GetObject"))).toMatch(/^MalformedPolicyDocument 400: /);
    expect(await create(trust({ Service: "tagging.amazonaws.com" }))).toBe(
      'MalformedPolicyDocument 400: Invalid principal in policy: "SERVICE":"tagging.amazonaws.com"',
    );
    const big = trust({ Service: Array.from({ length: 90 }, () => "ecs-tasks.amazonaws.com") });
    expect(await create(big)).toBe("LimitExceeded 409: Cannot exceed quota for ACLSizePerRole: 2048");
    await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: service });
    expect(await harness.refusal("UpdateAssumeRolePolicy", { RoleName: "worker", PolicyDocument: "{not json" })).toBe(
      "MalformedPolicyDocument 400: This policy contains invalid Json",
    );
  });

  it("trust a service that a setting names", async () => {
    const document = trust({ Service: "billing.example.com" });
    await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: document });
    expect((await harness.ok("GetRole", { RoleName: "worker" })).Role.AssumeRolePolicyDocument).toBe(document);
  });

  it("show their trust policy written anew: compact, in the grammar's order, lists of one as the one", async () => {
    const sent = `{ "Statement": { "Action": ["sts:AssumeRole", "sts:TagSession"], "Condition": {"Bool": {"aws:SecureTransport": [true]}},
      "Principal": {"AWS": ["${account}"], "Service": ["ec2.amazonaws.com"]}, "Effect": "Allow" }, "Version": "2012-10-17" }`;
    const written =
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
      `"Principal":{"AWS":"arn:aws:iam::${account}:root","Service":"ec2.amazonaws.com"},` +
      `"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}`;
    const created = await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: sent });
    expect(created.Role.AssumeRolePolicyDocument).toBe(sent);
    const shown = async () => [
      (await harness.ok("GetRole", { RoleName: "worker" })).Role.AssumeRolePolicyDocument,
      (await harness.ok("ListRoles", {})).Roles[0]?.AssumeRolePolicyDocument,
      (await harness.ok("GetAccountAuthorizationDetails", {})).RoleDetailList?.[0]?.AssumeRolePolicyDocument,
    ];
    expect(await shown()).toEqual([written, written, written]);
    await harness.ok("UpdateAssumeRolePolicy", { RoleName: "worker", PolicyDocument: service });
    await harness.ok("UpdateAssumeRolePolicy", { RoleName: "worker", PolicyDocument: sent });
    expect(await shown()).toEqual([written, written, written]);
  });

  it("take another trust policy", async () => {
    await harness.ok("CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: service });
    const document = trust({ AWS: `arn:aws:iam::${account}:root` });
    await harness.ok("UpdateAssumeRolePolicy", { RoleName: "worker", PolicyDocument: document });
    expect((await harness.ok("GetRole", { RoleName: "worker" })).Role.AssumeRolePolicyDocument).toBe(document);
  });

  it("are updated: what is not named stays", async () => {
    await harness.ok("CreateRole", {
      RoleName: "worker",
      AssumeRolePolicyDocument: service,
      Description: "old",
      MaxSessionDuration: 7200,
    });
    await harness.ok("UpdateRole", { RoleName: "worker", MaxSessionDuration: 43_200 });
    expect((await harness.ok("GetRole", { RoleName: "worker" })).Role).toMatchObject({
      Description: "old",
      MaxSessionDuration: 43_200,
    });
    await harness.ok("UpdateRole", { RoleName: "worker", Description: "new" });
    expect((await harness.ok("GetRole", { RoleName: "worker" })).Role).toMatchObject({
      Description: "new",
      MaxSessionDuration: 43_200,
    });
    const { Role } = await harness.ok("UpdateRoleDescription", { RoleName: "worker", Description: "newer" });
    expect(Role).toMatchObject({ RoleName: "worker", Description: "newer" });
  });

  it("are deleted only without policies", async () => {
    await harness.ok("CreateRole", {
      RoleName: "worker",
      AssumeRolePolicyDocument: service,
      Tags: [{ Key: "a", Value: "b" }],
    });
    await harness.ok("AttachRolePolicy", { RoleName: "worker", PolicyArn: readOnly });
    expect(await harness.refusal("DeleteRole", { RoleName: "worker" })).toBe(
      "DeleteConflict 409: Cannot delete entity, must detach all policies first.",
    );
    await harness.ok("DetachRolePolicy", { RoleName: "worker", PolicyArn: readOnly });
    await harness.ok("DeleteRole", { RoleName: "worker" });
    expect(await harness.refusal("GetRole", { RoleName: "worker" })).toMatch(/^NoSuchEntity/);
  });

  it("are limited in number and have unique names", async () => {
    const create = (RoleName: string) => harness.call("CreateRole", { RoleName, AssumeRolePolicyDocument: service });
    for (const name of ["a", "b", "c", "d"]) expect((await create(name)).fault).toBeUndefined();
    expect((await create("A")).fault).toMatchObject({
      code: "EntityAlreadyExists",
      message: "Role with name A already exists.",
    });
    expect((await create("e")).fault).toMatchObject({ message: "Cannot exceed quota for RolesPerAccount: 4" });
  });

  it("are authorized with their boundary and tags", async () => {
    const resource = `arn:aws:iam::${account}:role/p/worker`;
    const tags = [{ key: "Team", value: "a" }];
    const input = {
      RoleName: "worker",
      Path: "/p/",
      AssumeRolePolicyDocument: service,
      PermissionsBoundary: readOnly,
      Tags: [{ Key: "Team", Value: "a" }],
    };
    const context = { "iam:PermissionsBoundary": readOnly };
    expect(await harness.requirements("CreateRole", input)).toEqual([
      { action: "iam:CreateRole", resource, resourceAccount: account, requestTags: tags, context },
      { action: "iam:TagRole", resource, resourceAccount: account, requestTags: tags },
    ]);
    for (const name of ["GetRole", "DeleteRole"] as const) {
      expect(await harness.requirements(name, { RoleName: "worker" })).toEqual([
        {
          action: `iam:${name}`,
          resource,
          resourceAccount: account,
          resourceTags: tags,
          shownAs: "role worker",
          context,
        },
      ]);
    }
    expect(await harness.requirements("ListRoles", {})).toEqual([
      { action: "iam:ListRoles", resource: `arn:aws:iam::${account}:role/`, resourceAccount: account },
    ]);
  });
});

describe("service-linked roles", () => {
  const name = "AWSServiceRoleForBatch";
  const refusal =
    `UnmodifiableEntity 400: Cannot perform the operation on the protected role '${name}' - ` +
    "this role is only modifiable by AWS";

  beforeEach(async () => {
    await harness.store((tx) =>
      roles.create(tx, {
        id: harness.environment.ids.uniqueId("AROA", account),
        account,
        name,
        path: "/aws-service-role/batch.amazonaws.com/",
        maxSessionDuration: 3600,
        trustPolicy: trust({ Service: "batch.amazonaws.com" }),
        trustBindings: {},
        createdAt: harness.clock.now(),
        serviceLinked: true,
      }),
    );
  });

  it("cannot be changed or deleted", async () => {
    expect(await harness.refusal("DeleteRole", { RoleName: name })).toBe(refusal);
    expect(await harness.refusal("UpdateRole", { RoleName: name, MaxSessionDuration: 7200 })).toBe(refusal);
    expect(await harness.refusal("UpdateAssumeRolePolicy", { RoleName: name, PolicyDocument: service })).toBe(refusal);
    const boundary = { RoleName: name, PermissionsBoundary: readOnly };
    expect(await harness.refusal("PutRolePermissionsBoundary", boundary)).toBe(refusal);
    expect(await harness.refusal("DeleteRolePermissionsBoundary", { RoleName: name })).toBe(refusal);
  });

  it("take a description and tags", async () => {
    await harness.ok("UpdateRole", { RoleName: name, Description: "ours" });
    await harness.ok("UpdateRoleDescription", { RoleName: name, Description: "ours too" });
    await harness.ok("TagRole", { RoleName: name, Tags: [{ Key: "a", Value: "b" }] });
    expect((await harness.ok("GetRole", { RoleName: name })).Role).toMatchObject({ Description: "ours too" });
  });

  it("are not created by CreateRole", async () => {
    const create = (Path: string) =>
      harness.refusal("CreateRole", { RoleName: "r", Path, AssumeRolePolicyDocument: service });
    expect(await create("/aws-service-role/batch.amazonaws.com/")).toBe(
      "InvalidInput 400: Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles",
    );
    expect(await create("/aws-reserved/sso.amazonaws.com/")).toMatch(/^InvalidInput 400: /);
  });
});
