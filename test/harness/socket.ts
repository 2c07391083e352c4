/** Clients that no HTTP library would be. */
import { connect } from "node:net";
import type { Socket } from "node:net";

/** A raw connection that keeps what it hears. */
export class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #heard = "";
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      this.#heard += chunk.toString("latin1");
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.on("close", () => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static open(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => {
        socket.off("error", reject);
        resolve(new RawClient(socket));
      });
      socket.once("error", reject);
    });
  }

  get heard(): string {
    return this.#heard;
  }

  /** Status codes of the answers so far. */
  get statuses(): readonly number[] {
    return [...this.#heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Waits until as many answers have begun; gives up when the connection ends. */
  async answers(count = 1): Promise<readonly number[]> {
    while (this.statuses.length < count && !this.socket.destroyed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.statuses;
  }
}

/** The head of a POST as text; the body follows by hand. */
export function postHead(url: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ host: new URL(url).host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `POST / HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
