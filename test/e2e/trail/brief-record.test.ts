/** A call that was carried out has a record, whatever goes wrong with making or keeping it. */
import { expect, it, vi } from "vitest";
import type { Verdict } from "../../../src/authorization/authorizer.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { trailRecords } from "../../../src/trail/record.ts";
import type { CallFacts } from "../../../src/trail/facts.ts";
import { ann, factsOf } from "../../harness/call-facts.ts";
import { starter } from "../../harness/places.ts";
import { accountA, arn, startWorld } from "../../harness/world.ts";

function facts(more: Partial<CallFacts>): CallFacts {
  return factsOf({ now: systemClock.now(), caller: ann, ...more });
}

function verdictAbout(resource: string): Verdict {
  return {
    caller: ann,
    requirement: { action: "iam:CreateUser", resource, resourceAccount: accountA },
    decision: { allowed: true, outcome: "Allowed", layer: null, statements: [], unmet: [] },
    policies: { identity: [] },
    context: { base: new Map(), own: new Map() },
  } as unknown as Verdict;
}

const brief = {
  userIdentity: {
    type: "IAMUser",
    principalId: "AIDA1",
    arn: arn(accountA, "user/ann"),
    accountId: accountA,
    accessKeyId: "AKIA1",
  },
  eventName: "CreateUser",
  eventID: "event",
  requestID: "request",
  recipientAccountId: accountA,
  requestParameters: null,
};

it.each<[string, Partial<CallFacts>, string]>([
  [
    "cannot be made",
    {
      get input(): object {
        throw new RangeError("Invalid string length");
      },
    },
    "RangeError: Invalid string length",
  ],
  // Texts of the record itself are cut (limits.ts): what is left to be too large is what a replay needs.
  ["would be too large", { verdicts: [verdictAbout("x".repeat(9_000_000))] }, "the record would be too long"],
])("a record that %s is made in brief, and says why", (_, more, why) => {
  const call = Object.defineProperties(facts({}), Object.getOwnPropertyDescriptors(more));
  const concerned = [{ account: "444455556666", parameters: {} }];
  const [own] = trailRecords(call, { uuid: () => "other" });
  const event = JSON.parse(own!.text) as { additionalEventData: { notRecorded: string } };
  expect(event).toMatchObject(brief);
  expect(event.additionalEventData.notRecorded).toContain(why);
  expect(own!.text.length).toBeLessThan(10_000);
  expect(own!.private).toBeNull();
  // Each account has one, and from outside the caller is known by its id.
  if (call.fault === null) return;
  const [, other] = trailRecords({ ...call, concerned }, { uuid: () => "other" });
  expect(JSON.parse(other!.text)).toMatchObject({
    userIdentity: { type: "AWSAccount", principalId: "AIDA1", accountId: accountA },
    recipientAccountId: "444455556666",
    sharedEventID: "other",
  });
  expect(other!.text).not.toContain(arn(accountA, "user/ann"));
});

const start = starter();

it("a record that cannot be kept is kept in brief before the answer; without any there is no answer", async () => {
  const defects: unknown[] = [];
  const world = await startWorld(start, { onError: (error) => defects.push(error) });
  const { trail } = world.server.environment();
  const append = trail.append.bind(trail);
  const taken = vi.spyOn(trail, "append");
  taken.mockImplementationOnce(() => {
    throw new RangeError("Array buffer allocation failed");
  });
  const { Users } = await world.a.iam.listUsers({});
  expect(Users).toHaveLength(1);
  expect(defects).toHaveLength(1);
  const { body } = await world.a.rolecall("LookupEvents", { EventName: "ListUsers" });
  expect((body.Events as string[]).map((text) => JSON.parse(text) as object)).toMatchObject([
    {
      userIdentity: { arn: arn(accountA, "user/administrator") },
      requestParameters: null,
      additionalEventData: { notRecorded: "RangeError: Array buffer allocation failed" },
    },
  ]);
  taken.mockImplementation(() => {
    throw new RangeError("Array buffer allocation failed");
  });
  await expect(world.a.rolecall("GetServerInformation", {})).rejects.toThrow();
  taken.mockImplementation(append);
});
