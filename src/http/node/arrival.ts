import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import type { Eventual } from "../../store/sql/eventual.ts";
import type { Rendered } from "../../wire/rendered.ts";
import type { Arrival } from "../arrival.ts";
import type { BodyHold } from "../body-budget.ts";
import { receiveBody } from "../receive.ts";
import { headersFor } from "./request-target.ts";
import type { RequestTarget } from "./request-target.ts";

/** Milliseconds for which a client may go on sending a body whose request is answered. */
const lingering = 2000;

/** A request that node:http has read. */
export class NodeArrival implements Arrival {
  readonly #connection: { readonly ends: boolean };
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #named: RequestTarget;

  /** @param connection says when the answer is its last. @param named what the request is for */
  constructor(
    connection: { readonly ends: boolean },
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    named: RequestTarget,
  ) {
    this.#connection = connection;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#named = named;
  }

  get method(): string {
    return this.#incoming.method ?? "GET";
  }

  get target(): string {
    return this.#named.target;
  }

  get headers(): readonly string[] {
    return headersFor(this.#named, this.#incoming.rawHeaders);
  }

  get host(): string | undefined {
    return this.#named.authority ?? this.#incoming.headers.host;
  }

  get authorization(): string | undefined {
    return this.#incoming.headers.authorization;
  }

  get contentType(): string | undefined {
    return this.#incoming.headers["content-type"];
  }

  get accept(): string | undefined {
    return this.#incoming.headers.accept;
  }

  get operationTarget(): string | undefined {
    // Node joins what is repeated (joinDuplicateHeaders); a list is only a list of Set-Cookie.
    return this.#incoming.headers["x-amz-target"] as string | undefined;
  }

  get userAgent(): string | undefined {
    return this.#incoming.headers["user-agent"];
  }

  get referer(): string | undefined {
    return this.#incoming.headers.referer;
  }

  get address(): string | undefined {
    return this.#incoming.socket.remoteAddress;
  }

  get secure(): boolean {
    return this.#incoming.socket instanceof TLSSocket;
  }

  receive(hold: BodyHold, most: number): Eventual<Buffer> {
    return receiveBody(this.#incoming, hold, most);
  }

  answer({ status, headers: given, body }: Rendered): void {
    // A list is checked and goes into the head; headers that are set one by one are kept and gone through again.
    const headers: (string | number)[] = ["content-length", Buffer.byteLength(body)];
    for (const name in given) headers.push(name, given[name]!);
    if (!this.#incoming.complete) return this.#answerEarly(status, headers, body);
    if (this.#connection.ends) headers.push("connection", "close");
    this.#outgoing.writeHead(status, headers);
    // A text goes out in one write with the head; a Buffer would take two.
    this.#outgoing.end(body);
  }

  /**
   * A body that nobody read would be taken for the next request: the connection ends with this answer. It ends a moment
   * later: a client that is still sending would meet a reset, and never read why (RFC 9112 §9.6). What it sends
   * meanwhile is thrown away.
   */
  #answerEarly(status: number, headers: readonly (string | number)[], body: string): void {
    const outgoing = this.#outgoing;
    outgoing.writeHead(status, [...headers, "connection", "close"]);
    outgoing.flushHeaders();
    if (body !== "") outgoing.write(body);
    const last = setTimeout(() => outgoing.end(), lingering);
    this.#incoming.once("close", () => {
      clearTimeout(last);
      outgoing.end();
    });
    this.#incoming.on("data", () => {}).once("end", () => outgoing.end());
  }

  abandon(): void {
    this.#outgoing.destroy();
  }
}
