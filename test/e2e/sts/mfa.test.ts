/** Codes of MFA devices at GetSessionToken and AssumeRole. */
import { beforeAll, beforeEach, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { TestClock } from "../../harness/deterministic.ts";
import { newPhone, phoneOf } from "../../harness/phone.ts";
import type { Phone } from "../../harness/phone.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const refusals = {
  invalid: "AccessDenied 403: MultiFactorAuthentication failed with invalid MFA one time pass code. ",
  unable:
    "AccessDenied 403: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
  half: "AccessDenied 403: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
};
type Outcome = "session" | "invalid" | "unable";
type Step =
  | readonly ["code" | "wrong", number, Outcome]
  | readonly ["resync" | "wait", number]
  | readonly ["replace" | "deactivate" | "span"];

interface CodeCase {
  readonly name: string;
  readonly steps: readonly Step[];
}

const step = 30_000;
const span = 180_000;

onEachDatabase("MFA codes at STS", (start) => {
  const clock = new TestClock(Math.ceil(Date.now() / span) * span);
  let world: World;
  let role: string;
  let users = 0;
  let name: string;

  beforeAll(async () => {
    world = await startWorld(start, { clock, clockSkew: 1_000_000_000 });
    role = await world.role(world.a, "for-all", trust({ AWS: accountA }));
  });
  beforeEach(() => {
    name = `user-${++users}`;
    clock.set(Math.ceil((clock.now() + 1) / span) * span);
  });

  const phoneOfUser = (UserName: string) => phoneOf(world.a, UserName, clock);
  const remove = async (UserName: string, { serial: SerialNumber }: Phone) => {
    await world.a.iam.deactivateMFADevice({ UserName, SerialNumber });
    await world.a.iam.deleteVirtualMFADevice({ SerialNumber });
  };
  const assume = (who: Caller, RoleArn: string, more: object = {}) =>
    who.sts.assumeRole({ RoleArn, RoleSessionName: "session", ...more });

  test.each(casesIn<CodeCase>("mfa/codes.jsonl"))("$name", async ({ steps }) => {
    const user = await world.user(world.a, name, allow("sts:AssumeRole"));
    let phone = await phoneOfUser(name);
    let calls = 0;
    const check = async (TokenCode: string, outcome: Outcome, about: string) => {
      const mfa = phone.shows(TokenCode);
      const call = ++calls % 2 === 0 ? assume(user, role, mfa) : user.sts.getSessionToken(mfa);
      if (outcome === "session") expect((await call).Credentials, about).toBeDefined();
      else expect(await refusal(call), about).toBe(refusals[outcome]);
    };
    for (const taken of steps) {
      const about = JSON.stringify(taken);
      switch (taken[0]) {
        case "code":
          await check(phone.code(taken[1]), taken[2], about);
          break;
        case "wrong":
          for (let time = 0; time < taken[1]; time++) await check(phone.wrong(), taken[2], about);
          break;
        case "resync":
          await world.a.iam.resyncMFADevice({ UserName: name, SerialNumber: phone.serial, ...phone.pair(taken[1]) });
          break;
        case "replace":
          await remove(name, phone);
          phone = await phoneOfUser(name);
          break;
        case "deactivate":
          await world.a.iam.deactivateMFADevice({ UserName: name, SerialNumber: phone.serial });
          break;
        case "wait":
          clock.advance(taken[1] * step);
          break;
        case "span":
          clock.set(Math.ceil((clock.now() + 1) / span) * span);
      }
    }
  });

  test("however many show one code at once, one gets a session; and of many wrong ones nine are looked at", async () => {
    const user = await world.user(world.a, name, allow("sts:AssumeRole"));
    const phone = await phoneOfUser(name);
    const outcomes = async (code: string, times: number) => {
      const calls = Array.from({ length: times }, (_, index) => {
        const mfa = phone.shows(code);
        const call = index % 2 === 0 ? assume(user, role, mfa) : user.sts.getSessionToken(mfa);
        return call.then(
          () => "session",
          ({ message }: Error) => (message.includes("invalid MFA") ? "invalid" : "unable"),
        );
      });
      const all = await Promise.all(calls);
      return ["session", "invalid", "unable"].map((one) => all.filter((outcome) => outcome === one).length);
    };
    expect(await outcomes(phone.code(), 6)).toEqual([1, 5, 0]);
    expect(await outcomes(phone.wrong(), 9)).toEqual([0, 3, 6]);
  });

  test("only the user whose device it is has its codes verified, whoever else tries", async () => {
    const user = await world.user(world.a, name, allow("sts:*"));
    const phone = await phoneOfUser(name);
    const other = await world.user(world.a, `${name}-other`, allow("sts:*"));
    const root = await world.root(accountA);
    const hat = await world.assume(other, role);
    const foreigner = await world.user(world.b, name, allow("sts:*"));
    await phoneOfUser(`${name}-other`);
    for (let time = 0; time < 10; time++) {
      for (const stranger of [other, foreigner]) {
        expect(await refusal(stranger.sts.getSessionToken(phone.shows()))).toBe(refusals.unable);
        expect(await refusal(assume(stranger, role, phone.shows()))).toBe(refusals.unable);
      }
    }
    expect(await refusal(assume(hat, role, phone.shows()))).toBe(refusals.unable);
    // Root's own device is for the console alone.
    const rootPhone = await newPhone(root, `${name}-root`, clock);
    const enabling = { UserName: accountA, SerialNumber: rootPhone.serial, ...rootPhone.pair() };
    await root.iam.enableMFADevice(enabling);
    expect(await refusal(root.sts.getSessionToken(rootPhone.shows()))).toBe(refusals.unable);
    expect(await refusal(assume(root, role, rootPhone.shows()))).toBe(
      "AccessDenied 403: Roles may not be assumed by root accounts.",
    );
    await root.iam.deactivateMFADevice({ SerialNumber: rootPhone.serial });
    await root.iam.deleteVirtualMFADevice({ SerialNumber: rootPhone.serial });
    expect((await user.sts.getSessionToken(phone.shows())).Credentials).toBeDefined();
  });

  test("one without the other, and what is no code or no serial number", async () => {
    const user = await world.user(world.a, name, allow("sts:AssumeRole"));
    const { serial: SerialNumber } = await phoneOfUser(name);
    for (const half of [{ SerialNumber }, { TokenCode: "123456" }]) {
      expect(await refusal(user.sts.getSessionToken(half))).toBe(refusals.half);
      expect(await refusal(assume(user, role, half))).toBe(refusals.half);
    }
    const invalid = (value: string, member: string) =>
      new RegExp(`^ValidationError 400: 1 validation error detected: Value '${value}' at '${member}' failed`);
    expect(await refusal(user.sts.getSessionToken({ SerialNumber, TokenCode: "12345" }))).toMatch(
      invalid("12345", "tokenCode"),
    );
    expect(await refusal(assume(user, role, { SerialNumber, TokenCode: "12345a" }))).toMatch(
      invalid("12345a", "tokenCode"),
    );
    expect(await refusal(user.sts.getSessionToken({ SerialNumber: "short", TokenCode: "123456" }))).toMatch(
      invalid("short", "serialNumber"),
    );
  });

  test("GetSessionToken's session says that a code was shown, and when; without one it says that none was", async () => {
    const conditional = allow("iam:ListUsers", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } });
    const fresh = allow("iam:ListRoles", "*", { Condition: { NumericLessThan: { "aws:MultiFactorAuthAge": "60" } } });
    const without = allow("iam:ListGroups", "*", {
      Condition: { Null: { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "true" } },
    });
    const user = await world.user(world.a, name, conditional, fresh, without);
    const phone = await phoneOfUser(name);
    const denied = /^AccessDenied 403/;
    expect((await user.iam.listGroups({})).Groups).toBeDefined();
    expect(await refusal(user.iam.listUsers({}))).toMatch(denied);
    const { Credentials } = await user.sts.getSessionToken(phone.shows());
    const session = world.as(sessionKeys(Credentials));
    expect((await session.iam.listUsers({})).Users).toBeDefined();
    expect((await session.iam.listRoles({})).Roles).toBeDefined();
    expect(await refusal(session.iam.listGroups({}))).toMatch(denied);
    clock.advance(60_000);
    expect(await refusal(session.iam.listRoles({}))).toMatch(denied);
    expect((await session.iam.listUsers({})).Users).toBeDefined();
    const events = await trailEvents(world.server);
    const called = (eventName: string) => events.find((event) => event.eventName === eventName && named(event));
    const named = ({ userIdentity }: (typeof events)[number]) => userIdentity.arn === arn(accountA, `user/${name}`);
    expect(called("ListUsers")!.userIdentity).toMatchObject({
      sessionContext: { attributes: { mfaAuthenticated: "true" } },
    });
    expect(called("GetSessionToken")).toMatchObject({
      requestParameters: { serialNumber: phone.serial },
      additionalEventData: { MFAIdentifier: phone.serial, MFAUsed: "Yes" },
    });
    expect(JSON.stringify(events.map(({ requestParameters }) => requestParameters))).not.toMatch(/tokenCode/i);
    // A device that is gone takes nothing away from sessions that were begun with it.
    await remove(name, phone);
    expect((await session.iam.listUsers({})).Users).toBeDefined();
  });

  test("AssumeRole: trust and the caller's own policies see the code, across accounts, and the role's session does not", async () => {
    const present = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
    const now = { Condition: { NumericEquals: { "aws:MultiFactorAuthAge": "0" } } };
    const absent = { Condition: { Null: { "aws:MultiFactorAuthPresent": "true" } } };
    const user = await world.user(world.a, name, allow("sts:AssumeRole", "*", now));
    const phone = await phoneOfUser(name);
    const away = await world.role(world.b, name, trust({ AWS: accountA }, "sts:AssumeRole", present));
    const denied = `AccessDenied 403: User: ${arn(accountA, `user/${name}`)} is not authorized to perform: sts:AssumeRole on resource: ${away}`;
    expect(await refusal(assume(user, away))).toBe(denied);
    const hat = world.as(sessionKeys((await assume(user, away, phone.shows())).Credentials));
    await world.b.iam.putRolePolicy({
      RoleName: name,
      PolicyName: "own",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          allow("iam:ListUsers", "*", present),
          allow("iam:ListRoles", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
        ],
      }),
    });
    expect(await refusal(hat.iam.listUsers({}))).toMatch(/^AccessDenied 403/);
    expect((await hat.iam.listRoles({})).Roles).toBeDefined();
    // Long-term keys carry neither key.
    const bare = await world.role(
      world.a,
      `${name}-bare`,
      trust({ AWS: arn(accountA, `user/${name}`) }, "sts:AssumeRole", absent),
    );
    expect((await assume(user, bare)).Credentials).toBeDefined();
    expect(await refusal(assume(user, bare, phone.shows(phone.code(1))))).toMatch(/not authorized to perform/);
  });

  test("a code is verified before trust, and used up by a call that is then refused", async () => {
    const user = await world.user(world.a, name);
    const phone = await phoneOfUser(name);
    const closed = await world.role(world.a, name, trust({ AWS: accountB }));
    expect(await refusal(assume(user, closed, phone.shows(phone.wrong())))).toBe(refusals.invalid);
    expect(await refusal(assume(user, closed, phone.shows()))).toMatch(/not authorized to perform/);
    expect(await refusal(assume(user, closed, phone.shows()))).toBe(refusals.invalid);
    expect(await refusal(user.sts.getSessionToken(phone.shows()))).toBe(refusals.invalid);
    const refused = (await trailEvents(world.server)).filter(
      ({ eventName, userIdentity }) => eventName === "AssumeRole" && userIdentity.arn === arn(accountA, `user/${name}`),
    );
    expect(refused.map(({ additionalEventData }) => additionalEventData["MFAUsed"])).toEqual([
      undefined,
      "Yes",
      undefined,
    ]);
  });
});
