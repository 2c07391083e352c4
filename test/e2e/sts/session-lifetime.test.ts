/** How long a session lasts, and what ends it at once. */
import { beforeAll, describe, expect, test } from "vitest";
import { TestClock } from "../../harness/deterministic.ts";
import { postHead, RawClient } from "../../harness/socket.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { caller, refusal } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { faultOf, form, send } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const minute = 60_000;
const dead = "InvalidClientTokenId 403: The security token included in the request is invalid.";

onEachDatabase("the life of a session", (start) => {
  let world: World;
  let clock: TestClock;
  let bob: Caller;
  const bobArn = arn(accountA, "user/bob");

  const assumption = (who: Caller, roleArn: string, more: object = {}) =>
    who.sts.assumeRole({ RoleArn: roleArn, RoleSessionName: "session", ...more });

  beforeAll(async () => {
    // Clients sign with the real time: the server's may run away from it here.
    clock = new TestClock(Date.now());
    world = await startWorld(start, { clock, clockSkew: 30 * 24 * 60 * minute });
    bob = await world.user(world.a, "bob");
  });

  test("an hour by default, to the second; then it is expired", async () => {
    const role = await world.role(world.a, "hour", trust({ AWS: bobArn }));
    const { Credentials } = await assumption(bob, role);
    expect(Credentials?.Expiration?.getTime()).toBe(Math.floor(clock.now() / 1000) * 1000 + 60 * minute);
    const hatted = await world.assume(bob, role);
    clock.advance(60 * minute - 1000);
    expect((await hatted.sts.getCallerIdentity({})).Account).toBe(accountA);
    clock.advance(1000);
    const expired = "ExpiredToken 403: The security token included in the request is expired";
    expect(await refusal(hatted.sts.getCallerIdentity({}))).toBe(expired);
    // Expiry is said before the signature is looked at, and before anyone asks whether the role still lives.
    await world.a.iam.deleteRole({ RoleName: "hour" });
    const forged = { ...hatted.keys, secretAccessKey: "wrong" };
    const sent = form(world.url, { Action: "GetCallerIdentity" }, forged);
    expect(faultOf(await send(world.url, sent))).toBe(expired.replace("ExpiredTokenException", "ExpiredToken"));
  });

  test("DurationSeconds within the API's range, then the role's maximum, then the chain's hour", async () => {
    const role = await world.role(world.a, "short", trust({ AWS: bobArn }), allow("sts:AssumeRole"));
    const range = (value: number, what: string) =>
      `ValidationError 400: 1 validation error detected: Value '${value}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${what}`;
    const beyond =
      "ValidationError 400: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    const chained =
      "ValidationError 400: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    const ask = (who: Caller, roleArn: string, DurationSeconds: number) =>
      refusal(assumption(who, roleArn, { DurationSeconds }));
    expect(await ask(bob, role, 899)).toBe(range(899, "greater than or equal to 900"));
    expect(await ask(bob, role, 43_201)).toBe(range(43_201, "less than or equal to 43200"));
    expect(await ask(bob, role, 3601)).toBe(beyond);
    const { Credentials } = await assumption(bob, role, { DurationSeconds: 900 });
    expect(Credentials!.Expiration!.getTime() - clock.now()).toBeLessThanOrEqual(15 * minute);
    await world.a.iam.updateRole({ RoleName: "short", MaxSessionDuration: 43_200 });
    expect((await assumption(bob, role, { DurationSeconds: 43_200 })).Credentials).toBeDefined();

    const next = await world.role(world.a, "next", trust({ AWS: role }));
    const hatted = await world.assume(bob, role);
    expect(await ask(hatted, next, 3601)).toBe(beyond);
    await world.a.iam.updateRole({ RoleName: "next", MaxSessionDuration: 7200 });
    expect(await ask(hatted, next, 3601)).toBe(chained);
    expect((await assumption(hatted, next, { DurationSeconds: 3600 })).Credentials).toBeDefined();
  });

  test("a session ends with its role, and a new role of the same name does not bring it back", async () => {
    const role = await world.role(world.a, "mortal", trust({ AWS: bobArn }), allow("iam:ListUsers"));
    const hatted = await world.assume(bob, role);
    expect((await hatted.iam.listUsers({})).Users?.length).toBeGreaterThan(0);
    await world.a.iam.deleteRolePolicy({ RoleName: "mortal", PolicyName: "own" });
    await world.a.iam.deleteRole({ RoleName: "mortal" });
    expect(await refusal(hatted.sts.getCallerIdentity({}))).toBe(dead);
    expect(await refusal(hatted.iam.listUsers({}))).toBe(dead);
    await world.role(world.a, "mortal", trust({ AWS: bobArn }), allow("iam:ListUsers"));
    expect(await refusal(hatted.iam.listUsers({}))).toBe(dead);
    expect((await (await world.assume(bob, role)).iam.listUsers({})).Users?.length).toBeGreaterThan(0);
  });

  test("trust means the user, not the name: it survives a rename and does not pass to a successor", async () => {
    const ivy = await world.user(world.a, "ivy", allow("sts:AssumeRole"));
    const role = await world.role(world.b, "bound", trust({ AWS: arn(accountA, "user/ivy") }));
    const { User } = await world.a.iam.getUser({ UserName: "ivy" });
    const shown = async () => {
      const { Role } = await world.b.iam.getRole({ RoleName: "bound" });
      return JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).Statement[0].Principal.AWS as string;
    };
    await world.a.iam.updateUser({ UserName: "ivy", NewUserName: "ivy.renamed", NewPath: "/team/" });
    expect(await shown()).toBe(arn(accountA, "user/team/ivy.renamed"));
    expect((await assumption(ivy, role)).AssumedRoleUser).toBeDefined();
    const impostor = await world.user(world.a, "ivy", allow("sts:AssumeRole"));
    expect(await refusal(assumption(impostor, role))).toMatch(
      /^AccessDenied 403: User: .*:user\/ivy is not authorized/,
    );

    await world.a.iam.deleteUserPolicy({ UserName: "ivy.renamed", PolicyName: "own" });
    await world.a.iam.deleteAccessKey({ UserName: "ivy.renamed", AccessKeyId: ivy.keys.accessKeyId });
    await world.a.iam.deleteUser({ UserName: "ivy.renamed" });
    expect(await shown()).toBe(User!.UserId);
    expect(await refusal(ivy.sts.getCallerIdentity({}))).toBe(dead);
    expect(await refusal(assumption(impostor, role))).toMatch(/^AccessDenied 403/);
  });

  test("sessions issued before a moment are revoked by a deny on aws:TokenIssueTime", async () => {
    const role = await world.role(world.a, "revoked", trust({ AWS: bobArn }), allow("iam:ListUsers"));
    const before = await world.assume(bob, role);
    expect((await before.iam.listUsers({})).Users).toBeDefined();
    clock.advance(2000);
    const now = new Date(clock.now()).toISOString();
    await world.a.iam.putRolePolicy({
      RoleName: "revoked",
      PolicyName: "AWSRevokeOlderSessions",
      PolicyDocument: document(deny("*", "*", { Condition: { DateLessThan: { "aws:TokenIssueTime": now } } })),
    });
    expect(await refusal(before.iam.listUsers({}))).toBe(
      `AccessDenied 403: User: arn:aws:sts::${accountA}:assumed-role/revoked/session is not authorized to perform: iam:ListUsers on resource: ${arn(accountA, "user/")} with an explicit deny in an identity-based policy`,
    );
    clock.advance(1000);
    const after = await world.assume(bob, role);
    expect((await after.iam.listUsers({})).Users).toBeDefined();
  });

  test("a deactivated or deleted key is refused at the next request, and so is a token under a strange key", async () => {
    const jim = await world.user(world.a, "jim");
    const key = { UserName: "jim", AccessKeyId: jim.keys.accessKeyId };
    await jim.sts.getCallerIdentity({});
    await world.a.iam.updateAccessKey({ ...key, Status: "Inactive" });
    expect(await refusal(jim.sts.getCallerIdentity({}))).toBe(dead);
    await world.a.iam.updateAccessKey({ ...key, Status: "Active" });
    expect((await jim.sts.getCallerIdentity({})).Account).toBe(accountA);
    await world.a.iam.deleteAccessKey(key);
    expect(await refusal(jim.sts.getCallerIdentity({}))).toBe(dead);

    const role = await world.role(world.b, "swap", trust({ AWS: bobArn }));
    await world.a.iam.putUserPolicy({
      UserName: "bob",
      PolicyName: "p",
      PolicyDocument: document(allow("sts:*", role)),
    });
    const [one, two] = [await world.assume(bob, role), await world.assume(bob, role)];
    const swapped = caller(world.url, { ...one.keys, sessionToken: two.keys.sessionToken! });
    expect(await refusal(swapped.sts.getCallerIdentity({}))).toBe(dead);
    const { sessionToken: _token, ...tokenless } = one.keys;
    expect(await refusal(caller(world.url, tokenless).sts.getCallerIdentity({}))).toBe(dead);
    expect((await one.sts.getCallerIdentity({})).Account).toBe(accountB);
  });

  describe("what happens between the head of a request and its body", () => {
    /** Sends the head, has something done, sends the body. */
    async function interrupted(
      parameters: Record<string, string>,
      keys: SigningCredentials,
      act: () => Promise<unknown>,
    ) {
      const service = parameters["Action"] === "ListUsers" ? "iam" : "sts";
      const { headers, body } = form(world.url, parameters, keys, { service });
      const client = await RawClient.open(world.url);
      // The empty header has it read at once, and not only when all is there (src/http/lane/plain-head.ts).
      client.send(postHead(world.url, { ...headers, "content-length": body!.length, "x-empty": "" }));
      // It has been read once another request behind it is answered.
      await world.a.sts.getCallerIdentity({});
      await act();
      client.send(body as string);
      await client.answers();
      client.socket.destroy();
      return { status: client.statuses[0], code: /<Code>(\w+)</.exec(client.heard)?.[1] };
    }

    const gone = { status: 403, code: "InvalidClientTokenId" };

    test("nothing: it is answered", async () => {
      const answer = await interrupted({ Action: "GetCallerIdentity" }, bob.keys, async () => {});
      expect(answer).toEqual({ status: 200, code: undefined });
    });

    test("its role is deleted", async () => {
      for (const Action of ["ListUsers", "GetCallerIdentity"]) {
        const role = await world.role(world.a, "leaving", trust({ AWS: bobArn }));
        const { keys } = await world.assume(bob, role);
        expect(await interrupted({ Action }, keys, () => world.a.iam.deleteRole({ RoleName: "leaving" }))).toEqual(
          gone,
        );
      }
    });

    test("its key is deactivated", async () => {
      const { keys } = await world.user(world.a, "eve");
      const question = { UserName: "eve", AccessKeyId: keys.accessKeyId, Status: "Inactive" } as const;
      const answer = await interrupted({ Action: "GetSessionToken" }, keys, () =>
        world.a.iam.updateAccessKey(question),
      );
      expect(answer).toEqual(gone);
    });
  });
});
