/** GetSessionToken and GetFederationToken: what each kind of credentials may call, and for how long. */
import { beforeAll, expect, test } from "vitest";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { signed } from "../../harness/http.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, allow, arn, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const noIam = "InvalidClientTokenId 403: The security token included in the request is invalid";

onEachDatabase("sessions of users", (start) => {
  let world: World;
  let kim: Caller;
  let root: Caller;

  beforeAll(async () => {
    world = await startWorld(start);
    kim = await world.user(world.a, "kim", allow(["sts:*", "iam:*", "shop:*"]));
    root = await world.root(accountA);
  });

  /** Asks rolecall, as a service would, whether these credentials may do something that is not IAM's. */
  const mayShop = async (keys: SigningCredentials, action: string): Promise<boolean> => {
    const host = new URL(world.url).host;
    // A service asks about actions of its own.
    const [service] = action.split(":") as [string];
    const inner = signed(world.url, { method: "GET", target: "/goods" }, keys, { service });
    const { status, body } = await world.a.rolecall("Authorize", {
      Request: {
        Method: "GET",
        Url: "/goods",
        Headers: Object.entries({ ...inner.headers, host }).map(([Name, Value]) => ({ Name, Value })),
      },
      Service: service,
      Action: action,
      Resources: [`arn:aws:${service}:::goods`],
    });
    expect(status).toBe(200);
    expect(body.Verified).toBe(true);
    return body.Allowed as boolean;
  };

  test("GetSessionToken: the user, without IAM and with little of STS", async () => {
    const { Credentials } = await kim.sts.getSessionToken({});
    expect(Math.abs(Credentials!.Expiration!.getTime() - Date.now() - 12 * 3_600_000)).toBeLessThan(30_000);
    const session = world.as(sessionKeys(Credentials));
    expect((await session.sts.getCallerIdentity({})).Arn).toBe(arn(accountA, "user/kim"));
    expect(await refusal(session.iam.listUsers({}))).toBe(noIam);
    expect(await refusal(session.sts.getSessionToken({}))).toBe(
      "AccessDenied 403: Cannot call GetSessionToken with session credentials",
    );
    expect(await refusal(session.sts.getFederationToken({ Name: "xy" }))).toBe(
      "AccessDenied 403: Cannot call GetFederationToken with session credentials",
    );
    expect(await refusal(session.sts.getAccessKeyInfo({ AccessKeyId: kim.keys.accessKeyId }))).toBe(
      `AccessDenied 403: User: ${arn(accountA, "user/kim")} is not authorized to perform: sts:GetAccessKeyInfo`,
    );
    const role = await world.role(world.a, "from-session", trust({ AWS: arn(accountA, "user/kim") }));
    await world.a.iam.updateRole({ RoleName: "from-session", MaxSessionDuration: 7200 });
    const assume = (who: Caller, DurationSeconds: number) =>
      who.sts.assumeRole({ RoleArn: role, RoleSessionName: "session", DurationSeconds });
    // A chain, as AWS counts: an hour at most, though the user's own key gives what the role allows.
    expect(await refusal(assume(session, 3601))).toBe(
      "ValidationError 400: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
    expect(await refusal(assume(session, 7201))).toBe(
      "ValidationError 400: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
    expect((await assume(session, 3600)).AssumedRoleUser).toBeDefined();
    expect((await assume(kim, 7200)).AssumedRoleUser).toBeDefined();
    expect(await mayShop(session.keys, "shop:Buy")).toBe(true);
  });

  test("durations: 15 minutes to 36 hours for users, an hour at most for root", async () => {
    const ask = (who: Caller, DurationSeconds: number) => refusal(who.sts.getSessionToken({ DurationSeconds }));
    const range = "ValidationError 400: 1 validation error detected: Value";
    expect(await ask(kim, 899)).toMatch(new RegExp(`^${range} '899' at 'durationSeconds'`));
    expect(await ask(kim, 129_601)).toMatch(new RegExp(`^${range} '129601' at 'durationSeconds'`));
    const longest = await kim.sts.getSessionToken({ DurationSeconds: 129_600 });
    expect(longest.Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 129_000_000);
    // A root that asks for longer gets an hour (API reference, GetSessionToken).
    const short = await root.sts.getSessionToken({ DurationSeconds: 7200 });
    expect(short.Credentials!.Expiration!.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
    const session = world.as(sessionKeys(short.Credentials));
    expect((await session.sts.getCallerIdentity({})).Arn).toBe(arn(accountA, "root"));
    expect(await refusal(session.iam.listUsers({}))).toBe(noIam);
  });

  test("GetFederationToken: what both the user and the policy allow, and nothing without a policy", async () => {
    const name = { Name: "visitor@example" };
    const answer = await kim.sts.getFederationToken({ ...name, Policy: document(allow(["shop:Look", "shop:Buy"])) });
    expect(answer.FederatedUser).toEqual({
      Arn: `arn:aws:sts::${accountA}:federated-user/visitor@example`,
      FederatedUserId: `${accountA}:visitor@example`,
    });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
    const visitor = world.as(sessionKeys(answer.Credentials));
    expect((await visitor.sts.getCallerIdentity({})).Arn).toBe(answer.FederatedUser?.Arn);
    expect(await mayShop(visitor.keys, "shop:Buy")).toBe(true);
    expect(await mayShop(visitor.keys, "shop:Sell")).toBe(false);
    const bare = await kim.sts.getFederationToken(name);
    expect(await mayShop(sessionKeys(bare.Credentials), "shop:Buy")).toBe(false);
    const managed = await kim.sts.getFederationToken({
      ...name,
      PolicyArns: [{ arn: "arn:aws:iam::aws:policy/AdministratorAccess" }],
    });
    expect(await mayShop(sessionKeys(managed.Credentials), "shop:Sell")).toBe(true);
    expect(await mayShop(sessionKeys(managed.Credentials), "other:Thing")).toBe(false);
  });

  test("a federated user calls no IAM and no more of STS than who it is", async () => {
    const { Credentials } = await kim.sts.getFederationToken({ Name: "guest", Policy: document(allow("*")) });
    const guest = world.as(sessionKeys(Credentials));
    expect(await refusal(guest.iam.listUsers({}))).toBe(noIam);
    const role = await world.role(world.a, "for-guest", trust({ AWS: accountA }));
    expect(await refusal(guest.sts.assumeRole({ RoleArn: role, RoleSessionName: "session" }))).toMatch(
      /^AccessDenied 403: User: arn:aws:sts::\d{12}:federated-user\/guest is not authorized to perform: sts:AssumeRole/,
    );
    expect(await refusal(guest.sts.getSessionToken({}))).toMatch(/session credentials$/);
    expect((await guest.sts.getCallerIdentity({})).UserId).toBe(`${accountA}:guest`);
  });

  test("GetFederationToken is a permission, tags another, and both end with the user", async () => {
    const lea = await world.user(world.a, "lea");
    const target = `arn:aws:sts::${accountA}:federated-user/guest`;
    const ask = (more: object = {}) => lea.sts.getFederationToken({ Name: "guest", ...more });
    expect(await refusal(ask())).toBe(
      `AccessDenied 403: User: ${arn(accountA, "user/lea")} is not authorized to perform: sts:GetFederationToken on resource: ${target} because no identity-based policy allows the sts:GetFederationToken action`,
    );
    const PolicyDocument = document(allow(["sts:GetFederationToken", "shop:*"], "*"));
    await world.a.iam.putUserPolicy({ UserName: "lea", PolicyName: "p", PolicyDocument });
    const Tags = [{ Key: "team", Value: "x" }];
    expect(await refusal(ask({ Tags }))).toMatch(/not authorized to perform: sts:TagSession on resource: /);
    const { Credentials } = await ask({ Policy: document(allow("shop:*")) });
    expect(await mayShop(sessionKeys(Credentials), "shop:Buy")).toBe(true);
    await world.a.iam.deleteUserPolicy({ UserName: "lea", PolicyName: "p" });
    expect(await mayShop(sessionKeys(Credentials), "shop:Buy")).toBe(false);
    await world.a.iam.deleteAccessKey({ UserName: "lea", AccessKeyId: lea.keys.accessKeyId });
    await world.a.iam.deleteUser({ UserName: "lea" });
    expect(await refusal(world.as(sessionKeys(Credentials)).sts.getCallerIdentity({}))).toMatch(
      /^InvalidClientTokenId/,
    );
  });

  test("a token is as long as it was asked to be", async () => {
    const role = await world.role(world.a, "long-token", trust({ AWS: arn(accountA, "user/kim") }));
    const asked = { RoleArn: role, RoleSessionName: "session", MinimumSessionTokenSize: 3000 };
    const { Credentials } = await kim.sts.assumeRole(asked as never);
    expect(Credentials?.SessionToken?.length).toBeGreaterThanOrEqual(3000);
    expect(Credentials?.SessionToken?.length).toBeLessThanOrEqual(4096);
    expect((await world.as(sessionKeys(Credentials)).sts.getCallerIdentity({})).Account).toBe(accountA);
  });
});
