/** Every operation that is built, through the SDK that most programs use. */
import * as iamSdk from "@aws-sdk/client-iam";
import * as stsSdk from "@aws-sdk/client-sts";
import { beforeAll, describe, expect, test } from "vitest";
import { caller, refusal } from "../../harness/clients.ts";
import { built, operationCases as cases, runCases, succeeded } from "../../harness/operation-cases.ts";
import { starter } from "../../harness/places.ts";
import { sdkCall, sdkFault } from "../../harness/sdk-call.ts";
import { accountA, allow, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

test("the cases name every operation that is built", () => {
  const named = new Set(cases.filter((wanted) => wanted.fault === undefined).map((wanted) => wanted.operation));
  expect(built.filter((name) => !named.has(name))).toEqual([]);
});

describe("AWS SDK for JavaScript v3", () => {
  const start = starter();
  let world: World;

  beforeAll(async () => {
    world = await startWorld(start, { accounts: [{ id: "444455556666", name: "b" }] });
  });

  test("every operation, with every optional parameter", async () => {
    await runCases(cases, (service, operation, input) =>
      sdkCall(world.a, service, operation, input).then(
        (output) => ({ output }),
        (error: unknown) => ({ fault: sdkFault(error) }),
      ),
    );
    const done = await succeeded(world.server);
    expect(built.filter((name) => !done.has(name))).toEqual([]);
  });

  test("faults are the SDK's own classes", async () => {
    const missing = world.a.iam.getUser({ UserName: "nobody" });
    await expect(missing).rejects.toBeInstanceOf(iamSdk.NoSuchEntityException);
    const taken = world.a.iam.createUser({ UserName: "ADMINISTRATOR" });
    await expect(taken).rejects.toBeInstanceOf(iamSdk.EntityAlreadyExistsException);
    const malformed = world.a.iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: "{}" });
    await expect(malformed).rejects.toBeInstanceOf(iamSdk.MalformedPolicyDocumentException);
    const conflict = world.a.iam.deleteUser({ UserName: "administrator" });
    await expect(conflict).rejects.toBeInstanceOf(iamSdk.DeleteConflictException);
    const role = await world.role(world.a, "faults", trust({ AWS: accountA }));
    const tooLarge = world.a.sts.assumeRole({
      RoleArn: role,
      RoleSessionName: "session",
      Policy: document(allow("s3:*", "*", { Sid: "A".repeat(2048) })),
    });
    await expect(tooLarge).rejects.toBeInstanceOf(stsSdk.PackedPolicyTooLargeException);
    const expired = await missing.catch((error: unknown) => error as iamSdk.NoSuchEntityException);
    expect(expired).toMatchObject({ $fault: "client", $metadata: { httpStatusCode: 404 } });
    expect((expired as iamSdk.NoSuchEntityException).$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("paginators come to the end, each page as long as asked", async () => {
    const { iam } = world.a;
    const names = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    for (const name of names) {
      await iam.createUser({ UserName: name, Path: "/pages/" });
      await iam.createRole({ RoleName: name, Path: "/pages/", AssumeRolePolicyDocument: trust({ AWS: accountA }) });
      await iam.createPolicy({ PolicyName: name, Path: "/pages/", PolicyDocument: document(allow("s3:*")) });
      await iam.putUserPolicy({ UserName: "page-0", PolicyName: name, PolicyDocument: document(allow("s3:*")) });
      await iam.attachRolePolicy({ RoleName: "page-0", PolicyArn: `arn:aws:iam::${accountA}:policy/pages/${name}` });
      await iam.createGroup({ GroupName: name });
      await iam.addUserToGroup({ GroupName: name, UserName: "page-0" });
    }
    await iam.tagUser({ UserName: "page-0", Tags: names.map((Key) => ({ Key, Value: "v" })) });
    const configuration = { client: iam, pageSize: 3 };
    const collect = async <P>(pages: AsyncIterable<P>, items: (page: P) => readonly unknown[] | undefined) => {
      const sizes: number[] = [];
      const found: unknown[] = [];
      for await (const page of pages) {
        sizes.push(items(page)!.length);
        found.push(...items(page)!);
      }
      expect(sizes).toEqual([3, 3, 1]);
      return found;
    };
    // The SDK's paginators write the marker into the input they are given.
    const inPages = { PathPrefix: "/pages/" };
    const ofUser = { UserName: "page-0" };
    const nameOf = (key: string) => (item: unknown) => (item as Record<string, string>)[key];
    const users = await collect(iamSdk.paginateListUsers(configuration, { ...inPages }), (page) => page.Users);
    expect(users.map(nameOf("UserName"))).toEqual(names);
    const roles = await collect(iamSdk.paginateListRoles(configuration, { ...inPages }), (page) => page.Roles);
    expect(roles.map(nameOf("RoleName"))).toEqual(names);
    const policies = await collect(iamSdk.paginateListPolicies(configuration, { ...inPages }), (page) => page.Policies);
    expect(policies.map(nameOf("PolicyName")).sort()).toEqual(names);
    const groups = await collect(iamSdk.paginateListGroupsForUser(configuration, { ...ofUser }), (page) => page.Groups);
    expect(groups.map(nameOf("GroupName"))).toEqual(names);
    const inline = await collect(
      iamSdk.paginateListUserPolicies(configuration, { ...ofUser }),
      (page) => page.PolicyNames,
    );
    expect(inline).toEqual(names);
    const attached = await collect(
      iamSdk.paginateListAttachedRolePolicies(configuration, { RoleName: "page-0" }),
      (page) => page.AttachedPolicies,
    );
    expect(attached.map(nameOf("PolicyName")).sort()).toEqual(names);
    const tags = await collect(iamSdk.paginateListUserTags(configuration, { ...ofUser }), (page) => page.Tags);
    expect(tags.map(nameOf("Key"))).toEqual(names);
    let aws = 0;
    for await (const page of iamSdk.paginateListPolicies({ client: iam, pageSize: 1000 }, { Scope: "AWS" })) {
      aws += page.Policies!.length;
    }
    expect(aws).toBeGreaterThan(1400);
    const details = { users: 0, policies: 0 };
    const filter = { Filter: ["User", "LocalManagedPolicy"] as iamSdk.EntityType[] };
    for await (const page of iamSdk.paginateGetAccountAuthorizationDetails(configuration, filter)) {
      details.users += page.UserDetailList?.length ?? 0;
      details.policies += page.Policies?.length ?? 0;
    }
    expect(details).toEqual({ users: 8, policies: 7 });
    expect(await refusal(iam.listUsers({ Marker: "made up" }))).toBe("ValidationError 400: Invalid Marker.");
    expect(await refusal(iam.listUsers({ MaxItems: 1001 }))).toMatch(
      /Member must have value less than or equal to 1000$/,
    );
  });

  test("any region for STS and IAM", async () => {
    for (const region of ["eu-central-1", "ap-southeast-7", "us-gov-west-1", "us-east-1"]) {
      const there = caller(world.url, world.a.keys, { region });
      expect((await there.sts.getCallerIdentity({})).Account).toBe(accountA);
      expect((await there.iam.getUser({})).User?.UserName).toBe("administrator");
    }
  });
});
