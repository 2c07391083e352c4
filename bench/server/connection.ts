import { connect } from "node:net";
import type { Socket } from "node:net";

/** One answer, as much of it as the load needs. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const readBytes = 16_384;
const headEnd = Buffer.from("\r\n\r\n");

type Done = (failure: Answer | null) => void;

/**
 * A keep-alive connection that sends finished requests and only counts what comes back. A raw socket, because an HTTP
 * client would cost more than the server that is measured.
 */
export class Connection {
  readonly #socket: Socket;
  #rest: Buffer | null = null;
  #done: Done | null = null;
  #whole: ((answer: Answer) => void) | null = null;
  #closing = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("close", () => {
      if (!this.#closing) throw new Error("the server closed a connection in the middle of the load");
    });
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const opened = connect({ port, host: "127.0.0.1", onread: { buffer: Buffer.alloc(readBytes), callback } }, () => {
        opened.off("error", reject);
        resolve(connection);
      });
      const connection = new Connection(opened);
      // One buffer for all that is read: collecting the garbage of thousands of reads held up the load for ten
      // milliseconds at a time, which then stood in the server's latencies.
      function callback(length: number, buffer: Buffer): boolean {
        connection.#take(buffer.subarray(0, length));
        return true;
      }
      opened.once("error", reject);
    });
  }

  static openAll(port: number, count: number): Promise<Connection[]> {
    return Promise.all(Array.from({ length: count }, () => Connection.open(port)));
  }

  /** Sends; `done` is told when the answer is complete: null for a 200, the answer otherwise. */
  send(request: Buffer, done: Done): void {
    this.#done = done;
    this.#socket.write(request);
  }

  /** Sends and gives the whole answer. */
  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve) => {
      this.#whole = resolve;
      this.send(request, () => {});
    });
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  /** @param chunk good only until this returns */
  #take(chunk: Buffer): void {
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    const head = data.indexOf(headEnd);
    const length = head < 0 ? -1 : contentLength(data, head);
    if (head < 0 || data.length < head + 4 + length) {
      this.#rest = Buffer.from(data);
      return;
    }
    this.#rest = null;
    const done = this.#done!;
    this.#done = null;
    const good = data[9] === 50 && data[10] === 48 && data[11] === 48;
    if (this.#whole !== null) {
      const whole = this.#whole;
      this.#whole = null;
      whole(parse(data, head));
    }
    done(good ? null : parse(data, head));
  }
}

const lengthField = Buffer.from("ontent-length: ");

/** Without making a string of the head: the floor is as fast as the load, so the load has to be cheap. */
function contentLength(data: Buffer, head: number): number {
  const field = data.indexOf(lengthField);
  if (field < 0 || field > head) throw new Error(`no Content-Length: ${data.toString("latin1", 0, head)}`);
  let length = 0;
  for (let at = field + lengthField.length; data[at] !== 13; at++) length = length * 10 + data[at]! - 48;
  return length;
}

function parse(data: Buffer, head: number): Answer {
  const [first, ...lines] = data.toString("latin1", 0, head).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(first!.split(" ")[1]), headers, body: data.toString("utf8", head + 4) };
}
