import type { IncomingMessage } from "node:http";
import type { BodyHold } from "./body-budget.ts";

/** AWS's limit for a query request's body in bytes; beyond it the answer is an empty 413. */
export const bodyLimit = 10_000_000;
/** A body in pieces is collected in a buffer that begins with this size. */
const firstCapacity = 16_384;

export class BodyTooLarge extends Error {}
export class ClientGone extends Error {}

const empty = Buffer.alloc(0);

/**
 * The whole body. Its bytes are held until the caller releases them.
 *
 * @throws BodyTooLarge over 10,000,000 bytes, Overload, ClientGone when the connection ended early
 */
export function receiveBody(incoming: IncomingMessage, hold: BodyHold): Buffer | Promise<Buffer> {
  const declared = incoming.headers["content-length"];
  if (declared === undefined && incoming.headers["transfer-encoding"] === undefined) return empty;
  if (declared !== undefined) {
    const length = Number(declared);
    if (length === 0) return empty;
    if (length > bodyLimit) throw new BodyTooLarge();
  }
  return collect(incoming, hold);
}

function collect(incoming: IncomingMessage, hold: BodyHold): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces = new Pieces();
    let ended = false;
    const end = (error: unknown): void => {
      if (ended) return;
      ended = true;
      if (error !== null) reject(error as Error);
      else resolve(pieces.joined());
    };
    incoming.on("data", (chunk: Buffer) => {
      if (ended) return;
      if (pieces.size + chunk.length > bodyLimit) return end(new BodyTooLarge());
      try {
        hold.add(chunk.length);
      } catch (error) {
        return end(error);
      }
      pieces.add(chunk);
    });
    incoming.on("end", () => end(null));
    // An error is made only where there is one: every request closes, and a stack trace costs more than a signature.
    incoming.on("error", (cause) => ended || end(new ClientGone("the client went away", { cause })));
    incoming.on("close", () => ended || end(new ClientGone("the client went away")));
  });
}

/**
 * Puts pieces together as they arrive. Keeping them apart would cost a Buffer for each: a body sent byte by byte would
 * take two hundred times its size.
 */
class Pieces {
  #buffer: Buffer = empty;
  size = 0;

  add(piece: Buffer): void {
    const size = this.size + piece.length;
    // Nearly every body comes in one piece: it is taken as it is.
    if (this.size === 0) this.#buffer = piece;
    else {
      if (size > this.#buffer.length) this.#grow(size);
      piece.copy(this.#buffer, this.size);
    }
    this.size = size;
  }

  joined(): Buffer {
    return this.#buffer.length === this.size ? this.#buffer : this.#buffer.subarray(0, this.size);
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(bodyLimit, Math.max(firstCapacity, 2 * size)));
    this.#buffer.copy(larger, 0, 0, this.size);
    this.#buffer = larger;
  }
}
