/** A request through the listener without a socket: what an HTTP parser would hand over, made by hand. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage, ServerResponse } from "node:http";
import type { OutgoingHttpHeaders, Server } from "node:http";
import { Socket } from "node:net";
import { send } from "../e2e/http.ts";
import type { Answer } from "./oracle.ts";
import type { Sendable } from "./requests.ts";

/** Told of each request that a server of this process takes. */
const channel = "http.server.request.start";
const socket = new Socket();

/** An answer that goes nowhere. */
class Captured extends ServerResponse {
  /** Null when the server hung up without an answer. */
  readonly answer: Promise<Answer | null>;
  #settle!: (answer: Answer | null) => void;
  #given: OutgoingHttpHeaders = {};

  constructor(incoming: IncomingMessage) {
    super(incoming);
    this.answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  override writeHead(status: number, headers?: unknown): this {
    this.statusCode = status;
    this.#given = Array.isArray(headers) ? fromList(headers as string[]) : (headers as OutgoingHttpHeaders);
    return this;
  }

  override end(body?: unknown): this {
    const headers = { ...this.getHeaders(), ...this.#given };
    this.#settle({
      status: this.statusCode,
      contentType: headers["content-type"] as string | undefined,
      body: Buffer.isBuffer(body) ? body.toString("utf8") : typeof body === "string" ? body : "",
    });
    return this;
  }

  override destroy(): this {
    this.#settle(null);
    return this;
  }
}

/** Hands requests to the very listener that serves a port. */
export class Door {
  readonly #listener: Server;

  private constructor(listener: Server) {
    this.#listener = listener;
  }

  /** @param url of a server in this process */
  static async of(url: string): Promise<Door> {
    let listener: Server | undefined;
    const port = Number(new URL(url).port);
    const note = (message: unknown): void => {
      const { server } = message as { readonly server: Server };
      const address = server.address();
      if (address !== null && typeof address === "object" && address.port === port) listener = server;
    };
    subscribe(channel, note);
    await send(url, { method: "GET", target: "/health" });
    unsubscribe(channel, note);
    if (listener === undefined) throw new Error(`no server of this process listens at ${url}`);
    return new Door(listener);
  }

  pass({ method, target, headers, body }: Sendable): Promise<Answer | null> {
    const incoming = new IncomingMessage(socket);
    incoming.method = method;
    incoming.url = target;
    incoming.rawHeaders = headers.flat();
    incoming.headers = joined(headers);
    incoming.complete = true;
    if (body.length > 0) incoming.push(body);
    incoming.push(null);
    const outgoing = new Captured(incoming);
    this.#listener.emit("request", incoming, outgoing);
    return outgoing.answer;
  }
}

/** Names and values in turn, as Node takes them too. */
function fromList(list: readonly string[]): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (let index = 0; index + 1 < list.length; index += 2) headers[list[index]!.toLowerCase()] = list[index + 1]!;
  return headers;
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
