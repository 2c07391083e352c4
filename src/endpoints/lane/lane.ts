/**
 * The plain lane: reads the requests that every AWS SDK sends (a plain head and a small body, nothing unusual) itself, and
 * gives a connection over to node:http, with every byte that was not answered yet, at the first request that is anything
 * else. So what is hard about HTTP (chunks, trailers, upgrades, folded lines, slow clients, errors) has one reader, llhttp,
 * and what is easy costs half of what node:http takes for it: its streams and events for each request.
 *
 * Two readers that understood one request differently would be a way past the signature (request smuggling): the lane takes
 * only what can be read in one way (plain-head.ts), and a test holds it against node:http on what it takes.
 */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Arrival } from "../api/arrival.ts";
import type { ServerLimits } from "../limits.ts";
import { LaneConnection } from "./connection.ts";
import type { PlainHead } from "./plain-head.ts";

export interface LaneOptions {
  /** What the server emits for a connection that is ready to speak HTTP. */
  readonly event: "connection" | "secureConnection";
  readonly limits: Pick<ServerLimits, "headersTimeout" | "keepAliveTimeout" | "inactivityTimeout">;
  /** Whether a plain request may go this way. */
  readonly takes: (head: PlainHead) => boolean;
  /** Takes a request to its answer. */
  readonly serve: (arrival: Arrival) => void;
}

export class Lane {
  readonly options: LaneOptions;
  readonly #server: Server;
  /** What node:http does with a connection. */
  readonly #others: readonly ((socket: Socket) => void)[];
  readonly #connections = new Set<LaneConnection>();

  constructor(server: Server, options: LaneOptions) {
    this.options = options;
    this.#server = server;
    this.#others = server.listeners(options.event) as ((socket: Socket) => void)[];
    server.removeAllListeners(options.event);
    server.on(options.event, (socket: Socket) => this.#connections.add(new LaneConnection(this, socket)));
  }

  /** Whether the server has stopped taking connections: those that are there end with their answers. */
  get closing(): boolean {
    return !this.#server.listening;
  }

  /**
   * Lets a connection go to node:http.
   *
   * @param bytes of it that nobody has taken
   * @param ended whether the client has closed its half
   */
  giveWay(connection: LaneConnection, socket: Socket, bytes: Buffer | null, ended: boolean): void {
    this.forget(connection);
    for (const take of this.#others) Reflect.apply(take, this.#server, [socket]);
    // Said again rather than put back into the stream, which takes nothing back once it has ended.
    if (bytes !== null) socket.emit("data", bytes);
    if (ended) socket.emit("end");
    else socket.resume();
  }

  forget(connection: LaneConnection): void {
    this.#connections.delete(connection);
  }

  closeIdle(): void {
    for (const connection of this.#connections) connection.closeIdle();
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}

/** Puts the lane before a server of node:http; what closes the server's connections closes the lane's too. */
export function openLane(server: Server, options: LaneOptions): void {
  const lane = new Lane(server, options);
  const closeIdle = server.closeIdleConnections.bind(server);
  const closeAll = server.closeAllConnections.bind(server);
  server.closeIdleConnections = () => {
    lane.closeIdle();
    closeIdle();
  };
  server.closeAllConnections = () => {
    lane.closeAll();
    closeAll();
  };
}
