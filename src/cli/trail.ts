import { setTimeout as delay } from "node:timers/promises";
import { isAccountId } from "../arn/arn.ts";
import { visibleJson } from "../text/visible.ts";
import { call } from "./client.ts";
import type { Endpoint } from "./post.ts";
import type { Command } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { exitCode, UsageError } from "../launch/terminal.ts";
import { eventLine, parseEvent } from "./trail-line.ts";

const pollInterval = 1000;

export const trailTail: Command = {
  name: "trail tail",
  summary: "Show who called what, as whom, and how it ended; newest last.",
  options: [
    { name: "number", short: "n", placeholder: "NUMBER", describe: "How many records to begin with. Default: 20." },
    { name: "follow", short: "f", placeholder: null, describe: "Go on with new records until interrupted." },
    {
      name: "account",
      placeholder: "ACCOUNT",
      describe: "Of this account; `all` for all. Without it, the caller's own.",
    },
    { name: "json", placeholder: null, describe: "The records themselves, one JSON object a line." },
    ...endpointOptions,
  ],
  async run(values, terminal) {
    const number = readNumber(values["number"]);
    const account = readAccount(values["account"]);
    const endpoint = findEndpoint(values, terminal);
    const show = (text: string): void => {
      terminal.print(values["json"] === true ? visibleJson(text) : eventLine(parseEvent(text), terminal.color));
    };
    const newest = await newestEvents(endpoint, account, number);
    for (const text of newest) show(text);
    if (values["follow"] !== true) return exitCode.done;
    await follow(endpoint, account, newest, show);
    return exitCode.done;
  },
};

/** Up to `number` of the newest records, the newest last. */
async function newestEvents(endpoint: Endpoint, account: string | undefined, number: number): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined;
  while (found.length < number) {
    const input = { AccountId: account, MaxResults: Math.min(1000, number - found.length), NextToken: next };
    const page = await call(endpoint, "LookupEvents", input);
    found.push(...page.Events);
    next = page.NextToken;
    if (next === undefined) break;
  }
  return found.reverse();
}

/**
 * Asks again and again; our own questions are part of the trail and are not shown while following. Records come in the
 * order of their seconds, and a worker may write one a moment after another worker's newer one: what is new is what was
 * not seen.
 *
 * @param begun the newest records so far, the newest last
 */
async function follow(
  endpoint: Endpoint,
  account: string | undefined,
  begun: readonly string[],
  show: (text: string) => void,
): Promise<void> {
  let seen = new Set(begun);
  let older = begun[0];
  for (;;) {
    await delay(pollInterval);
    const looked = await newestDownTo(endpoint, account, Math.max(0, ...[...seen].map(timeOf)) - disorder);
    const known = older === undefined ? -1 : looked.indexOf(older);
    // What is older than all that was asked for in the beginning is not news.
    const candidates = known < 0 ? looked : looked.slice(0, known);
    for (const text of candidates.toReversed()) if (!seen.has(text) && !isOwnQuestion(text)) show(text);
    seen = new Set(looked);
    older = undefined;
  }
}

const page = 200;
/** Milliseconds by which records may come out of order, generously: whole seconds, and the time until they are written. */
const disorder = 5000;

/** The newest records, newest first, at least down to a time in milliseconds; one page where that is 0 or less. */
async function newestDownTo(endpoint: Endpoint, account: string | undefined, time: number): Promise<string[]> {
  const looked: string[] = [];
  let next: string | undefined;
  do {
    const answer = await call(endpoint, "LookupEvents", { AccountId: account, MaxResults: page, NextToken: next });
    looked.push(...answer.Events);
    const oldest = looked.at(-1);
    next = time > 0 && oldest !== undefined && timeOf(oldest) >= time ? answer.NextToken : undefined;
  } while (next !== undefined);
  return looked;
}

function timeOf(text: string): number {
  return Date.parse(parseEvent(text).eventTime);
}

function isOwnQuestion(text: string): boolean {
  const event = parseEvent(text);
  return event.eventName === "LookupEvents" && event.userAgent === "rolecall-cli";
}

function readNumber(value: string | boolean | undefined): number {
  if (value === undefined) return 20;
  if (typeof value !== "string" || !/^[1-9]\d{0,5}$/.test(value)) {
    throw new UsageError(`--number ${String(value)}: give a whole number from 1 to 999999`);
  }
  return Number(value);
}

function readAccount(value: string | boolean | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && isAccountId(value)) return value;
  if (value === "all") return "*";
  throw new UsageError(`--account ${String(value)}: an account id has twelve digits; "all" is all accounts`);
}
