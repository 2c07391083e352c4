/** Presigned requests, clocks that are off, and names that need encoding. */
import { beforeAll, describe, expect, test } from "vitest";
import { TestClock } from "../../harness/deterministic.ts";
import { faultOf, form, presignedTarget, send, signed } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { accountA, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const mismatch =
  "SignatureDoesNotMatch 403: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const formType = "application/x-www-form-urlencoded";
const whoAmI = { Action: "GetCallerIdentity" };

describe("presigned requests and clocks", () => {
  const start = starter();
  const clock = new TestClock(Date.UTC(2026, 5, 1, 12));
  let world: World;
  const get = (target: string, method = "GET") => send(world.url, { method, target });
  const minute = 60_000;

  beforeAll(async () => {
    world = await startWorld(start, { clock });
  });

  test("GetCallerIdentity as a URL, GET and POST, in any region", async () => {
    for (const region of ["us-east-1", "eu-central-1", "xx-far-9"]) {
      for (const method of ["GET", "POST"]) {
        const target = presignedTarget(world.url, whoAmI, world.a.keys, { region, method, time: clock.now() });
        const answered = await fetch(world.url + target, { method });
        expect(answered.status, `${method} ${region}`).toBe(200);
        expect(await answered.text()).toContain(`<Arn>arn:aws:iam::${accountA}:user/administrator</Arn>`);
      }
    }
    const target = presignedTarget(world.url, whoAmI, world.a.keys, { time: clock.now() });
    expect(faultOf(await get(target.replace("GetCallerIdentity", "GetSessionToken")))).toBe(mismatch);
    expect(faultOf(await get(target, "POST"))).toBe(mismatch);
    expect(faultOf(await get(target.replace(/&X-Amz-Date=[^&]*/, "")))).toBe(
      "IncompleteSignature 400: AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
    );
  });

  test("of IAM, and with names that need encoding", async () => {
    const names = ["plain", "a+b=c,d.e@f_g-h"];
    for (const UserName of names) {
      const create = { Action: "CreateUser", UserName, Path: "/a~!b/" };
      const target = presignedTarget(world.url, create, world.a.keys, { service: "iam", time: clock.now() });
      const received = await get(target);
      expect(received.status).toBe(200);
      expect(received.body).toContain(`<UserName>${UserName}</UserName>`);
    }
    // A plus sign is a space in a form, and stays one in a query.
    const body = "Action=GetUser&Version=2010-05-08&UserName=a%2Bb%3Dc%2Cd.e%40f%5Fg%2dh";
    const sent = signed(world.url, { headers: { "content-type": `${formType}; charset=utf-8` }, body }, world.a.keys, {
      service: "iam",
      time: clock.now(),
    });
    expect((await send(world.url, sent)).status).toBe(200);
    const spaced = { ...sent, body: body.replaceAll("%2B", "+") };
    expect(faultOf(await send(world.url, spaced))).toBe(mismatch);
  });

  test("a clock may be fifteen minutes off, either way", async () => {
    const at = async (offset: number): Promise<string> => {
      const received = await send(world.url, form(world.url, whoAmI, world.a.keys, { time: clock.now() + offset }));
      return received.status === 200 ? "ok" : faultOf(received);
    };
    expect(await at(15 * minute)).toBe("ok");
    expect(await at(-15 * minute)).toBe("ok");
    expect(await at(-15 * minute - 1000)).toBe(
      "SignatureDoesNotMatch 403: Signature expired: 20260601T114459Z is now earlier than 20260601T114500Z (20260601T120000Z - 15 min.)",
    );
    expect(await at(15 * minute + 1000)).toBe(
      "SignatureDoesNotMatch 403: Signature not yet current: 20260601T121501Z is still later than 20260601T121500Z (20260601T120000Z + 15 min.)",
    );
  });

  test("STS takes a URL for fifteen minutes whatever it says, IAM no longer than it says", async () => {
    const sts = presignedTarget(world.url, whoAmI, world.a.keys, { time: clock.now(), expires: 60 });
    const iam = presignedTarget(world.url, { Action: "GetUser" }, world.a.keys, {
      service: "iam",
      time: clock.now(),
      expires: 60,
    });
    clock.advance(minute);
    expect((await get(sts)).status).toBe(200);
    expect((await get(iam)).status).toBe(200);
    clock.advance(1000);
    expect((await get(sts)).status).toBe(200);
    expect(faultOf(await get(iam))).toBe("RequestExpired 400: Request has expired.");
    clock.advance(14 * minute);
    expect(faultOf(await get(sts))).toMatch(/^SignatureDoesNotMatch 403: Signature expired: /);
  });

  test("the skew is a setting", async () => {
    const narrow = await startWorld(start, { clock, clockSkew: 5 * minute });
    const sent = form(narrow.url, whoAmI, narrow.a.keys, { time: clock.now() - 5 * minute - 1000 });
    expect(faultOf(await send(narrow.url, sent))).toMatch(/ - 5 min\.\)$/);
  });
});
