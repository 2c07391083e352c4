import { connect } from "node:net";
import type { Socket } from "node:net";

const headEnd = Buffer.from("\r\n\r\n");

/** What came back to an attacker. */
export interface Tally {
  answered: number;
  /** By hundreds: 2 is 2xx. */
  readonly classes: Record<string, number>;
  /** Connections that the server closed; another was opened in the place of each. */
  closed: number;
}

/** Counts answers in a stream without keeping their bodies. */
class AnswerCounter {
  #head: Buffer = Buffer.alloc(0);
  /** Bytes of the present body that are still to come; null while a head is read. */
  #body: number | null = null;

  /** @returns the status of each answer that ended in the chunk */
  take(chunk: Buffer): number[] {
    const ended: number[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#body === null) {
        this.#head = this.#head.length === 0 ? rest : Buffer.concat([this.#head, rest]);
        const end = this.#head.indexOf(headEnd);
        if (end < 0) break;
        const head = this.#head.toString("latin1", 0, end);
        rest = this.#head.subarray(end + 4);
        this.#head = Buffer.alloc(0);
        this.#body = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        this.#status = Number(head.slice(9, 12));
      }
      const taken = Math.min(this.#body, rest.length);
      rest = rest.subarray(taken);
      this.#body -= taken;
      if (this.#body > 0) break;
      this.#body = null;
      ended.push(this.#status);
    }
    return ended;
  }

  #status = 0;
}

/** One attacking connection: it sends, waits for all that it is owed, and sends again; one that is closed is opened anew. */
export class Flood {
  readonly #port: number;
  readonly #next: () => Buffer;
  readonly #pipelined: number;
  readonly #tally: Tally;
  #socket: Socket | null = null;
  #stopped = false;

  constructor(port: number, pipelined: number, next: () => Buffer, tally: Tally) {
    this.#port = port;
    this.#next = next;
    this.#pipelined = pipelined;
    this.#tally = tally;
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.destroy();
  }

  #open(): void {
    const socket = connect({ port: this.#port, host: "127.0.0.1" });
    this.#socket = socket;
    const counter = new AnswerCounter();
    let owed = 0;
    const send = (): void => {
      owed = this.#pipelined;
      const requests = Array.from({ length: this.#pipelined }, () => this.#next());
      socket.write(requests.length === 1 ? requests[0]! : Buffer.concat(requests));
    };
    socket.on("connect", send);
    socket.on("data", (chunk: Buffer) => {
      for (const status of counter.take(chunk)) {
        this.#tally.answered++;
        const kind = String(Math.floor(status / 100));
        this.#tally.classes[kind] = (this.#tally.classes[kind] ?? 0) + 1;
        if (--owed === 0 && !this.#stopped) send();
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.#stopped) return;
      this.#tally.closed++;
      // Not at once: an attacker who is turned away must not spin.
      setTimeout(() => {
        if (!this.#stopped) this.#open();
      }, 20);
    });
  }
}
