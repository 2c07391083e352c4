/** Nothing in an answer tells who or what exists to somebody who may not know. */
import { beforeAll, describe, expect, test } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { Caller } from "../../harness/clients.ts";
import { form, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const start = starter();
let world: World;
let powerless: Caller;

beforeAll(async () => {
  world = await startWorld(start);
  powerless = await world.user(world.a, "powerless");
});

/** Status and body without the request's id, and with the name that was asked for made one. */
async function answerTo(parameters: Record<string, string>, keys: SigningCredentials, asked?: string): Promise<string> {
  const service = /^(Assume|GetCaller|GetAccessKeyInfo|GetSession|GetFederation)/.test(parameters["Action"]!)
    ? "sts"
    : "iam";
  const { status, headers, body } = await send(world.url, form(world.url, parameters, keys, { service }));
  const plain = body.replace(/<RequestId>[^<]*/, "<RequestId>");
  const names = Object.keys(headers).sort().join();
  return `${status} ${names} ${asked === undefined ? plain : plain.replaceAll(asked, "ASKED")}`;
}

describe("credentials that are not good are refused in the same words", () => {
  const secretAccessKey = "x".repeat(40);

  test("whatever is wrong with them", async () => {
    const { a, as } = world;
    const hat = await world.role(a, "hat", trust({ AWS: accountA }));
    const wearer = await world.user(a, "wearer", allow("sts:AssumeRole"));
    const session = (await world.assume(wearer, hat)).keys;
    const gone = await world.role(a, "gone", trust({ AWS: accountA }));
    const orphan = (await world.assume(wearer, gone)).keys;
    await a.iam.deleteRole({ RoleName: "gone" });
    const inactive = await world.user(a, "inactive");
    await a.iam.updateAccessKey({ UserName: "inactive", AccessKeyId: inactive.keys.accessKeyId, Status: "Inactive" });
    const deleted = await world.user(a, "deleted");
    await a.iam.deleteAccessKey({ UserName: "deleted", AccessKeyId: deleted.keys.accessKeyId });
    const elsewhere = await startWorld(start);
    const foreignHat = await elsewhere.role(elsewhere.a, "hat", trust({ AWS: accountA }));
    const foreigner = await elsewhere.user(elsewhere.a, "wearer", allow("sts:AssumeRole"));
    const foreign = (await elsewhere.assume(foreigner, foreignHat)).keys;
    const token = session.sessionToken!;
    const cases: Record<string, SigningCredentials> = {
      "a key that never was": { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey },
      "a key id of no form": { accessKeyId: "x", secretAccessKey },
      "a key that was deleted": deleted.keys,
      "a key that is inactive": inactive.keys,
      "an inactive key with another secret": { ...inactive.keys, secretAccessKey },
      "a session of a role that was deleted": orphan,
      "a session of another server": foreign,
      "a session without its token": { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey },
      "a token with the key of another session": { ...session, accessKeyId: orphan.accessKeyId },
      "a token with a long-term key": { ...a.keys, sessionToken: token },
      "a token cut short": { ...session, sessionToken: token.slice(0, -1) },
      "a token with another character": {
        ...session,
        sessionToken: `${token.slice(0, 50)}${token[50] === "A" ? "B" : "A"}${token.slice(51)}`,
      },
      "no token at all": { ...session, sessionToken: "nonsense" },
    };
    expect((await as(session).sts.getCallerIdentity({})).Account).toBe(accountA);
    const told = new Map<string, string>();
    for (const [name, keys] of Object.entries(cases))
      told.set(name, await answerTo({ Action: "GetCallerIdentity" }, keys));
    expect(told.get("a key that never was")).toContain("InvalidClientTokenId");
    for (const [name, answer] of told) expect(answer, name).toBe(told.get("a key that never was"));
  });
});

describe("without permission, what is there is refused like what is not", () => {
  const entities = ["role", "user", "group"] as const;

  beforeAll(async () => {
    const { a } = world;
    await world.role(a, "there", trust({ AWS: accountB }));
    await a.iam.createRole({ RoleName: "deeper", Path: "/deep/", AssumeRolePolicyDocument: trust({ AWS: accountB }) });
    await world.role(world.b, "there", trust({ AWS: arn(accountB, "user/administrator") }));
    await world.user(a, "there");
    await a.iam.createGroup({ GroupName: "there" });
    await a.iam.createPolicy({ PolicyName: "there", PolicyDocument: document(allow("*")) });
    await world.b.iam.createPolicy({ PolicyName: "there", PolicyDocument: document(allow("*")) });
  });

  /** The answers for both, each with its own name made one. */
  async function both(
    parameters: (name: string) => Record<string, string>,
    present = "there",
    caller = powerless,
  ): Promise<[string, string]> {
    return [
      await answerTo(parameters(present), caller.keys, present),
      await answerTo(parameters("never"), caller.keys, "never"),
    ];
  }

  const titles = { role: "Role", user: "User", group: "Group" };
  test.each(entities.flatMap((kind) => ["Get", "Delete"].map((verb) => [verb, kind] as const)))(
    "%s of a %s",
    async (verb, kind) => {
      const [present, missing] = await both((name) => ({
        Action: `${verb}${titles[kind]}`,
        [`${titles[kind]}Name`]: name,
      }));
      expect(present).toContain("AccessDenied");
      expect(present).toBe(missing);
    },
  );

  test("a role below a path", async () => {
    const [present, missing] = await both((RoleName) => ({ Action: "GetRole", RoleName }), "deeper");
    expect(present).toBe(missing);
  });

  test("names that are to be made", async () => {
    const [user, noUser] = await both((UserName) => ({ Action: "CreateUser", UserName }));
    expect(user).toContain("AccessDenied");
    expect(user).toBe(noUser);
    const AssumeRolePolicyDocument = trust({ AWS: accountA });
    const [role, noRole] = await both((RoleName) => ({ Action: "CreateRole", RoleName, AssumeRolePolicyDocument }));
    expect(role).toBe(noRole);
  });

  test("policies, attached to somebody or not there at all", async () => {
    for (const Action of ["GetPolicy", "DeletePolicy", "ListPolicyVersions"]) {
      const [present, missing] = await both((name) => ({ Action, PolicyArn: arn(accountA, `policy/${name}`) }));
      expect(present).toBe(missing);
    }
    const [present, missing] = await both((name) => ({
      Action: "AttachUserPolicy",
      UserName: "other",
      PolicyArn: arn(accountA, `policy/${name}`),
    }));
    expect(present).toContain("AccessDenied");
    expect(present).toBe(missing);
  });

  test("access keys of others", async () => {
    const theirs = world.b.keys.accessKeyId;
    const none = `${theirs.slice(0, 15)}${theirs.slice(15) === "AAAAA" ? "BBBBB" : "AAAAA"}`;
    const asked = (AccessKeyId: string, keys: SigningCredentials) =>
      answerTo({ Action: "GetAccessKeyLastUsed", AccessKeyId }, keys, AccessKeyId);
    expect(await asked(theirs, powerless.keys)).toBe(await asked(none, powerless.keys));
    // Also to somebody who may ask in his own account.
    expect(await asked(theirs, world.a.keys)).toBe(await asked(none, world.a.keys));
  });

  test.each([
    ["in one's own account", accountA],
    ["in another account", accountB],
  ])("AssumeRole %s", async (_, account) => {
    const parameters = (name: string) => ({
      Action: "AssumeRole",
      RoleArn: arn(account, `role/${name}`),
      RoleSessionName: "session",
    });
    const willing = await world.user(world.a, `willing-${account}`, allow("sts:*"));
    for (const who of [powerless, willing]) {
      const [present, missing] = await both(parameters, "there", who);
      expect(present).toContain("AccessDenied");
      expect(present).toBe(missing);
    }
  });

  test("AssumeRole in an account that is not there", async () => {
    const parameters = (account: string) => ({
      Action: "AssumeRole",
      RoleArn: arn(account, "role/never"),
      RoleSessionName: "session",
    });
    expect(await answerTo(parameters(accountB), powerless.keys, accountB)).toBe(
      await answerTo(parameters("123412341234"), powerless.keys, "123412341234"),
    );
  });

  test("AssumeRole with a session policy of the other account", async () => {
    const [present, missing] = await both((name) => ({
      Action: "AssumeRole",
      RoleArn: arn(accountB, "role/any"),
      RoleSessionName: "session",
      "PolicyArns.member.1.arn": arn(accountB, `policy/${name}`),
    }));
    expect(present).toBe(missing);
  });
});
