import { setTimeout as delay } from "node:timers/promises";
import { isAccountId } from "../arn/arn.ts";
import { call } from "./client.ts";
import type { Endpoint } from "./client.ts";
import type { Command } from "./command.ts";
import { endpointOptions, findEndpoint } from "./endpoint.ts";
import { exitCode, UsageError } from "./terminal.ts";
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
      terminal.print(values["json"] === true ? text : eventLine(parseEvent(text), terminal.color));
    };
    const newest = await newestEvents(endpoint, account, number);
    for (const text of newest) show(text);
    if (values["follow"] !== true) return exitCode.done;
    await follow(endpoint, account, newest.at(-1), show);
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

/** Asks again and again; our own questions are part of the trail and are not shown while following. */
async function follow(
  endpoint: Endpoint,
  account: string | undefined,
  last: string | undefined,
  show: (text: string) => void,
): Promise<void> {
  let seen = last;
  for (;;) {
    await delay(pollInterval);
    const fresh = await eventsAfter(endpoint, account, seen);
    for (const text of fresh) if (!isOwnQuestion(text)) show(text);
    seen = fresh.at(-1) ?? seen;
  }
}

const page = 200;

/** The records that came after `seen`, the newest last. */
async function eventsAfter(
  endpoint: Endpoint,
  account: string | undefined,
  seen: string | undefined,
): Promise<string[]> {
  const fresh: string[] = [];
  let next: string | undefined;
  do {
    const answer = await call(endpoint, "LookupEvents", { AccountId: account, MaxResults: page, NextToken: next });
    const known = seen === undefined ? -1 : answer.Events.indexOf(seen);
    fresh.push(...(known < 0 ? answer.Events : answer.Events.slice(0, known)));
    next = known < 0 && seen !== undefined ? answer.NextToken : undefined;
  } while (next !== undefined);
  return fresh.reverse();
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
