/** A request through the listener without a socket: what a reader of HTTP would hand over, made by hand. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { ApiListener } from "../../../src/doors/api/listener.ts";
import type { Arrival } from "../../../src/http/arrival.ts";
import type { BodyHold } from "../../../src/http/body-budget.ts";
import { bodyLimit, BodyTooLarge } from "../../../src/http/receive.ts";
import type { Eventual } from "../../../src/store/sql/eventual.ts";
import type { Rendered } from "../../../src/wire/rendered.ts";
import { send } from "../../harness/http.ts";
import type { Answer } from "./oracle.ts";
import type { Sendable } from "../../harness/hostile/requests.ts";

/** Told of each connection that a server of this process takes (Node's documentation, diagnostics_channel). */
const channel = "net.server.socket";
/** Bytes of a body that the plain lane hands over with its head; of a longer one it waits for the rest. */
const atOnce = 32_768;

class HandMade implements Arrival {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly operationTarget: string | undefined;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  readonly address = "127.0.0.1";
  readonly secure = false;
  readonly #body: Buffer;
  readonly #settle: (answer: Answer | null) => void;

  constructor({ method, target, headers, body }: Sendable, settle: (answer: Answer | null) => void) {
    const together = joined(headers);
    this.method = method;
    this.target = target;
    this.headers = headers.flat();
    this.host = together["host"];
    this.authorization = together["authorization"];
    this.contentType = together["content-type"];
    this.accept = together["accept"];
    this.operationTarget = together["x-amz-target"];
    this.userAgent = together["user-agent"];
    this.referer = together["referer"];
    this.#body = Buffer.from(body);
    this.#settle = settle;
  }

  receive(hold: BodyHold, most: number): Eventual<Buffer> {
    if (this.#body.length > bodyLimit) throw new BodyTooLarge();
    const kept = this.#body.subarray(0, most);
    hold.add(kept.length);
    return this.#body.length <= atOnce ? kept : Promise.resolve(kept);
  }

  answer({ status, headers, body }: Rendered): void {
    this.#settle({ status, contentType: headers["content-type"], body });
  }

  abandon(): void {
    this.#settle(null);
  }
}

/** Hands requests to the very listener that serves a port. */
export class Door {
  readonly #listener: ApiListener;

  private constructor(listener: ApiListener) {
    this.#listener = listener;
  }

  /** @param url of a server in this process */
  static async of(url: string): Promise<Door> {
    let listener: ApiListener | undefined;
    const port = Number(new URL(url).port);
    const note = (message: unknown): void => {
      const { server, localPort } = (message as { readonly socket: Socket & { server?: ApiListener } }).socket;
      if (localPort === port) listener = server;
    };
    subscribe(channel, note);
    await send(url, { method: "GET", target: "/health" });
    unsubscribe(channel, note);
    if (listener === undefined) throw new Error(`no server of this process listens at ${url}`);
    return new Door(listener);
  }

  /** @returns null when the server hung up without an answer */
  pass(request: Sendable): Promise<Answer | null> {
    return new Promise((resolve) => this.#listener.serve(new HandMade(request, resolve)));
  }
}

function joined(headers: Sendable["headers"]): Record<string, string> {
  const together: Record<string, string> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const before = together[lower];
    together[lower] = before === undefined ? value : `${before}, ${value}`;
  }
  return together;
}
