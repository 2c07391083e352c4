/** A refusal does the same work whether what was named is there or not: counted, where a clock sees only noise. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { KnownRole } from "../../../src/authorization/known-roles.ts";
import type { Caller } from "../../harness/clients.ts";
import { form, send } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { workCounter } from "./counted-work.ts";
import type { Work } from "./counted-work.ts";

/** How often anything asked for the trust policy of a role. */
const trusts = vi.spyOn(KnownRole.prototype, "trust", "get");

onEachDatabase("equal work", (start) => {
  let world: World;
  let willing: Caller;
  let powerless: Caller;
  /** An update that changes nothing is no change. */
  let changes = 0;
  let workOf: (requests: () => Promise<unknown>) => Promise<Work>;

  const large = document(
    ...Array.from({ length: 8 }, (_, index) => ({
      Effect: "Allow",
      Principal: { AWS: accountB },
      Action: "sts:AssumeRole",
      Condition: { StringLike: { "sts:ExternalId": `a?b?c${index}` }, NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
    })),
  ).replaceAll("?", "");
  const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key${index}`, Value: "x".repeat(200) }));

  beforeAll(async () => {
    world = await startWorld(start);
    const { a, b } = world;
    willing = await world.user(a, "willing", allow("sts:*"));
    powerless = await world.user(a, "powerless");
    await world.role(b, "small", trust({ AWS: arn(accountB, "user/administrator") }));
    await world.role(b, "service", trust({ Service: "ec2.amazonaws.com" }));
    await b.iam.createRole({ RoleName: "large", AssumeRolePolicyDocument: large, Tags: tags });
    await b.iam.createRole({ RoleName: "deep", Path: "/a/b/", AssumeRolePolicyDocument: trust({ AWS: accountB }) });
    await b.iam.createPolicy({ PolicyName: "there", PolicyDocument: document(allow("*")) });
    workOf = workCounter(world.server);
    for (const who of [willing, powerless]) await who.sts.getCallerIdentity({});
    // What is asked for the first time at all is asked for before anything is compared.
    await workFor(powerless, { Action: "GetUser", UserName: "nobody" }, "iam");
    await workFor(willing, assume(arn(accountB, "role/nobody")), "sts");
  });

  /** What is done for a call, the first time after a change of either account and once more. */
  async function workFor(who: Caller, parameters: Record<string, string>, service: "iam" | "sts"): Promise<object> {
    await world.b.iam.updateRole({ RoleName: "small", Description: `of ${++changes}` });
    await world.a.iam.updateUser({ UserName: "powerless", NewPath: "/" });
    const call = async () => {
      const { status } = await send(world.url, form(world.url, parameters, who.keys, { service }));
      expect(status).toBe(403);
    };
    trusts.mockClear();
    const works = [await workOf(call), await workOf(call)];
    return { works, looksAtTrustPolicies: trusts.mock.calls.length };
  }

  const assume = (RoleArn: string): Record<string, string> => ({
    Action: "AssumeRole",
    RoleArn,
    RoleSessionName: "session",
    "Tags.member.1.Key": "a",
    "Tags.member.1.Value": "b",
    SourceIdentity: "somebody",
  });

  describe.each(["willing", "powerless"])("AssumeRole by somebody %s", (name) => {
    test.each(["role/small", "role/service", "role/large", "role/a/b/deep", "role/a/b/never"])(
      "of %s",
      async (role) => {
        const who = name === "willing" ? willing : powerless;
        const missing = await workFor(who, assume(arn(accountB, "role/never")), "sts");
        expect(await workFor(who, assume(arn(accountB, role)), "sts")).toEqual(missing);
        expect(missing).toMatchObject({ looksAtTrustPolicies: 0 });
      },
    );

    test("in an account that is not there, with a session policy that is there or not", async () => {
      const who = name === "willing" ? willing : powerless;
      const more = (policy: string) => ({
        ...assume(arn(accountB, "role/small")),
        "PolicyArns.member.1.arn": arn(accountB, `policy/${policy}`),
      });
      expect(await workFor(who, more("there"), "sts")).toEqual(await workFor(who, more("never"), "sts"));
    });
  });

  test("access keys and policies of other accounts", async () => {
    const theirs = world.b.keys.accessKeyId;
    const none = `${theirs.slice(0, 15)}${theirs.slice(15) === "AAAAA" ? "BBBBB" : "AAAAA"}`;
    const lastUsed = (AccessKeyId: string) =>
      workFor(powerless, { Action: "GetAccessKeyLastUsed", AccessKeyId }, "iam");
    expect(await lastUsed(theirs)).toEqual(await lastUsed(none));
    const policy = (name: string) =>
      workFor(powerless, { Action: "GetPolicy", PolicyArn: arn(accountB, `policy/${name}`) }, "iam");
    expect(await policy("there")).toEqual(await policy("never"));
    const boundary = (name: string) =>
      workFor(
        powerless,
        { Action: "CreateUser", UserName: "new", PermissionsBoundary: arn(accountB, `policy/${name}`) },
        "iam",
      );
    expect(await boundary("there")).toEqual(await boundary("never"));
  });

  test("a role that trusts somebody of the account is met as it is", async () => {
    const role = await world.role(world.b, `named-${Date.now()}`, trust({ AWS: arn(accountA, "user/willing") }));
    expect(await world.assume(willing, role)).toBeDefined();
    const written = trust({ AWS: accountA }).replace(accountA, "1111\\u00322223333");
    const escaped = await world.role(world.b, `escaped-${Date.now()}`, written);
    expect(await world.assume(willing, escaped)).toBeDefined();
  });
});
