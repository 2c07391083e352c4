/**
 * What one request may cost, whatever policy, context and size: counted here, and asked of the server on both databases.
 * With `ROLECALL_EFFORT_ROUNDS` (`npm run soak`) each is asked as often, and its processor time is held to 200 ms.
 */
import { beforeAll, describe, expect, it, test } from "vitest";
import {
  compile,
  contextOf,
  Effort,
  evaluate,
  PolicyEffortError,
  principalFromArn,
} from "../../../src/policy/index.ts";
import type { Caller } from "../../harness/clients.ts";
import { send, signed } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { received } from "../../harness/received.ts";
import { accountA, allow, arn, document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { hostileRows, resourceCount } from "./effort-set.ts";
import type { HostileRow } from "./effort-set.ts";

const rounds = Number(process.env["ROLECALL_EFFORT_ROUNDS"] ?? 0);
/** Milliseconds of processor time. */
const most = 200;

const resources = Array.from({ length: resourceCount }, (_, index) => `arn:aws:svc:::${"a".repeat(1500)}${index}`);

/** Steps of all decisions of one request; null when it was given up on. */
function stepsOf({ policy, values, variable }: HostileRow): number | null {
  const policies = { identity: [], resource: compile(policy, "resource") };
  const context = contextOf({ "svc:key": values, "svc:v": variable });
  const principal = principalFromArn(arn(accountA, "user/bob"));
  const effort = new Effort();
  try {
    for (const resource of resources)
      evaluate({ principal, action: "svc:Act", resource, resourceAccount: accountA, context }, policies, effort);
    return effort.spent;
  } catch (error) {
    if (error instanceof PolicyEffortError) return null;
    throw error;
  }
}

describe("a policy and a request made for each other", () => {
  it.each(hostileRows)("$name: given up on: $givenUp", (row) => {
    expect(stepsOf(row) === null).toBe(row.givenUp);
  });
});

onEachDatabase("the processor time of one request", (start) => {
  let world: World;
  let service: Caller;
  let bob: Caller;

  beforeAll(async () => {
    world = await startWorld(start);
    service = await world.user(world.a, "svc", allow("rolecall:Authorize"));
    bob = await world.user(world.a, "bob", allow("iam:*"));
  });

  /** Asks once, and in a soak until the middle of several is known. */
  async function costs<T>(ask: () => Promise<T>): Promise<T> {
    let answer = await ask();
    const spent: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = process.cpuUsage();
      answer = await ask();
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    if (rounds > 0) {
      const middle = spent.toSorted((a, b) => a - b)[rounds >> 1]!;
      console.log(`${expect.getState().currentTestName}: ${middle.toFixed(0)} ms`);
      expect(middle).toBeLessThan(most);
    }
    return answer;
  }

  test.each(hostileRows)("$name", async ({ policy, values, variable, givenUp }) => {
    const { status, body } = await costs(() =>
      service.rolecall("Authorize", {
        Request: received(bob.keys, { service: "svc" }),
        Service: "svc",
        Action: "svc:Act",
        Resources: resources,
        ResourcePolicy: policy,
        Context: [
          { Key: "svc:key", Values: values },
          { Key: "svc:v", Values: variable === undefined ? [] : [variable] },
        ],
      }),
    );
    expect(status).toBe(givenUp ? 403 : 200);
    if (givenUp) expect(body.message ?? body.Message).toMatch(/ take too long to evaluate against this request$/);
    else expect(body.Decisions).toHaveLength(resourceCount);
  });

  test("a User-Agent of 15 KB compared with the addresses of ten policies", async () => {
    const values = Array.from({ length: 800 }, () => "1::1");
    const PolicyDocument = document(allow("iam:*", "*", { Condition: { IpAddress: { "aws:UserAgent": values } } }));
    const eve = await world.user(world.a, "eve");
    for (let index = 0; index < 10; index++) {
      const { Policy } = await world.a.iam.createPolicy({ PolicyName: `p${index}`, PolicyDocument });
      await world.a.iam.attachUserPolicy({ UserName: "eve", PolicyArn: Policy!.Arn });
    }
    const sent = {
      headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": ":".repeat(15_000) },
      body: "Action=ListUsers&Version=2010-05-08",
    };
    const { status } = await costs(() => send(world.url, signed(world.url, sent, eve.keys, { service: "iam" })));
    expect(status).toBe(403);
  });
});
