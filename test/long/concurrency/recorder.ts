/** Sends calls and keeps when they began, when they ended and what was answered. */
import type { RunningServer } from "../../../src/server/server.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { form, send } from "../../harness/http.ts";
import type { Call, Step } from "./serial-order.ts";

/** One call of IAM and what it means. */
export interface Act<S> {
  readonly parameters: Readonly<Record<string, string>>;
  /** What of the answer the state must explain, beside success or the code of a fault. */
  readonly detail?: (body: string) => string;
  readonly reads?: true;
  /** @param answer what was seen: it names what only the server can choose */
  readonly step: (state: S, answer: string) => Step<S>;
}

/** Each takes as long as the server tries by itself: one is enough unless the machine is very busy. */
const mostAttempts = 8;

export class Recorder<S> {
  readonly calls: Call<S>[] = [];
  readonly #servers: readonly RunningServer[];
  readonly #keys: SigningCredentials;

  constructor(servers: readonly RunningServer[], keys: SigningCredentials) {
    this.#servers = servers;
    this.#keys = keys;
  }

  /** Writers with even and odd numbers ask different servers where there are several. @returns the answer */
  async act(writer: number, { parameters, detail, reads, step }: Act<S>): Promise<string> {
    const { url } = this.#servers[writer % this.#servers.length]!;
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const sent = form(url, parameters, this.#keys, { service: "iam" });
      const began = performance.now();
      const received = await send(url, sent);
      const ended = performance.now();
      const answer = answerOf(received, detail);
      // A refusal for contention says that nothing was done: no order has to explain it, and who comes again is served.
      if (received.status === 503) continue;
      const what = `${writer}: ${new URLSearchParams(parameters)} = ${answer}`;
      const harmless = reads === true || !answer.startsWith("ok");
      this.calls.push({ what, began, ended, answer, harmless, step: (state) => step(state, answer) });
      return answer;
    }
    throw new Error(`${new URLSearchParams(parameters)} was refused for contention ${mostAttempts} times`);
  }

  /** All writers at once, each one call after the other. */
  async writers(count: number, each: (writer: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, writer) => each(writer)));
  }
}

function answerOf({ status, body }: { status: number; body: string }, detail?: (body: string) => string): string {
  if (status === 200) return detail === undefined ? "ok" : `ok ${detail(body)}`;
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1];
  if (code === undefined || status >= 500 !== (code === "ServiceUnavailable")) throw new Error(`${status} ${body}`);
  return code;
}
