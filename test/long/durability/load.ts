/** Concurrent writers over HTTP who know, each for what is theirs, what must be there whatever happens to the server. */
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { form, send } from "../../harness/http.ts";
import type { Received } from "../../harness/http.ts";
import type { Random } from "../../harness/random.ts";
import { birth, changesOf } from "./subject.ts";
import type { Change, Subject } from "./subject.ts";

/** What the writers were told, over all lives of the server. */
export class Ledger {
  readonly subjects: Subject[] = [];
  /** Request ids of acknowledged changes. */
  readonly acknowledged = new Set<string>();
  /** Answers that say neither yes nor no. */
  readonly unavailable: Received[] = [];
  /** Of the slowest answer, milliseconds. */
  slowest = 0;
  /** When the last change was acknowledged, as Date.now(). */
  lastAcknowledged = 0;
}

export interface LoadOptions {
  readonly url: string;
  readonly administrator: SigningCredentials;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly lanes: number;
  /** What subjects of this load are called. */
  readonly prefix: string;
  /** Whether a connection that breaks ends a lane (the server was killed) or fails the test (it must stay up). */
  readonly mortal: boolean;
}

export interface Load {
  /** No lane begins another change; resolves when all have ended. @throws what no lane may see */
  stop(): Promise<void>;
}

/** A subject is left alone after so many changes, so that there are many. */
const changesOfOne = 12;

export function startLoad(options: LoadOptions): Load {
  const state = { stopping: false };
  const lanes = Array.from({ length: options.lanes }, (_, lane) => run(options, lane, state));
  const all = Promise.all(lanes);
  // Whoever stops the load is told; until then nobody listens.
  all.catch(() => undefined);
  return {
    async stop() {
      state.stopping = true;
      await all;
    },
  };
}

async function run(options: LoadOptions, lane: number, state: { readonly stopping: boolean }): Promise<void> {
  const random = options.random.fork();
  for (let index = 0; !state.stopping; index++) {
    const subject: Subject = {
      kind: random.below(3) === 0 ? "policy" : "user",
      name: `${options.prefix}-${lane}-${index}`,
      state: null,
      pending: null,
      keys: new Set(),
    };
    options.ledger.subjects.push(subject);
    let outcome = await make(options, subject, birth(subject));
    for (let count = 0; outcome === "made" && !state.stopping && count < changesOfOne; count++) {
      const changes = changesOf(subject);
      if (changes.length === 0) break;
      outcome = await make(options, subject, random.pick(changes));
    }
    if (outcome === "gone") return;
    // Who is told to come again later waits a little, and leaves alone what is in doubt.
    if (outcome === "doubt") await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function make(options: LoadOptions, subject: Subject, change: Change): Promise<"made" | "doubt" | "gone"> {
  const { ledger, url, administrator } = options;
  subject.pending = change;
  const started = Date.now();
  let answer: Received;
  try {
    answer = await send(url, form(url, change.parameters, administrator, { service: "iam" }));
  } catch (error) {
    if (options.mortal) return "gone";
    throw error;
  }
  ledger.slowest = Math.max(ledger.slowest, Date.now() - started);
  if (answer.status === 503) {
    ledger.unavailable.push(answer);
    return "doubt";
  }
  if (answer.status !== 200) {
    throw new Error(`${JSON.stringify(change.parameters)}: ${answer.status} ${answer.body}`);
  }
  ledger.acknowledged.add(answer.headers["x-amzn-requestid"] as string);
  ledger.lastAcknowledged = Date.now();
  const created = /<AccessKeyId>(\w+)<\/AccessKeyId>/.exec(answer.body)?.[1];
  if (created !== undefined) subject.keys.add(created);
  if (change.parameters["Action"] === "DeleteAccessKey") subject.keys.delete(change.parameters["AccessKeyId"]!);
  subject.state = change.after;
  subject.pending = null;
  return "made";
}
