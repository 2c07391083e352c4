/** rolecall:LookupEvents: whose records are shown to whom, and what one call costs at most. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { searchLimits } from "../../../src/operation/searches.ts";
import { rolecall } from "../../harness/cli.ts";
import type { Caller } from "../../harness/clients.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, deny, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const start = starter();
const accountC = "777788889999";

interface Event {
  readonly eventID: string;
  readonly eventName: string;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
}

interface Pages {
  readonly events: Event[];
  readonly tokens: string[];
}

async function pages(who: Caller, input: object, most = Number.POSITIVE_INFINITY): Promise<Pages> {
  const found: Pages = { events: [], tokens: [] };
  let next: string | undefined;
  for (let count = 0; count < most; count++) {
    const { status, body } = await who.rolecall("LookupEvents", { ...input, NextToken: next });
    expect({ status, body }).toMatchObject({ status: 200 });
    for (const text of body.Events as string[]) found.events.push(JSON.parse(text) as Event);
    next = body.NextToken as string | undefined;
    if (next === undefined) break;
    found.tokens.push(next);
  }
  return found;
}

const owners = ({ events }: Pages): string[] =>
  [...new Set(events.map(({ recipientAccountId }) => recipientAccountId))].toSorted();

const trail = (resource: string): string => `arn:aws:rolecall::${accountA}:${resource}`;

describe.each([
  ["in memory", null],
  ["on disk", dataDirectory()],
])("the records of all accounts, with a trail %s", (_name, directory) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(start, {
      dataDirectory: directory,
      accounts: [
        { id: accountB, name: "b" },
        { id: accountC, name: "c" },
      ],
    });
    await world.b.iam.listUsers({});
    const c = world.server.created.find(({ accountId }) => accountId === accountC)!;
    await world.as(c).iam.listUsers({});
    // A call across accounts leaves a record in both.
    const role = await world.role(world.b, "open", trust({ AWS: accountA }));
    await world.assume(await world.user(world.a, "ann", allow("sts:AssumeRole", role)), role);
  });

  const readers: [name: string, statements: object[], seen: string[]][] = [
    ["everything", [allow("rolecall:LookupEvents")], [accountA, accountB, accountC]],
    ["one account denied", [allow("rolecall:*"), deny("rolecall:*", trail(`trail/${accountB}`))], [accountA, accountC]],
    [
      "all but one denied",
      [allow("rolecall:*"), deny("rolecall:*", [trail("trail"), trail(`trail/${accountC}`)])],
      [accountB],
    ],
    ["one's own denied", [allow("rolecall:*"), deny("rolecall:*", trail("trail"))], [accountB, accountC]],
    ["the star alone", [allow("rolecall:*", trail("trail/*"))], [accountB, accountC]],
    [
      "the very star and one account",
      [allow("rolecall:*", [trail("trail/${*}"), trail(`trail/${accountC}`)])],
      [accountC],
    ],
  ];
  it.each(readers)("to somebody allowed %s", async (name, statements, seen) => {
    const reader = await world.user(world.a, name.replaceAll(/\W/g, "-"), ...statements);
    const all = await pages(reader, { AccountId: "*" });
    expect(owners(all)).toEqual(seen);
    // The other half of a call is as invisible as all the rest of an account.
    for (const { recipientAccountId } of all.events.filter(({ sharedEventID }) => sharedEventID !== undefined)) {
      expect(seen).toContain(recipientAccountId);
    }
    // By pages it is the same, and what is asked for by name is what is seen among all.
    const paged = await pages(reader, { AccountId: "*", MaxResults: 3 });
    expect(owners(paged)).toEqual(seen);
    for (const account of [accountA, accountB, accountC]) {
      const { status } = await reader.rolecall("LookupEvents", { AccountId: account });
      expect({ account, status }).toEqual({ account, status: seen.includes(account) ? 200 : 403 });
    }
  });

  it("a denial that comes between two pages holds for the second", async () => {
    const reader = await world.user(world.a, "paging", allow("rolecall:*"));
    const first = await pages(reader, { AccountId: "*", MaxResults: 1 }, 1);
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [deny("*", trail(`trail/${accountB}`))],
    });
    await world.a.iam.putUserPolicy({ UserName: "paging", PolicyName: "denial", PolicyDocument });
    const { body } = await reader.rolecall("LookupEvents", {
      AccountId: "*",
      MaxResults: 1000,
      NextToken: first.tokens[0],
    });
    const rest = (body.Events as string[]).map((text) => JSON.parse(text) as Event);
    expect(rest.length).toBeGreaterThan(3);
    expect(rest.map(({ recipientAccountId }) => recipientAccountId)).not.toContain(accountB);
  });

  it("NextToken is one account's, tells nothing, and cannot be made up", async () => {
    const { events, tokens } = await pages(world.a, { MaxResults: 2 }, 3);
    expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(6);
    for (const token of tokens) {
      expect(Buffer.from(token, "base64url").toString("latin1")).not.toMatch(/events-|memory|day|[0-9a-f]{8}-/);
    }
    const fault = {
      status: 400,
      body: { __type: "ValidationException", message: "NextToken is not valid, or too old." },
    };
    const token = tokens[0]!;
    const changed = `${token.slice(0, 40)}${token[40] === "A" ? "B" : "A"}${token.slice(41)}`;
    for (const NextToken of [events[0]!.eventID, changed, token.slice(0, -3), "AAAA", "x".repeat(8000)]) {
      expect(await world.a.rolecall("LookupEvents", { NextToken })).toMatchObject(fault);
      expect(await world.a.rolecall("ExplainRequest", { EventId: events[0]!.eventID, NextToken })).toMatchObject(fault);
    }
    expect(await world.b.rolecall("LookupEvents", { NextToken: token })).toMatchObject(fault);
    expect(await world.a.rolecall("ExplainRequest", { EventId: events[0]!.eventID, NextToken: token })).toMatchObject(
      fault,
    );
  });

  it("a record is explained to whoever may explain those of its account, and does not exist for others", async () => {
    const denied = await world.b.iam.getRole({ RoleName: "nobody" }).catch((error: unknown) => error);
    const RequestId = (denied as { $metadata: { requestId: string } }).$metadata.requestId;
    const status = async (who: Caller, more: object = {}) =>
      (await who.rolecall("ExplainRequest", { RequestId, ...more })).status;
    const explainer = (name: string, ...resources: string[]) =>
      world.user(world.a, name, allow("rolecall:ExplainRequest", resources.map(trail)));
    const own = await explainer("explains-own", "trail");
    // For who may not explain it, it is not there; it is not refused.
    expect(await status(own)).toBe(404);
    expect(await status(own, { AccountId: accountB })).toBe(403);
    const foreign = await explainer("explains-b", `trail/${accountB}`);
    expect(await status(foreign)).toBe(403);
    expect(await status(foreign, { AccountId: accountB })).toBe(200);
    expect(await status(foreign, { AccountId: accountC })).toBe(403);
    const both = await explainer("explains-both", "trail", `trail/${accountB}`);
    expect(await status(both)).toBe(200);
    expect(await status(both, { AccountId: accountA })).toBe(404);
    expect(await status(world.b, { AccountId: accountB })).toBe(200);
    expect(await status(world.b, { AccountId: accountA })).toBe(403);
  });
});

it("the command line waits for its turn", async () => {
  const directory = dataDirectory();
  const { a, url, server } = await startWorld(start, { dataDirectory: directory });
  const { User } = await a.iam.getUser({});
  const { searches } = server.environment();
  const self = { kind: "key", account: accountA, entity: { id: User!.UserId! } } as unknown as Parameters<
    typeof searches.enter
  >[0];
  const leave = Array.from({ length: searchLimits.principal }, () => searches.enter(self)!);
  expect(searches.enter(self)).toBeNull();
  const environment = { AWS_ACCESS_KEY_ID: a.keys.accessKeyId, AWS_SECRET_ACCESS_KEY: a.keys.secretAccessKey };
  const enter = vi.spyOn(searches, "enter");
  const tail = rolecall(directory, ["trail", "tail", "--endpoint-url", url], environment);
  // It has been told to come again.
  await expect.poll(() => enter.mock.results.map(({ value }) => value as unknown)).toContain(null);
  for (const one of leave) one();
  expect(await tail).toMatchObject({ code: 0, out: expect.stringContaining("GetUser") as string });
});

describe("in a large trail", () => {
  const directory = dataDirectory();
  let world: World;
  const event = (index: number, account: string, filler: number) =>
    JSON.stringify({
      eventVersion: "1.11",
      userIdentity: { type: "IAMUser", arn: arn(account, "user/old") },
      eventTime: new Date(Date.parse("2026-01-02T00:00:00Z") + index * 1000).toISOString().replace(".000", ""),
      eventSource: "iam.amazonaws.com",
      eventName: "Old",
      requestParameters: { filler: "x".repeat(filler) },
      requestID: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      eventID: `00000000-0000-4000-9000-${String(index).padStart(12, "0")}`,
      recipientAccountId: account,
    });

  beforeAll(async () => {
    mkdirSync(join(directory, "trail", "private"), { recursive: true });
    const name = join(directory, "trail", "events-2026-01-02.jsonl");
    const lines: string[] = [];
    // Forty megabytes: the oldest records of all are those that are looked for.
    for (let index = 0; index < 20; index++) lines.push(event(index, accountB, 10));
    lines.push(event(20, accountB, 2_000_000));
    for (let index = 21; index < 40_000; index++) lines.push(event(index, accountA, 700));
    appendFileSync(name, `${lines.join("\n")}\n`);
    world = await startWorld(start, { dataDirectory: directory });
  });

  it("one call reads and answers a bounded part, and all calls together find everything", async () => {
    const { body: empty } = await world.b.rolecall("LookupEvents", { EventName: "Old" });
    expect(empty).toMatchObject({ Events: [], NextToken: expect.any(String) as string });
    const { events, tokens } = await pages(world.b, { EventName: "Old" });
    expect(events).toHaveLength(20);
    expect(tokens.length).toBeLessThan(12);
    // A record that is too long to be shown is not passed over in silence, by its own account.
    const counted = async (who: Caller, input: object): Promise<number> => {
      let [tooLong, next] = [0, undefined as string | undefined];
      do {
        const { body } = await who.rolecall("LookupEvents", { ...input, NextToken: next });
        tooLong += (body.TooLong as number | undefined) ?? 0;
        next = body.NextToken as string | undefined;
      } while (next !== undefined);
      return tooLong;
    };
    expect(await counted(world.b, { EventName: "Old" })).toBe(1);
    expect(await counted(world.a, { EventName: "Other" })).toBe(0);
    // A thousand records of a kilobyte each are one answer's worth.
    const { body: many } = await world.a.rolecall("LookupEvents", { EventName: "Old", MaxResults: 1000 });
    expect(JSON.stringify(many).length).toBeLessThan(1_500_000);
    // Days before the time in question are not read at all.
    const { body: recent } = await world.b.rolecall("LookupEvents", { EventName: "Old", StartTime: 1_790_000_000 });
    expect(recent).toEqual({ Events: [] });
  });

  it("a request is found in parts", async () => {
    const found: object[] = [];
    let next: string | undefined;
    do {
      const { status, body } = await world.b.rolecall("ExplainRequest", {
        RequestId: "00000000-0000-4000-8000-000000000003",
        NextToken: next,
      });
      expect(status).toBe(200);
      found.push(body as object);
      next = body.NextToken as string | undefined;
    } while (next !== undefined);
    expect(found.length).toBe(2);
    expect(found[0]).toEqual({ NextToken: expect.any(String) as string, Explanations: [] });
    expect(found[1]).toMatchObject({ Action: expect.stringContaining("Old") as string, AccountId: accountB });
  });
});
