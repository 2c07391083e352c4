import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Rendered } from "../../wire/rendered.ts";
import { Ahead } from "../ahead.ts";
import type { HandoverReason } from "../figures.ts";
import type { ReaderOptions } from "../reader.ts";
import { answerText } from "./answer-text.ts";
import { readPlainHead } from "./plain-head.ts";
import { PlainRequest } from "./request.ts";
import type { Carrier } from "./request.ts";

/** Bytes of a request that is not there to its end yet which the lane waits for; more of it node:http waits for. */
const longestWait = 32_768;
/** Milliseconds that it waits: clients that send head and body apart send one right after the other. */
const waitMs = 20;

const requestTimeout = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";
const badRequest = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

/** The reader that has the connection, as the connection knows it. */
export interface Lane {
  readonly options: ReaderOptions;
  /** Whether connections end with their last answer. */
  readonly closing: boolean;
  /** Lets a connection go to the next reader; what of it was not taken is back in its socket. */
  giveWay(connection: LaneConnection, socket: Socket, reason: HandoverReason): void;
  forget(connection: LaneConnection): void;
}

/**
 * A connection in the plain lane: one request at a time, from its bytes to its answer.
 *
 * Bytes of further requests go back into the socket, which is paused until they are taken: it stops reading by itself
 * when it holds enough (Node's high-water mark and one read, 128 KiB at most), it does not say that the client has ended
 * before they are read, and whoever gets the connection next finds them where it looks for them.
 */
export class LaneConnection implements Carrier {
  readonly #reader: Lane;
  readonly #socket: Socket;
  readonly address: string | undefined;
  readonly secure: boolean;
  /** Milliseconds after which the socket says that nothing has moved. */
  readonly #still: number;
  readonly #reuse: string;
  readonly #ahead: Ahead;
  /** The beginning of a request whose rest may be under way. */
  #partial: Buffer | null = null;
  #request: PlainRequest | null = null;
  /** Names of the headers of the last request. */
  #names: readonly string[] | undefined;
  /** The client takes its answers too slowly: no further request is taken before it has them. */
  #clogged = false;
  #clientEnded = false;
  /** There was no room for what was sent ahead: the connection ends with the next answer. */
  #ending = false;
  #fresh = true;
  /** Milliseconds without a move that were waited for beyond `#still`. */
  #stillFor = 0;
  #waiting: NodeJS.Timeout | null = null;

  constructor(reader: Lane, socket: Socket) {
    const { headersTimeout, keepAliveTimeout, inactivityTimeout } = reader.options.limits;
    this.#reader = reader;
    this.#socket = socket;
    this.#ahead = new Ahead(reader.options);
    this.address = socket.remoteAddress;
    this.secure = socket instanceof TLSSocket;
    this.#still = Math.min(keepAliveTimeout, inactivityTimeout);
    this.#reuse = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeout / 1000)}`;
    socket.setTimeout(headersTimeout);
    socket.on("data", this.#data).on("end", this.#end).on("timeout", this.#timeout).on("drain", this.#drain);
    socket.on("error", this.#error).on("close", this.#close);
  }

  /** Ends the connection unless an answer is owed. */
  closeIdle(): void {
    if (this.#request === null && this.#partial === null && !this.#ahead.waiting) this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** @throws Error where the answer cannot be written: nothing of it is then */
  answer(request: PlainRequest, rendered: Rendered): void {
    if (this.#request !== request || this.#socket.destroyed) return;
    const last = this.#ending || ((this.#reader.closing || this.#clientEnded) && !this.#ahead.waiting);
    const size = Buffer.byteLength(rendered.body);
    const text = answerText(rendered, size, last ? "Connection: close" : this.#reuse);
    this.#request = null;
    // As many bytes as characters: ASCII, which is written faster as what it is.
    const taken = this.#socket.write(text, size === rendered.body.length ? "latin1" : "utf8");
    if (last) this.#socket.destroySoon();
    else if (!taken) this.#clogged = true;
    else this.#next();
  }

  readonly #data = (chunk: Buffer): void => {
    if (this.#fresh || this.#stillFor > 0) {
      this.#fresh = false;
      this.#stillFor = 0;
      this.#socket.setTimeout(this.#still);
    }
    if (this.#request !== null || this.#clogged) this.#putBack(chunk);
    else this.#read(this.#partial === null ? chunk : Buffer.concat([this.#partial, chunk]));
  };

  #read(bytes: Buffer): void {
    const head = readPlainHead(bytes, this.#names);
    if (head === "other") return this.#giveWay(bytes, "form");
    if (head === "more") return this.#wait(bytes);
    const size = head.size + head.bodySize;
    if (bytes.length < size) return size > longestWait ? this.#giveWay(bytes, "size") : this.#wait(bytes);
    this.#names = head.names;
    this.#partial = null;
    this.#stopWaiting();
    if (bytes.length > size) this.#putBack(bytes.subarray(size));
    this.#request = new PlainRequest(this, head, bytes.subarray(head.size, size));
    this.#reader.options.figures.requests.lane++;
    this.#reader.options.serve(this.#request);
  }

  /** Bytes of further requests, which have to wait. */
  #putBack(bytes: Buffer): void {
    this.#socket.pause();
    this.#socket.unshift(bytes);
    if (!this.#ahead.hold(bytes.length)) this.#ending = true;
  }

  /** Goes on with what had to wait. */
  #next(): void {
    if (!this.#ahead.waiting) return;
    this.#ahead.release();
    this.#socket.resume();
  }

  /** A request that is not there to its end: the rest may be under way. */
  #wait(bytes: Buffer): void {
    this.#partial = bytes;
    if (bytes.length > longestWait) this.#giveWay(bytes, "size");
    else this.#waiting ??= setTimeout(() => this.#giveWay(this.#partial!, "late"), waitMs);
  }

  #stopWaiting(): void {
    if (this.#waiting === null) return;
    clearTimeout(this.#waiting);
    this.#waiting = null;
  }

  /** @param bytes that nobody has taken: the client has not ended, or they would have been refused */
  #giveWay(bytes: Buffer, reason: HandoverReason): void {
    const socket = this.#socket;
    this.#stopWaiting();
    socket.off("data", this.#data).off("end", this.#end).off("timeout", this.#timeout).off("drain", this.#drain);
    socket.off("error", this.#error).off("close", this.#close);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(bytes);
    this.#reader.giveWay(this, socket, reason);
  }

  /** Everything has been read. A request that never came to its end is refused, as node:http does. */
  readonly #end = (): void => {
    this.#clientEnded = true;
    this.#stopWaiting();
    if (this.#partial !== null) this.#socket.end(badRequest);
    else if (this.#request === null && !this.#clogged) this.#socket.end();
  };

  readonly #drain = (): void => {
    if (!this.#clogged) return;
    this.#clogged = false;
    if (this.#clientEnded) this.#socket.end();
    else this.#next();
  };

  /** Nothing has moved for `#still`, or for the rest of what is granted beyond it. */
  readonly #timeout = (): void => {
    const { keepAliveTimeout, inactivityTimeout } = this.#reader.options.limits;
    if (this.#fresh) return void this.#socket.end(requestTimeout, () => this.#socket.destroy());
    const owed = this.#request !== null || this.#socket.writableLength > 0;
    const granted = owed ? inactivityTimeout : keepAliveTimeout;
    const rest = granted - this.#still - this.#stillFor;
    if (rest <= 0) return void this.#socket.destroy();
    this.#stillFor += rest;
    this.#socket.setTimeout(rest);
  };

  readonly #error = (): void => {
    this.#socket.destroy();
  };

  readonly #close = (): void => {
    this.#stopWaiting();
    this.#partial = null;
    this.#request = null;
    this.#ahead.release();
    this.#reader.forget(this);
  };
}
