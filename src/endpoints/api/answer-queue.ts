import type { IncomingMessage, ServerResponse } from "node:http";
import type { Rendered } from "../../wire/rendered.ts";

interface Answer {
  readonly outgoing: ServerResponse;
  readonly incoming: IncomingMessage;
  readonly rendered: Rendered;
}

/** Answers that wait at most; at so many they go. It bounds how long an answer waits for others. */
const most = 32;

/**
 * Hands over the answers of one turn of the event loop together, at its end. Every write wakes the client that waits for
 * it; a kernel that wakes one thread for several answers does less than one that wakes it for each (a tenth of all
 * processor time of a small request). A lone answer waits for nothing: its turn ends with it.
 */
export class AnswerQueue {
  readonly #onDefect: (error: unknown) => void;
  #waiting: Answer[] = [];
  #scheduled = false;

  constructor(onDefect: (error: unknown) => void) {
    this.#onDefect = onDefect;
  }

  add(answer: Answer): void {
    if (this.#waiting.push(answer) >= most) return this.#handOver();
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turnEnds);
  }

  readonly #turnEnds = (): void => {
    this.#scheduled = false;
    this.#handOver();
  };

  #handOver(): void {
    const answers = this.#waiting;
    this.#waiting = [];
    for (const answer of answers) {
      try {
        send(answer);
      } catch (error) {
        this.#onDefect(error);
        answer.outgoing.destroy();
      }
    }
  }
}

function send({ outgoing, incoming, rendered }: Answer): void {
  const { body } = rendered;
  // A list goes into the head as it is; headers that are set one by one are checked, kept and gone through again.
  const headers: (string | number)[] = ["content-length", Buffer.byteLength(body)];
  for (const name in rendered.headers) headers.push(name, rendered.headers[name]!);
  // A body that nobody read would be taken for the next request: the connection ends with this answer.
  if (!incoming.complete) headers.push("connection", "close");
  outgoing.writeHead(rendered.status, headers);
  // A text goes out in one write with the head; a Buffer would take two.
  outgoing.end(body);
}
