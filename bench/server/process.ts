/** Starts the measured processes and asks them for what only they know. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Profiler } from "node:inspector";
import type { Answer } from "./connection.ts";
import type { Place } from "./open.ts";

export interface Request {
  readonly what: "usage" | "startProfile" | "stopProfile" | "close";
}

export interface Reply {
  readonly port?: number;
  /** Microseconds of processor time since the start, all threads, user and system. */
  readonly cpu?: number;
  /** Bytes. */
  readonly resident?: number;
  readonly profile?: Profiler.Profile;
}

/** A process under load. */
export class Measured {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** The whole server, on data that lie at `place`. */
  static server(place: Place): Promise<Measured> {
    return Measured.#start("./child.js", place);
  }

  /** The whole server as `serve --workers` starts it; its usage is that of all its processes. */
  static workers(place: Place, count: number): Promise<Measured> {
    return Measured.#start("./workers-child.js", { place, count });
  }

  static floor(answer: Answer): Promise<Measured> {
    return Measured.#start("./floor.js", answer);
  }

  static async #start(script: string, argument: object): Promise<Measured> {
    const child = fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(argument)], { execArgv: [] });
    const { port } = await answerOf(child);
    return new Measured(child, port!);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  async usage(): Promise<{ readonly cpu: number; readonly resident: number }> {
    const { cpu, resident } = await this.#ask("usage");
    return { cpu: cpu!, resident: resident! };
  }

  async startProfile(): Promise<void> {
    await this.#ask("startProfile");
  }

  async stopProfile(): Promise<Profiler.Profile> {
    return (await this.#ask("stopProfile")).profile!;
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.#ask("close");
    await exited;
  }

  #ask(what: Request["what"]): Promise<Reply> {
    const answer = answerOf(this.#child);
    this.#child.send({ what } satisfies Request);
    return answer;
  }
}

function answerOf(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off("message", message);
      child.off("exit", exit);
    };
    const message = (reply: unknown): void => {
      settle();
      resolve(reply as Reply);
    };
    const exit = (code: number | null): void => {
      settle();
      reject(new Error(`a measured process ended with ${code}`));
    };
    child.once("message", message);
    child.once("exit", exit);
  });
}
