/** rolecall:SignIn: a user's password, and the session that it gives. */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { TestClock } from "../../harness/deterministic.ts";
import { send } from "../../harness/http.ts";
import { phoneOf } from "../../harness/phone.ts";
import { onEachDatabase, starter } from "../../harness/places.ts";
import { received } from "../../harness/received.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, allow, arn, deny, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const password = "What it Was 1";
const failed = "AccessDenied 403: Failed authentication";

interface Answer {
  readonly Credentials: Parameters<typeof sessionKeys>[0] & object;
  readonly UserArn: string;
  readonly PasswordChangeRequired: boolean;
}

/** Unsigned, as nobody has credentials before. */
async function signIn(url: string, input: object): Promise<{ status: number; body: Answer; text: string }> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Rolecall.SignIn" };
  const { status, body } = await send(url, { headers, body: JSON.stringify(input) });
  return { status, body: JSON.parse(body) as Answer, text: body };
}

async function refused(url: string, input: object): Promise<string> {
  const { status, text } = await signIn(url, input);
  const { __type: code, message } = JSON.parse(text) as { __type?: string; message?: string };
  return `${code} ${status}: ${message}`;
}

const day = 86_400_000;

onEachDatabase("a sign-in", (start) => {
  let world: World;
  let name: string;
  let users = 0;
  beforeAll(async () => {
    world = await startWorld(start);
  });
  beforeEach(async () => {
    name = `user-${++users}`;
    await world.user(world.a, name, allow(["iam:*", "sts:*"]), deny("iam:ListGroups"));
    await world.a.iam.createLoginProfile({ UserName: name, Password: password });
  });

  const input = (more: object = {}) => ({ Account: accountA, UserName: name, Password: password, ...more });
  const session = async (more: object = {}): Promise<Caller> =>
    world.as(sessionKeys((await signIn(world.url, input(more))).body.Credentials));
  const logins = async () => (await trailEvents(world.server)).filter(({ eventName }) => eventName === "ConsoleLogin");

  test("gives temporary credentials of the user, for whom no key is needed and IAM is open", async () => {
    const { status, body } = await signIn(world.url, input({ DurationSeconds: 900 }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ UserArn: arn(accountA, `user/${name}`), PasswordChangeRequired: false });
    const user = world.as(sessionKeys(body.Credentials));
    expect((await user.sts.getCallerIdentity({})).Arn).toBe(arn(accountA, `user/${name}`));
    expect((await user.iam.getUser({})).User!.PasswordLastUsed).toBeInstanceOf(Date);
    expect(await refusal(user.iam.listGroups({}))).toMatch(/explicit deny/);
    expect(await refusal(user.sts.getSessionToken({}))).toMatch(/Cannot call GetSessionToken with session credentials/);
    const [event] = await logins();
    expect(event).toMatchObject({
      eventSource: "signin.amazonaws.com",
      eventType: "AwsConsoleSignIn",
      userIdentity: { type: "IAMUser", arn: arn(accountA, `user/${name}`), accountId: accountA, userName: name },
      requestParameters: null,
      responseElements: { ConsoleLogin: "Success" },
      additionalEventData: { MobileVersion: "No", MFAUsed: "No" },
      recipientAccountId: accountA,
    });
  });

  test("says in the context how it began", async () => {
    const conditions = {
      StringEquals: { "rolecall:SignIn": "password" },
      Bool: { "aws:MultiFactorAuthPresent": "false" },
      DateGreaterThan: { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
    };
    const RoleArn = await world.role(
      world.a,
      name,
      trust({ AWS: arn(accountA, `user/${name}`) }, "sts:AssumeRole", { Condition: conditions }),
    );
    const user = await session();
    expect((await user.sts.assumeRole({ RoleArn, RoleSessionName: "session" })).AssumedRoleUser).toBeDefined();
  });

  test("by the account's alias, and a name in any case", async () => {
    await world.a.iam.createAccountAlias({ AccountAlias: `alias-${name}` });
    expect((await signIn(world.url, input({ Account: `alias-${name}`, UserName: name.toUpperCase() }))).status).toBe(
      200,
    );
  });

  test("is refused in the same words whatever is wrong, and the account reads why", async () => {
    const without = `${name}-without`;
    await world.user(world.a, without);
    for (const more of [
      { Password: "another Password 1" },
      { UserName: without },
      { UserName: `${name}-nobody` },
      { Account: "000000000000" },
      { Account: "no-such-alias" },
    ]) {
      expect(await refused(world.url, input(more)), JSON.stringify(more)).toBe(failed);
    }
    const events = (await logins()).filter(({ errorMessage }) => errorMessage === "Failed authentication");
    const ofAccount = events.filter(({ recipientAccountId }) => recipientAccountId === accountA);
    const named = ofAccount.map(({ userIdentity }) => (userIdentity as { userName?: string }).userName);
    expect(named).toEqual(expect.arrayContaining([name, without, "HIDDEN_DUE_TO_SECURITY_REASONS"]));
    expect(ofAccount[0]).toMatchObject({
      userIdentity: { type: "IAMUser", accountId: accountA },
      responseElements: { ConsoleLogin: "Failure" },
      additionalEventData: { MFAUsed: "No" },
    });
    expect(JSON.stringify(events)).not.toMatch(/another Password|nobody/);
  });

  test("with a password that has to be changed is for that alone, until the next one", async () => {
    await world.a.iam.updateLoginProfile({ UserName: name, PasswordResetRequired: true });
    const { body } = await signIn(world.url, input());
    expect(body.PasswordChangeRequired).toBe(true);
    const user = world.as(sessionKeys(body.Credentials));
    const must = (action: string) =>
      `AccessDenied 403: User: ${body.UserArn} is not authorized to perform: ${action} because the password has to be changed first: with iam:ChangePassword, and a new sign-in`;
    expect(await refusal(user.iam.listUsers({}))).toBe(must("iam:ListUsers"));
    expect(await refusal(user.sts.getCallerIdentity({}))).toBe(must("sts:GetCallerIdentity"));
    expect((await user.rolecall("ListAccounts")).status).toBe(403);
    expect(await refusal(user.iam.getAccountPasswordPolicy({}))).toMatch(/^NoSuchEntity/);
    // A service outside is told so as well: it goes by the policies.
    const shop = await world.user(world.a, `${name}-shop`, allow("rolecall:Authorize"));
    const asked = await shop.rolecall("Authorize", {
      Request: received(user.keys),
      Service: "shop",
      Action: "shop:Buy",
      Resources: ["arn:aws:shop:::goods/1"],
    });
    expect(JSON.stringify(asked.body)).toContain("ImplicitlyDenied");
    await user.iam.changePassword({ OldPassword: password, NewPassword: "What it Will be 1" });
    expect(await refusal(user.iam.listUsers({}))).toBe(must("iam:ListUsers"));
    const next = await session({ Password: "What it Will be 1" });
    expect((await next.iam.listUsers({})).Users).toBeDefined();
  });

  describe("of a user with an MFA device", () => {
    const device = (deviceName = name) => phoneOf(world.a, name, undefined, deviceName);
    const serial = (device: string) => arn(accountA, `mfa/${device}`);
    const required = (...devices: readonly string[]) =>
      `MfaCodeRequiredException 403: ${
        devices.length === 1
          ? "A code of the user's MFA device is needed as well (MfaCode): "
          : "A code of one of the user's MFA devices is needed as well (MfaCode, MfaSerialNumber): "
      }${devices.map(serial).join(", ")}`;

    test("takes its code, once, and policies see it", async () => {
      const phone = await device();
      expect(await refused(world.url, input())).toBe(required(name));
      // Made once: half a minute ends at any moment, and then the phone shows another.
      const code = phone.code(1);
      const { status, body } = await signIn(world.url, input({ MfaCode: code }));
      expect(status).toBe(200);
      expect(await refused(world.url, input({ MfaCode: code }))).toBe(failed);
      const RoleArn = await world.role(
        world.a,
        name,
        trust({ AWS: arn(accountA, `user/${name}`) }, "sts:AssumeRole", {
          Condition: {
            Bool: { "aws:MultiFactorAuthPresent": "true" },
            NumericLessThan: { "aws:MultiFactorAuthAge": "600" },
          },
        }),
      );
      const user = world.as(sessionKeys(body.Credentials));
      expect((await user.sts.assumeRole({ RoleArn, RoleSessionName: "session" })).AssumedRoleUser).toBeDefined();
      const events = (await logins()).filter(
        ({ userIdentity }) => (userIdentity as { userName?: string }).userName === name,
      );
      // Refusals of nobody are in files of their own, and those of one second are in no order with the others.
      const shown = events.map(({ additionalEventData: { MFAUsed, MFAIdentifier } }) => `${MFAUsed} ${MFAIdentifier}`);
      expect(shown.toSorted()).toEqual([`No ${serial(name)}`, "No undefined", `Yes ${serial(name)}`]);
    });

    test("tells nobody of it, nor that a password is right, who has not shown the right password, or shows a wrong code", async () => {
      const phone = await device();
      for (const more of [
        { Password: "wrong" },
        { Password: "wrong", MfaCode: phone.code(1) },
        { MfaCode: "000000" },
        { UserName: `${name}-nobody`, MfaCode: phone.code(1) },
        { MfaCode: phone.code(1), MfaSerialNumber: serial("another") },
      ]) {
        expect(await refused(world.url, input(more)), JSON.stringify(more)).toBe(failed);
      }
    });

    test("one of several is named", async () => {
      const [first, second] = [`${name}-1`, `${name}-2`];
      const phone = await device(first);
      await device(second);
      expect(await refused(world.url, input())).toBe(required(first, second));
      expect(await refused(world.url, input({ MfaCode: phone.code() }))).toBe(required(first, second));
      expect(await refused(world.url, input({ MfaCode: phone.code(), MfaSerialNumber: serial(second) }))).toBe(failed);
      expect((await signIn(world.url, input({ MfaCode: phone.code(), MfaSerialNumber: serial(first) }))).status).toBe(
        200,
      );
    });

    test("nobody else has a code to show", async () => {
      expect(await refused(world.url, input({ MfaCode: "123456" }))).toBe(failed);
      expect(await refused(world.url, input({ MfaCode: "12345" }))).toMatch(/^ValidationException 400/);
    });
  });

  test("of what is no input is refused like any other", async () => {
    expect(await refused(world.url, { Account: accountA, UserName: name })).toMatch(/^ValidationException 400/);
    expect(await refused(world.url, input({ DurationSeconds: 60 }))).toMatch(/^ValidationException 400/);
    const { text } = await signIn(world.url, input({ Password: "x".repeat(129) }));
    expect(text).not.toContain("xxx");
  });
});

describe("a sign-in as time goes by", () => {
  const start = starter();
  let world: World;
  let clock: TestClock;
  beforeEach(async () => {
    clock = new TestClock(Date.now());
    world = await startWorld(start, { clock, clockSkew: 1000 * day });
    await world.user(world.a, "u", allow("iam:*"));
    await world.a.iam.createLoginProfile({ UserName: "u", Password: password });
  });
  const input = { Account: accountA, UserName: "u", Password: password };

  test("after several wrong passwords waits with the right one as well, and each time longer", async () => {
    const wrong = () => refused(world.url, { ...input, Password: "wrong" });
    for (let time = 0; time < 5; time++) expect(await wrong()).toBe(failed);
    expect(await refused(world.url, input)).toBe(failed);
    clock.advance(10_000);
    expect(await wrong()).toBe(failed);
    clock.advance(19_999);
    expect(await refused(world.url, input)).toBe(failed);
    clock.advance(1);
    expect((await signIn(world.url, input)).status).toBe(200);
    // From the beginning again.
    for (let time = 0; time < 4; time++) expect(await wrong()).toBe(failed);
    expect((await signIn(world.url, input)).status).toBe(200);
  });

  test("however many are sent at once, no more are looked at than one by one", async () => {
    const guesses = Array.from({ length: 12 }, (_, index) =>
      refused(world.url, { ...input, Password: `guess ${index}` }),
    );
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([failed]));
    expect(await refused(world.url, input)).toBe(failed);
  });

  test("that lacks a code is no failure, and does not keep its next attempt waiting; wrong codes are and do", async () => {
    const phone = await phoneOf(world.a, "u", clock);
    const lacking = () => refused(world.url, input);
    for (let time = 0; time < 7; time++) expect(await lacking()).toMatch(/^MfaCodeRequiredException/);
    for (let time = 0; time < 4; time++)
      expect(await refused(world.url, { ...input, MfaCode: phone.code(9) })).toBe(failed);
    expect(await lacking()).toMatch(/^MfaCodeRequiredException/);
    expect(await refused(world.url, { ...input, MfaCode: phone.code(9) })).toBe(failed);
    // Five wrong codes: with the right one as well.
    expect(await lacking()).toBe(failed);
    expect(await refused(world.url, { ...input, MfaCode: phone.code() })).toBe(failed);
    clock.advance(10_000);
    expect(await lacking()).toMatch(/^MfaCodeRequiredException/);
    expect((await signIn(world.url, { ...input, MfaCode: phone.code() })).status).toBe(200);
  });

  test("with a password that has expired is for changing it, and with a hard expiry for nothing", async () => {
    const policy = { MaxPasswordAge: 2 };
    await world.a.iam.updateAccountPasswordPolicy(policy);
    clock.advance(2 * day - 1);
    expect((await signIn(world.url, input)).body.PasswordChangeRequired).toBe(false);
    clock.advance(1);
    const { body } = await signIn(world.url, input);
    expect(body.PasswordChangeRequired).toBe(true);
    await world.a.iam.updateAccountPasswordPolicy({ ...policy, HardExpiry: true });
    expect(await refused(world.url, input)).toBe(
      "AccessDenied 403: The password has expired. An administrator has to set another one.",
    );
    await world
      .as(sessionKeys(body.Credentials))
      .iam.changePassword({ OldPassword: password, NewPassword: "What it Will be 1" });
    expect((await signIn(world.url, { ...input, Password: "What it Will be 1" })).body.PasswordChangeRequired).toBe(
      false,
    );
  });
});
