/**
 * What a change costs on PostgreSQL from its begin to its commit, while others of the account wait: messages to the
 * server, each a round trip. A budget may be lowered; whoever has to raise one says why in the commit.
 */
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import { postgresql } from "../../contract/backends.ts";
import { caller } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { form, send } from "../../harness/http.ts";
import { readCases } from "../../harness/operation-cases.ts";
import { starter } from "../../harness/places.ts";

interface Case {
  readonly operation: string;
  readonly input: Readonly<Record<string, string>>;
  /** Messages, begin and commit among them. */
  readonly change: number;
}

const start = starter(postgresql);
const sent: { readonly client: pg.Client; readonly text: string }[] = [];
const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
let server: RunningServer;
let administrator: Caller;

beforeAll(async () => {
  server = await start({ first: { id: "111122223333" } });
  administrator = caller(server.url, server.created[0]!);
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    sent.push({ client: this, text: typeof given[0] === "string" ? given[0] : (given[0] as { text: string }).text });
    return query.apply(this, given);
  } as typeof pg.Client.prototype.query;
});
afterAll(() => {
  pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
});

test.each(readCases<Case>("statement-budget"))("$operation", async ({ operation, input, change }) => {
  const request = form(server.url, { Action: operation, ...input }, administrator.keys, { service: "iam" });
  sent.length = 0;
  const { status, body } = await send(server.url, request);
  expect(status, body).toBe(200);
  const begin = sent.findIndex(({ text }) => /^begin isolation level serializable.* for no key update$/.test(text));
  const own = sent.slice(begin).filter(({ client }) => client === sent[begin]!.client);
  const texts = own.slice(0, own.findIndex(({ text }) => text === "commit") + 1).map(({ text }) => text);
  expect(texts.length, texts.join("\n")).toBe(change);
});
