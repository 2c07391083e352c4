import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Ahead } from "../ahead.ts";
import type { ReaderOptions } from "../reader.ts";
import { NodeArrival } from "./arrival.ts";
import { namesOneHost, readTarget } from "./request-target.ts";

/**
 * Bytes that node:http is given at once. It makes requests of all that it is given, so what it is given bounds for how
 * long it holds up others: of the 64 KiB that a socket reads at once it makes 2,400 requests, which takes 30 ms.
 */
const piece = 2048;
/** Bytes that a request which waits counts as: about what node:http keeps of the smallest. */
const waitingCost = 2048;

const badRequest = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/** With the last answer of its connection, later: a request is never answered before whoever has read it goes on. */
function refuse(outgoing: ServerResponse, status: number): void {
  setImmediate(() => outgoing.writeHead(status, { "content-length": 0, connection: "close" }).end());
}

interface Read {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** It asks for what node:http does not do: 417. */
  readonly unmet: boolean;
}

/** The reader that has the connection, as the connection knows it. */
export interface ConnectionOwner {
  /** Whether connections end with their last answer. */
  readonly closing: boolean;
  forget(socket: Socket): void;
}

/** A connection that node:http reads, piece by piece: the next one once all requests of the last are answered. */
export class NodeConnection {
  readonly #reader: ConnectionOwner;
  readonly #socket: Socket;
  readonly #options: ReaderOptions;
  readonly #ahead: Ahead;
  /** What was read and is not answered to its end: the first is under way, the others wait for it. */
  readonly #line: Read[] = [];
  /** The beginning of a request has been read. */
  #midway = false;
  /** Bytes that certainly belong to the body of the request read last: of them a piece may be as large as it likes. */
  #ofBody = 0;
  /** There was no room for what was sent ahead: the connection ends with the next answer. */
  #ending = false;
  #clientEnded = false;

  /** @param socket node:http has it already */
  constructor(reader: ConnectionOwner, socket: Socket, options: ReaderOptions) {
    this.#reader = reader;
    this.#socket = socket;
    this.#options = options;
    this.#ahead = new Ahead(options);
    // A listener of "readable" stops the socket from flowing (Node's documentation, stream: event "readable"): node:http
    // is told of a piece, by "data", when it is read here. "resume" comes when a body that was held up is taken on.
    socket.on("readable", this.#read).on("resume", this.#read).on("drain", this.#read);
    socket.once("end", this.#end).once("close", this.#closed);
  }

  /** Whether the connection ends with the answer to the request that is under way. */
  get ends(): boolean {
    if (this.#ending) return true;
    const last = this.#line.length <= 1 && this.#socket.readableLength === 0;
    return last && (this.#reader.closing || this.#clientEnded);
  }

  /** @param unmet whether it has an expectation that cannot be met (RFC 9110 §10.1.1) */
  add(incoming: IncomingMessage, outgoing: ServerResponse, unmet: boolean): void {
    this.#midway = false;
    // The piece that brought its head may have brought the beginning of its body.
    this.#ofBody = Math.max(0, (Number(incoming.headers["content-length"]) || 0) - piece);
    if (this.#line.push({ incoming, outgoing, unmet }) === 1) this.#begin();
  }

  closeIdle(): void {
    if (this.#line.length === 0 && !this.#midway && this.#socket.readableLength === 0) this.#socket.destroySoon();
  }

  #begin(): void {
    const { incoming, outgoing, unmet } = this.#line[0]!;
    outgoing.once("close", this.#answered);
    const named = namesOneHost(incoming.rawHeaders) ? readTarget(incoming.method!, incoming.url!) : null;
    if (unmet || named === null) refuse(outgoing, unmet ? 417 : 400);
    else this.#options.serve(new NodeArrival(this, incoming, outgoing, named));
  }

  /** Of CONNECT, whose target is that of a proxy: node:http reads nothing behind it. */
  refuseTunnel(): void {
    // An answer that is owed comes first, and there is no way to wait for it any more.
    if (this.#line.length > 0) this.#socket.destroy();
    else this.#socket.end(badRequest, () => this.#socket.destroy());
  }

  readonly #answered = (): void => {
    this.#line.shift();
    if (this.#socket.destroyed) return;
    if (this.#line.length > 0) this.#begin();
    else this.#read();
    this.#count();
  };

  readonly #read = (): void => {
    while (this.#socket.readableLength > 0 && this.#mayRead()) {
      this.#midway = true;
      const size = Math.min(Math.max(piece, this.#ofBody), this.#socket.readableLength);
      this.#ofBody = Math.max(0, this.#ofBody - size);
      this.#socket.read(size);
    }
    // Where nothing is left, to read is to be told of more, or of the end.
    if (this.#socket.readableLength === 0) this.#socket.read();
    this.#count();
  };

  /** Counts what waits behind the request that is under way, and what the socket holds of others. */
  #count(): void {
    if (this.#ending) return;
    const current = this.#line[0];
    // What comes before the end of its body is its body, which counts when it is taken.
    const own = current === undefined || !current.incoming.complete;
    const bytes = own ? 0 : (this.#line.length - 1) * waitingCost + this.#socket.readableLength;
    if (bytes === 0) this.#ahead.release();
    else this.#ending = !this.#ahead.hold(bytes);
  }

  /** The next request, or the body of the one that is under way, as fast as it is taken. */
  #mayRead(): boolean {
    const last = this.#line.at(-1)?.incoming;
    if (last === undefined) return !this.#socket.writableNeedDrain;
    return this.#line.length === 1 && !last.complete && last.readableLength < last.readableHighWaterMark;
  }

  readonly #end = (): void => {
    this.#clientEnded = true;
  };

  readonly #closed = (): void => {
    this.#line.length = 0;
    this.#ahead.release();
    this.#reader.forget(this.#socket);
  };
}
