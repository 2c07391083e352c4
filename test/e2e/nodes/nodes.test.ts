/** Several servers on one PostgreSQL: what is done at one holds at the other for the very next request. */
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import { postgresql } from "../../contract/backends.ts";
import { caller, refusal } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { phoneOf } from "../../harness/phone.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, deny, document, trust, worldOf } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const dead = "InvalidClientTokenId 403: The security token included in the request is invalid.";

describe("two nodes on one PostgreSQL", () => {
  const start = starter(postgresql);
  const directories = [dataDirectory(), dataDirectory()];
  let world: World;
  let other: RunningServer;
  /** The same caller at the other node. */
  const across = (who: Caller): Caller => caller(other.url, who.keys);

  beforeAll(async () => {
    const shared = {
      database: (await postgresql.place()).location,
      masterKey: masterKey(randomBytes(32), "the test"),
      first: { id: accountA },
      accounts: [{ id: accountB, name: "b" }],
    };
    const nodes = await Promise.all(directories.map((directory) => start({ ...shared, dataDirectory: directory })));
    // Both began on an empty database: one of them made the accounts, the other found them.
    expect(nodes.map((node) => node.created.length).sort()).toEqual([0, 2]);
    const maker = nodes.find((node) => node.created.length > 0)!;
    other = nodes.find((node) => node !== maker)!;
    expect(other.operatorAccount).toBe(maker.operatorAccount);
    world = worldOf(maker);
  });

  test("a policy changed through one holds at the other, again and again", async () => {
    const bob = await world.user(world.a, "bob");
    const there = across(bob);
    const put = (statement: object) =>
      world.a.iam.putUserPolicy({ UserName: "bob", PolicyName: "p", PolicyDocument: document(statement) });
    for (let round = 0; round < 10; round++) {
      await put(allow("iam:ListUsers"));
      expect((await there.iam.listUsers({})).Users).toBeDefined();
      await put(deny("iam:ListUsers"));
      expect(await refusal(there.iam.listUsers({}))).toMatch(/with an explicit deny in an identity-based policy$/);
    }
  });

  test("a token minted by one is good at the other, in both directions", async () => {
    const role = await world.role(world.a, "shared", trust({ AWS: accountA }), allow("iam:ListUsers"));
    for (const minting of [world.a, across(world.a)]) {
      const hatted = await world.assume(minting, role);
      for (const url of [world.url, other.url]) {
        expect((await caller(url, hatted.keys).iam.listUsers({})).Users).toBeDefined();
      }
    }
  });

  test("an MFA code is good once, and nine are verified in a span, at both together", async () => {
    const kim = await world.user(world.a, "kim");
    const phone = await phoneOf(world.a, "kim");
    const span = () => Math.floor(Date.now() / 180_000);
    const outcomes = async (code: string, times: number) => {
      const nodes = [kim, across(kim)];
      const said = await Promise.all(
        Array.from({ length: times }, (_, index) =>
          nodes[index % 2]!.sts.getSessionToken(phone.shows(code)).then(
            () => "session",
            ({ message }: Error) => (message.includes("invalid MFA") ? "invalid" : "unable"),
          ),
        ),
      );
      return ["session", "invalid", "unable"].map((one) => said.filter((each) => each === one).length);
    };
    const began = span();
    expect(await outcomes(phone.code(), 6)).toEqual([1, 5, 0]);
    const [session, invalid] = await outcomes(phone.wrong(), 10);
    expect(session).toBe(0);
    // More only where the next span has begun meanwhile.
    if (span() === began) expect(invalid).toBe(3);
  });

  test("a role deleted at one is dead at the other, and a new one of the name is another", async () => {
    const role = await world.role(world.a, "brief", trust({ AWS: accountA }));
    const hatted = across(await world.assume(world.a, role));
    expect((await hatted.sts.getCallerIdentity({})).Account).toBe(accountA);
    await world.a.iam.deleteRole({ RoleName: "brief" });
    expect(await refusal(hatted.sts.getCallerIdentity({}))).toBe(dead);
    await across(world.a).iam.createRole({ RoleName: "brief", AssumeRolePolicyDocument: trust({ AWS: accountA }) });
    expect(await refusal(hatted.sts.getCallerIdentity({}))).toBe(dead);
  });

  test("trust withdrawn at one is withdrawn at the other, across accounts", async () => {
    const role = await world.role(world.b, "trusting", trust({ AWS: accountA }));
    const there = across(world.a);
    const assume = () => there.sts.assumeRole({ RoleArn: role, RoleSessionName: "session" });
    expect((await assume()).AssumedRoleUser).toBeDefined();
    await world.b.iam.updateAssumeRolePolicy({ RoleName: "trusting", PolicyDocument: trust({ AWS: accountB }) });
    expect(await refusal(assume())).toMatch(/^AccessDenied 403/);
  });

  test("a key made, deactivated and deleted at one", async () => {
    const jim = await world.user(world.a, "jim");
    const there = across(jim);
    const key = { UserName: "jim", AccessKeyId: jim.keys.accessKeyId };
    expect((await there.sts.getCallerIdentity({})).Arn).toBe(arn(accountA, "user/jim"));
    await world.a.iam.updateAccessKey({ ...key, Status: "Inactive" });
    expect(await refusal(there.sts.getCallerIdentity({}))).toBe(dead);
    await world.a.iam.updateAccessKey({ ...key, Status: "Active" });
    expect((await there.sts.getCallerIdentity({})).Account).toBe(accountA);
    await world.a.iam.deleteAccessKey(key);
    expect(await refusal(there.sts.getCallerIdentity({}))).toBe(dead);
  });

  test("both write at once: names and quotas hold", async () => {
    const both = [world.a, across(world.a)];
    const made = await Promise.allSettled(both.map((who) => who.iam.createUser({ UserName: "once" })));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const keys = await Promise.allSettled(
      [...both, ...both].map((who) => who.iam.createAccessKey({ UserName: "once" })),
    );
    expect(keys.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    for (const result of [...made, ...keys]) {
      if (result.status === "rejected") {
        expect((result.reason as Error).name).toMatch(/^(EntityAlreadyExists|LimitExceeded)Exception$/);
      }
    }
  });

  test("the trails of both together have every change exactly once, and the reads of each", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `traced-${index}`);
    const both = [world.a, across(world.a)];
    await Promise.all(names.map((UserName, index) => both[index % 2]!.iam.createUser({ UserName })));
    await Promise.all(names.map((UserName, index) => both[index % 2]!.iam.getUser({ UserName })));
    const found: Record<string, string[]> = { CreateUser: [], GetUser: [] };
    for (const node of [world.server, other]) {
      for (const event of await trailEvents(node)) {
        const name = event.requestParameters?.["userName"];
        if (typeof name === "string" && name.startsWith("traced-")) found[event.eventName]?.push(name);
      }
    }
    expect(found["CreateUser"]!.sort()).toEqual(names);
    expect(found["GetUser"]!.sort()).toEqual(names);
  });
});
