/**
 * The plain lane: reads the requests that every AWS SDK sends (a plain head and a small body, nothing unusual) itself, and
 * gives a connection over to the next reader, node:http, with every byte that was not taken yet, at the first request that
 * is anything else. So what is hard about HTTP (chunks, trailers, upgrades, folded lines, slow clients, errors) has one
 * reader, llhttp, and what is easy costs half of what node:http takes for it: its streams and events for each request.
 *
 * Two readers that understood one request differently would be a way past the signature (request smuggling): the lane takes
 * only what can be read in one way (plain-head.ts), and a test holds it against node:http on what it takes.
 */
import type { Socket } from "node:net";
import type { HandoverReason } from "../figures.ts";
import type { HttpReader, ReaderOptions } from "../reader.ts";
import { LaneConnection } from "./connection.ts";
import type { Lane } from "./connection.ts";

export class LaneReader implements HttpReader, Lane {
  readonly options: ReaderOptions;
  readonly #next: HttpReader;
  readonly #connections = new Set<LaneConnection>();
  #closing = false;

  /** @param next takes the connections that the lane does not read any further */
  constructor(options: ReaderOptions, next: HttpReader) {
    this.options = options;
    this.#next = next;
  }

  /** Whether connections end with their last answer. */
  get closing(): boolean {
    return this.#closing;
  }

  take(socket: Socket): void {
    this.options.figures.connections.lane++;
    this.#connections.add(new LaneConnection(this, socket));
  }

  /** Lets a connection go; what of it was not taken is back in its socket. */
  giveWay(connection: LaneConnection, socket: Socket, reason: HandoverReason): void {
    this.forget(connection);
    this.options.figures.handedOver(socket, reason);
    this.#next.take(socket);
  }

  forget(connection: LaneConnection): void {
    if (this.#connections.delete(connection)) this.options.figures.connections.lane--;
  }

  closeIdle(): void {
    this.#closing = true;
    for (const connection of this.#connections) connection.closeIdle();
    this.#next.closeIdle();
  }

  close(): void {
    this.#next.close();
  }
}
