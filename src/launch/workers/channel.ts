/** Questions and answers between the owner of a data directory and its workers, over the pipe that joins the processes. */

/** The other end: a worker, or in a worker its own process. */
export interface Peer {
  send(message: object, sent: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
  on(event: "disconnect", listener: () => void): unknown;
}

type Message =
  | { readonly ask: string; readonly id: number; readonly value: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly failure: Failure };

/** An error as it is told to another process. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** What is answered to a question, by its name. */
export type Answers = Readonly<Record<string, (value: unknown) => unknown>>;

export class Channel {
  readonly #peer: Peer;
  readonly #answers: Answers;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(peer: Peer, answers: Answers) {
    this.#peer = peer;
    this.#answers = answers;
    peer.on("message", (message) => this.#take(message as Message));
    peer.on("disconnect", () => this.#lost());
  }

  /**
   * @param patience milliseconds
   * @throws Error what the other end threw (name, message and code), or that it does not answer
   */
  ask(question: string, value: unknown, patience: number): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#settle(id)?.reject(new Error(`no answer to "${question}" within ${patience} ms`));
      }, patience);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#send({ ask: question, id, value }, (error) => this.#settle(id)?.reject(error));
    });
  }

  #take(message: Message): void {
    if ("ask" in message) {
      void this.#answer(message.ask, message.id, message.value);
    } else if ("answer" in message) {
      const waiting = this.#settle(message.answer);
      if (waiting === undefined) return;
      if ("failure" in message) waiting.reject(errorOf(message.failure));
      else waiting.resolve(message.value);
    }
  }

  async #answer(question: string, id: number, value: unknown): Promise<void> {
    // An answer that nobody waits for any more is none: the other end is gone.
    const nobody = (): void => {};
    try {
      const handler = this.#answers[question];
      if (handler === undefined) throw new Error(`nobody answers "${question}" here`);
      this.#send({ answer: id, value: await handler(value) }, nobody);
    } catch (error) {
      this.#send({ answer: id, failure: failureOf(error) }, nobody);
    }
  }

  #send(message: Message, failed: (error: Error) => void): void {
    try {
      this.#peer.send(message, (error) => {
        if (error !== null) failed(error);
      });
    } catch (error) {
      failed(error as Error);
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    return waiting;
  }

  #lost(): void {
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(new Error("the other process has ended"));
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, message: error.message, ...(code === undefined ? {} : { code }) };
}

function errorOf({ name, message, code }: Failure): Error {
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code });
}
