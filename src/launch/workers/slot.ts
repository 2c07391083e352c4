import type { Worker } from "node:cluster";
import cluster from "node:cluster";
import { Channel } from "./channel.ts";
import type { Answers, Peer } from "./channel.ts";

/** Milliseconds that a worker may take until it listens. */
const startPatience = 60_000;
/** Milliseconds from a death to the next start: doubled with every death, until one has lived for a while. */
const firstBackOff = 100;
const longestBackOff = 10_000;
const goodLife = 60_000;
/** Milliseconds that a worker may take to finish its requests and write its records: more than its own grace. */
const closePatience = 20_000;

export interface SlotOptions {
  /** From 1. */
  readonly number: number;
  /** What a worker is assigned; asked for anew with each. */
  readonly assignment: () => unknown;
  /** What a worker may ask. */
  readonly answers: Answers;
  /** Told of a worker that ended by itself, and of one that could not start in the place of another. */
  readonly onError: (error: unknown) => void;
}

/** A place that a worker serves in; one that dies is replaced. */
export class WorkerSlot {
  readonly number: number;
  readonly #options: SlotOptions;
  #worker: Worker | null = null;
  #channel: Channel | null = null;
  #serving = false;
  #starts = 0;
  #backOff = firstBackOff;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: SlotOptions) {
    this.number = options.number;
    this.#options = options;
  }

  /** Whether its worker listens. */
  get serving(): boolean {
    return this.#serving;
  }

  /** Workers that were started here, the first one included. */
  get starts(): number {
    return this.#starts;
  }

  /** @returns the URL that the worker serves. @throws Error why it does not */
  async start(): Promise<string> {
    const startedAt = performance.now();
    const worker = cluster.fork();
    closeUntaken(worker);
    this.#starts++;
    this.#worker = worker;
    const ready = new Promise<string>((resolve, reject) => {
      // Before its program is loaded, what is sent to a worker is lost (node:cluster listens, and nobody else).
      const begin = (): void => {
        const asked = channel.ask("serve", this.#options.assignment(), startPatience);
        asked.then((url) => resolve(url as string), reject);
      };
      const channel = new Channel(worker as unknown as Peer, { ...this.#options.answers, ready: begin });
      this.#channel = channel;
      worker.once("exit", (code, signal) => reject(new Error(`it ended (${signal ?? `code ${code}`})`)));
    });
    // An error of the pipe says nothing that the end of the process does not.
    worker.on("error", () => {});
    worker.once("exit", (code, signal) => {
      const served = this.#serving;
      this.#worker = null;
      this.#channel = null;
      this.#serving = false;
      if (this.#stopped || !served) return;
      if (performance.now() - startedAt >= goodLife) this.#backOff = firstBackOff;
      this.#replace(`ended (${signal ?? `code ${code}`})`);
    });
    try {
      const url = await ready;
      this.#serving = true;
      return url;
    } catch (error) {
      worker.process.kill("SIGKILL");
      throw error;
    }
  }

  /** Asks its worker; null where there is none that serves, or it does not answer in time. @param patience milliseconds */
  ask(question: string, patience: number): Promise<unknown> {
    return this.tell(question, null, patience);
  }

  /** The same with something to tell. */
  async tell(question: string, value: unknown, patience: number): Promise<unknown> {
    if (!this.#serving || this.#channel === null) return null;
    return this.#channel.ask(question, value, patience).catch(() => null);
  }

  /** Ends its worker in order; at once where that takes too long. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === null) return;
    const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const hard = setTimeout(() => worker.process.kill("SIGKILL"), closePatience);
    // It finishes its requests and writes its records, and then ends; one that cannot answer any more hears the signal.
    await this.#channel!.ask("close", null, closePatience).catch(() => {});
    worker.process.kill("SIGTERM");
    await exited;
    clearTimeout(hard);
  }

  #replace(what: string, error?: unknown): void {
    const wait = this.#backOff;
    this.#backOff = Math.min(longestBackOff, wait * 2);
    this.#options.onError(
      new Error(`worker ${this.number} ${what}; the next one starts in ${wait} ms`, { cause: error }),
    );
    this.#timer = setTimeout(() => {
      this.start().catch((cause: unknown) => {
        if (!this.#stopped) this.#replace("could not start", cause);
      });
    }, wait);
  }
}

/**
 * node:cluster lets go of a connection once the worker that it was dealt to has taken it. One whose worker dies before
 * that it keeps open for ever, and the client waits as long. There is at most one: the next is dealt when the last is
 * taken. So whatever was sent last is closed when the worker is gone; closing what was let go of does nothing.
 */
function closeUntaken({ process: child }: Worker): void {
  const send = child.send.bind(child) as (...values: unknown[]) => boolean;
  let last: Closable | null = null;
  child.send = (...values: unknown[]) => {
    if (isClosable(values[1])) last = values[1];
    return send(...values);
  };
  child.once("exit", () => last?.close());
}

interface Closable {
  close(): void;
}

function isClosable(value: unknown): value is Closable {
  return typeof value === "object" && value !== null && typeof (value as Partial<Closable>).close === "function";
}
