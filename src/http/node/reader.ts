import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpLimits } from "../limits.ts";
import type { HttpReader, ReaderOptions } from "../reader.ts";
import { NodeConnection } from "./connection.ts";
import type { ConnectionOwner } from "./connection.ts";

/** node:http (llhttp) reads and writes; connections are given to it, it does not listen itself. */
export class NodeReader implements HttpReader, ConnectionOwner {
  readonly #options: ReaderOptions;
  readonly #server: Server;
  readonly #connections = new Map<Socket, NodeConnection>();
  #closing = false;

  constructor(options: ReaderOptions) {
    const { limits } = options;
    this.#options = options;
    this.#server = createServer(serverOptions(limits), (incoming, outgoing) => this.#add(incoming, outgoing, false));
    this.#server.on("checkExpectation", (incoming: IncomingMessage, outgoing: ServerResponse) =>
      this.#add(incoming, outgoing, true),
    );
    this.#server.on("connect", (_incoming: IncomingMessage, socket: Socket) => {
      const connection = this.#connections.get(socket);
      if (connection === undefined) socket.destroy();
      else connection.refuseTunnel();
    });
    // Node by itself lets a client keep an answer waiting forever.
    this.#server.timeout = limits.inactivityTimeout;
    // Without this, node:http ends the connection when the client closes its half, and an answer that takes longer than
    // that is lost. (Not in Node's types.)
    (this.#server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
    // Sets the check of headersTimeout and requestTimeout going, which a server does that begins to listen.
    this.#server.emit("listening");
  }

  /** Whether connections end with their last answer. */
  get closing(): boolean {
    return this.#closing;
  }

  take(socket: Socket): void {
    this.#options.figures.connections.node++;
    // What is documented for a connection that came another way than over the server's own port.
    this.#server.emit("connection", socket);
    // After it: with this listener, node:http reads what the connection gives it, and nothing past it.
    this.#connections.set(socket, new NodeConnection(this, socket, this.#options));
  }

  closeIdle(): void {
    this.#closing = true;
    for (const connection of this.#connections.values()) connection.closeIdle();
  }

  forget(socket: Socket): void {
    if (this.#connections.delete(socket)) this.#options.figures.connections.node--;
  }

  close(): void {
    // Stops the check; there was no port to close.
    this.#server.close(() => {});
  }

  #add(incoming: IncomingMessage, outgoing: ServerResponse, unmet: boolean): void {
    this.#options.figures.requests.node++;
    const connection = this.#connections.get(incoming.socket);
    if (connection === undefined) outgoing.destroy();
    else connection.add(incoming, outgoing, unmet);
  }
}

function serverOptions(limits: HttpLimits) {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: limits.checkInterval,
    // Node refuses a second Content-Length by itself, and request-target.ts a second Host; other duplicates must reach the
    // signature as sent.
    joinDuplicateHeaders: true,
  };
}
