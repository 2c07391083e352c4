/**
 * What an operation costs on PostgreSQL, from the head of its request to the answer: round trips to the server. Messages
 * that go together are one. Each operation is called twice, since what the first has changed the second has to know. A
 * budget may be lowered; whoever has to raise one says why in the commit, and none is above eight.
 */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../../src/store/open.ts";
import * as users from "../../../src/store/iam/users.ts";
import type { Database } from "../../../src/store/sql/database.ts";
import type { RunningServer } from "../../../src/server/server.ts";
import { postgresql } from "../../contract/backends.ts";
import type { Place } from "../../contract/backends.ts";
import { ids } from "../../contract/records.ts";
import { caller } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { form } from "../../harness/http.ts";
import { casesIn } from "../../harness/cases.ts";
import { starter } from "../../harness/places.ts";
import { postHead, RawClient } from "../../harness/socket.ts";

interface Case {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
  /** Round trips of the whole call. */
  readonly call: number;
  /** Of them those from begin to commit, while others who change the account wait. */
  readonly change: number;
  /** Of the whole call when another node has changed the account just before. */
  readonly behindAnother: number;
}

interface Message {
  readonly text: string;
  /** What had been answered over this connection when it was sent. */
  readonly behind: readonly Message[];
}

const account = "111122223333";
const most = 8;
const start = starter(postgresql);
const sent = new Map<pg.Client, Message[]>();
const answered = new Set<Message>();
const query = pg.Client.prototype.query as (...given: unknown[]) => Promise<unknown>;
let place: Place;
let server: RunningServer;
let other: Database;
let administrator: Caller;

beforeAll(async () => {
  place = await postgresql.place();
  server = await start({ first: { id: account }, database: place.location });
  other = await openDatabase(place.location);
  administrator = caller(server.url, server.created[0]!);
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const text = typeof given[0] === "string" ? given[0] : (given[0] as { text: string }).text;
    const messages = sent.get(this) ?? [];
    const message = { text, behind: messages.filter((earlier) => answered.has(earlier)) };
    messages.push(message);
    sent.set(this, messages);
    const answer = query.apply(this, given);
    const note = () => answered.add(message);
    answer.then(note, note);
    return answer;
  } as unknown as typeof pg.Client.prototype.query;
});
afterAll(async () => {
  pg.Client.prototype.query = query as unknown as typeof pg.Client.prototype.query;
  await other?.close();
});

const locks = /^begin isolation level serializable.* for no key update( skip locked)?$/;
/**
 * What the server does at any time: it moves the outbox, says that it is there, notes uses, looks for secrets that an old
 * key has sealed. What a request reads is read with the revision of its account.
 */
const background =
  /read committed|^begin isolation level serializable, read write$|on id in \(null\)|clock_timestamp|"ring_keys"|"nodes"/;

/** Transactions, and single queries, as they were sent. */
function transactions(): Message[][] {
  const all: Message[][] = [];
  for (const messages of sent.values()) {
    let open: Message[] | null = null;
    for (const message of messages) {
      if (open === null || message.text.startsWith("begin")) all.push((open = []));
      open.push(message);
      if (message.text === "commit" || message.text === "rollback" || !open[0]!.text.startsWith("begin")) open = null;
    }
  }
  const whole = all.filter(([first]) => /^begin|as asked \(id\)/.test(first!.text));
  const ofServer = (messages: Message[]) => messages.some(({ text }) => background.test(text));
  return whole.filter((messages) => locks.test(messages[0]!.text) || !ofServer(messages));
}

/**
 * The longest chain of messages of which each was sent with the answer to the one before it. Answers to what went
 * together may come one by one, and what each is followed by goes when it likes: that is no round trip more.
 */
function roundTrips(messages: readonly Message[]): number {
  // Nobody waits for the end of a read.
  const waited = locks.test(messages[0]!.text) ? messages : messages.filter(({ text }) => text !== "commit");
  const depths = new Map<Message, number>();
  for (const message of waited) {
    depths.set(message, 1 + Math.max(0, ...message.behind.map((earlier) => depths.get(earlier) ?? 0)));
  }
  return Math.max(...depths.values());
}

async function roundTripsOf(operation: string, input: Readonly<Record<string, string>>) {
  sent.clear();
  answered.clear();
  const { headers, body } = form(server.url, { Action: operation, ...input }, administrator.keys, { service: "iam" });
  const client = await RawClient.open(server.url);
  // In one write: for a body that comes late the caller is looked up once more.
  client.send(`${postHead(server.url, { ...headers, "content-length": body!.length })}${body!.toString()}`);
  const statuses = await client.answers();
  const all = transactions();
  client.socket.destroy();
  expect(statuses, client.heard).toEqual([200]);
  const change = all.find(([first]) => locks.test(first!.text))!;
  return {
    call: all.reduce((sum, messages) => sum + roundTrips(messages), 0),
    change: roundTrips(change),
    texts: all
      .map((messages) => messages.map(({ text, behind }) => `${behind.length} ${text}`).join("\n"))
      .join("\n\n"),
  };
}

test.each(casesIn<Case>("e2e/statement-budget.jsonl"))("$operation", async ({ operation, input, ...budget }) => {
  const turn = (name: string) =>
    Object.fromEntries(Object.entries(input).map(([key, value]) => [key, value.replaceAll("{turn}", name)]));
  await roundTripsOf(operation, turn("a"));
  const { call, change, texts } = await roundTripsOf(operation, turn("b"));
  const user = { id: ids.uniqueId("AIDA", account), account, name: `behind-${operation}`, path: "/", createdAt: 1 };
  await other.write((tx) => users.create(tx, user));
  const behind = await roundTripsOf(operation, turn("c"));
  expect({ call, change, behindAnother: behind.call }, `${texts}\n---\n${behind.texts}`).toEqual(budget);
  expect(Math.max(call, change, behind.call)).toBeLessThanOrEqual(most);
});
