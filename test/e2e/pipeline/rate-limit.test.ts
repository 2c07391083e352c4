import { describe, expect, test } from "vitest";
import { noRateLimits, RateLimits, TokenBuckets } from "../../../src/operation/rate-limit.ts";
import type { Actor } from "../../../src/session/actor.ts";
import { faultOf, form, jsonFaultOf, rolecall, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { accountA, accountB } from "../../harness/world.ts";

const start = starter();

describe("a token bucket", () => {
  test("gives its burst at once, then at its rate, and never more than its burst", () => {
    const buckets = new TokenBuckets(10, 2);
    const takeAll = (now: number): number => {
      let taken = 0;
      while (buckets.take("k", now)) taken++;
      return taken;
    };
    expect(takeAll(1000)).toBe(20);
    expect(takeAll(1099)).toBe(0);
    expect(takeAll(1100)).toBe(1);
    expect(takeAll(1600)).toBe(5);
    expect(takeAll(1_000_000)).toBe(20);
  });

  test("a clock that is set back fills nothing, and does not stop it either", () => {
    const buckets = new TokenBuckets(1, 1);
    expect(buckets.take("k", 10_000)).toBe(true);
    expect(buckets.take("k", 5000)).toBe(false);
    expect(buckets.take("k", 6000)).toBe(true);
  });

  test("keeps a bounded number, and lets the one go that was quiet the longest", () => {
    const buckets = new TokenBuckets(1, 1, 3);
    for (const key of ["a", "b", "c"]) expect(buckets.take(key, 0)).toBe(true);
    expect(buckets.take("a", 1)).toBe(false);
    expect(buckets.take("d", 2)).toBe(true);
    expect(buckets.size).toBe(3);
    expect(buckets.take("a", 3)).toBe(false);
    expect(buckets.take("b", 4)).toBe(true);
  });
});

describe("the limits", () => {
  const caller = (account: string, id: string | null) =>
    ({ kind: "key", account, entity: id === null ? null : { id } }) as unknown as Actor;

  test("a principal's is counted apart from its account's, and both must have room", () => {
    const limits = new RateLimits({ ...noRateLimits, perAccount: 3, perPrincipal: 2, burstSeconds: 1 });
    expect([1, 2, 3].map(() => limits.take(caller("1", "AIDA1"), 0))).toEqual([true, true, false]);
    expect([1, 2].map(() => limits.take(caller("1", "AROA1"), 0))).toEqual([true, false]);
    expect(limits.take(caller("2", null), 0)).toBe(true);
    expect(limits.turnedAway).toEqual({ account: 1, principal: 1, source: 0, claimed: 0 });
  });

  test("what the account refuses is not charged to the principal", () => {
    const limits = new RateLimits({ ...noRateLimits, perAccount: 1, perPrincipal: 1, burstSeconds: 1 });
    limits.take(caller("1", "AIDA1"), 0);
    expect(limits.take(caller("1", "AIDA2"), 0)).toBe(false);
    expect(limits.take(caller("1", "AIDA2"), 1000)).toBe(true);
  });

  const unverified = { ...noRateLimits, unverifiedPerSource: 2, unverifiedPerAccount: 3, burstSeconds: 1 };

  test("an address has its own before anything is verified", () => {
    const limits = new RateLimits(unverified);
    expect([1, 2, 3].map(() => limits.takeSource("192.0.2.1", 0))).toEqual([true, true, false]);
    expect(limits.takeSource("192.0.2.2", 0)).toBe(true);
    expect(limits.takeSource("192.0.2.1", 500)).toBe(true);
    expect(limits.turnedAway).toMatchObject({ source: 1, claimed: 0 });
  });

  test.each([
    ["2001:db8:0:1::1", "2001:db8:0:1:2:3:4:5", true],
    ["2001:db8::1", "2001:db8:0:0:ffff::", true],
    ["::1", "::2", true],
    ["2001:db8:0:1::1", "2001:db8:0:2::1", false],
    ["2001:db8::1", "2001:db9::1", false],
  ])("%s and %s share the limit of a network: %s", (one, other, shared) => {
    const limits = new RateLimits({ ...unverified, unverifiedPerSource: 1 });
    expect(limits.takeSource(one, 0)).toBe(true);
    expect(limits.takeSource(other, 0)).toBe(!shared);
  });

  test("what is claimed about an account is counted from all addresses together", () => {
    const limits = new RateLimits(unverified);
    expect([1, 2, 3, 4].map(() => limits.takeClaimed("1", 0))).toEqual([true, true, true, false]);
    expect(limits.takeClaimed("2", 0)).toBe(true);
    expect(limits.turnedAway).toMatchObject({ source: 0, claimed: 1 });
  });

  test("no limit is none", () => {
    const limits = new RateLimits(noRateLimits);
    for (let index = 0; index < 1000; index++) {
      expect(limits.takeSource("192.0.2.1", 0) && limits.takeClaimed("1", 0)).toBe(true);
    }
  });
});

describe("over HTTP", () => {
  const rates = { ...noRateLimits, perAccount: 0, perPrincipal: 3, burstSeconds: 1 };
  // The clock stands still: nothing is refilled.
  const now = Date.now();
  const clock = { now: () => now };

  test("AWS's fault in each protocol, for that caller alone", async () => {
    const { url, created } = await start({
      first: { id: accountA },
      accounts: [{ id: accountB, name: "b" }],
      limits: { rates },
      clock,
    });
    const [a, b] = created as [(typeof created)[number], (typeof created)[number]];
    const ask = (who: typeof a) => form(url, { Action: "GetCallerIdentity" }, who);
    for (let index = 0; index < 3; index++) expect((await send(url, ask(a))).status).toBe(200);
    const refused = await send(url, ask(a));
    expect(faultOf(refused)).toBe("Throttling 400: Rate exceeded");
    expect(refused.body).toContain("<Type>Sender</Type>");
    expect(jsonFaultOf(await rolecall(url, a, "ListAccounts"))).toBe("ThrottlingException 400: Rate exceeded");
    expect((await send(url, ask(b))).status).toBe(200);
  });

  test("whoever only claims to be a caller uses up nothing of theirs", async () => {
    const { url, created } = await start({ limits: { rates }, clock });
    const real = created[0]!;
    const forged = { accessKeyId: real.accessKeyId, secretAccessKey: "guessed".repeat(6) };
    for (let index = 0; index < 10; index++) {
      const answer = await send(url, form(url, { Action: "GetCallerIdentity" }, forged));
      expect(faultOf(answer)).toMatch(/^SignatureDoesNotMatch 403/);
    }
    expect((await send(url, form(url, { Action: "GetCallerIdentity" }, real))).status).toBe(200);
  });

  test("what is costly to verify waits before anything is read of it", async () => {
    const { url } = await start({ limits: { rates: { ...rates, unverifiedPerSource: 2 } }, clock });
    const ask = () => send(url, { target: "/?Action=AssumeRoleWithSAML&Version=2011-06-15" });
    for (let index = 0; index < 2; index++) expect(faultOf(await ask())).toMatch(/^ValidationError 400/);
    expect(faultOf(await ask())).toBe("Throttling 400: Rate exceeded");
  });

  test("off by default", async () => {
    const { created, url } = await start({ clock });
    for (let index = 0; index < 30; index++) {
      expect((await send(url, form(url, { Action: "GetCallerIdentity" }, created[0]!))).status).toBe(200);
    }
  });
});
