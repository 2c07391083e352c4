import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Rendered } from "../../wire/rendered.ts";
import type { Arrival } from "../api/arrival.ts";
import type { BodyHold } from "../api/body-budget.ts";
import { answerText } from "./answer-text.ts";
import type { Lane } from "./lane.ts";
import { readPlainHead } from "./plain-head.ts";
import type { PlainHead } from "./plain-head.ts";

/** Bytes of a request that is not there to its end yet which the lane waits for; more of it node:http waits for. */
const longestWait = 32_768;
/** Milliseconds that it waits: clients that send head and body apart send one right after the other. */
const waitMs = 20;
/** Bytes of further requests that are kept while one is answered; more stay in the kernel. */
const mostAhead = 65_536;

const requestTimeout = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";
const badRequest = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

/** A connection in the plain lane: one request at a time, from its bytes to its answer. */
export class LaneConnection {
  readonly #lane: Lane;
  readonly #socket: Socket;
  readonly address: string | undefined;
  readonly secure: boolean;
  /** Milliseconds after which the socket says that nothing has moved. */
  readonly #still: number;
  readonly #reuse: string;
  /** What has come and is not taken: the beginning of a request, or requests that have to wait. */
  #bytes: Buffer | null = null;
  #request: PlainRequest | null = null;
  /** Names of the headers of the last request. */
  #names: readonly string[] | undefined;
  /** The client takes its answers too slowly: no further request is taken before it has them. */
  #clogged = false;
  #clientEnded = false;
  #fresh = true;
  /** Milliseconds without a move that were waited for beyond `#still`. */
  #stillFor = 0;
  #waiting: NodeJS.Timeout | null = null;

  constructor(lane: Lane, socket: Socket) {
    const { headersTimeout, keepAliveTimeout, inactivityTimeout } = lane.options.limits;
    this.#lane = lane;
    this.#socket = socket;
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
    if (this.#request === null && this.#bytes === null) this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  answer(request: PlainRequest, rendered: Rendered): void {
    if (this.#request !== request || this.#socket.destroyed) return;
    this.#request = null;
    const last = this.#lane.closing || (this.#clientEnded && this.#bytes === null);
    const size = Buffer.byteLength(rendered.body);
    const text = answerText(rendered, size, last ? "Connection: close" : this.#reuse);
    // As many bytes as characters: ASCII, which is written faster as what it is.
    const taken = this.#socket.write(text, size === rendered.body.length ? "latin1" : "utf8");
    if (last) this.#socket.end();
    else if (!taken) this.#clogged = true;
    else if (this.#bytes !== null) this.#next();
  }

  readonly #data = (chunk: Buffer): void => {
    if (this.#fresh || this.#stillFor > 0) {
      this.#fresh = false;
      this.#stillFor = 0;
      this.#socket.setTimeout(this.#still);
    }
    if (this.#request !== null || this.#clogged) {
      this.#bytes = this.#bytes === null ? chunk : Buffer.concat([this.#bytes, chunk]);
      if (this.#bytes.length > mostAhead) this.#socket.pause();
    } else {
      this.#read(this.#bytes === null ? chunk : Buffer.concat([this.#bytes, chunk]));
    }
  };

  /** Goes on with what waited for an answer. */
  #next(): void {
    const bytes = this.#bytes!;
    this.#bytes = null;
    this.#socket.resume();
    this.#read(bytes);
  }

  #read(bytes: Buffer): void {
    const head = readPlainHead(bytes, this.#names);
    if (head === "other") return this.#giveWay(bytes);
    if (head === "more") return this.#wait(bytes);
    if (!this.#lane.options.takes(head)) return this.#giveWay(bytes);
    const size = head.size + head.bodySize;
    if (bytes.length < size) return size > longestWait ? this.#giveWay(bytes) : this.#wait(bytes);
    this.#names = head.names;
    this.#stopWaiting();
    this.#bytes = bytes.length > size ? bytes.subarray(size) : null;
    this.#request = new PlainRequest(this, head, bytes.subarray(head.size, size));
    this.#lane.options.serve(this.#request);
  }

  /** A request that is not there to its end: the rest may be under way. */
  #wait(bytes: Buffer): void {
    this.#bytes = bytes;
    if (this.#clientEnded) this.#refuse();
    else if (bytes.length > longestWait) this.#giveWay(bytes);
    else this.#waiting ??= setTimeout(() => this.#giveWay(this.#bytes), waitMs);
  }

  #stopWaiting(): void {
    if (this.#waiting === null) return;
    clearTimeout(this.#waiting);
    this.#waiting = null;
  }

  /** A request that never came to its end; node:http answers so too. */
  #refuse(): void {
    this.#stopWaiting();
    this.#socket.end(badRequest);
  }

  #giveWay(bytes: Buffer | null): void {
    const socket = this.#socket;
    this.#stopWaiting();
    socket.off("data", this.#data).off("end", this.#end).off("timeout", this.#timeout).off("drain", this.#drain);
    socket.off("error", this.#error).off("close", this.#close);
    socket.setTimeout(0);
    this.#lane.giveWay(this, socket, bytes, this.#clientEnded);
  }

  readonly #end = (): void => {
    this.#clientEnded = true;
    if (this.#request !== null || this.#clogged) return;
    if (this.#bytes === null) this.#socket.end();
    else this.#refuse();
  };

  readonly #drain = (): void => {
    if (!this.#clogged) return;
    this.#clogged = false;
    if (this.#bytes !== null) this.#next();
    else if (this.#clientEnded) this.#socket.end();
  };

  /** Nothing has moved for `#still`, or for the rest of what is granted beyond it. */
  readonly #timeout = (): void => {
    const { keepAliveTimeout, inactivityTimeout } = this.#lane.options.limits;
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
    this.#bytes = null;
    this.#request = null;
    this.#lane.forget(this);
  };
}

/** A request of the lane, body included. */
class PlainRequest implements Arrival {
  readonly #connection: LaneConnection;
  readonly #body: Buffer;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly operationTarget: string | undefined;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  readonly address: string | undefined;
  readonly secure: boolean;

  constructor(connection: LaneConnection, head: PlainHead, body: Buffer) {
    this.#connection = connection;
    this.#body = body;
    this.method = head.method;
    this.target = head.target;
    this.headers = head.headers;
    this.host = head.host;
    this.authorization = head.authorization;
    this.contentType = head.contentType;
    this.operationTarget = head.operationTarget;
    this.userAgent = head.userAgent;
    this.referer = head.referer;
    this.address = connection.address;
    this.secure = connection.secure;
  }

  receive(hold: BodyHold, most: number): Buffer {
    hold.add(this.#body.length);
    return this.#body.length > most ? this.#body.subarray(0, most) : this.#body;
  }

  answer(rendered: Rendered): void {
    this.#connection.answer(this, rendered);
  }

  abandon(): void {
    this.#connection.destroy();
  }
}
