import type { IncomingMessage } from "node:http";
import type { BodyHold } from "./body-budget.ts";

/** AWS's limit for a query request's body in bytes; beyond it the answer is an empty 413. */
export const bodyLimit = 10_000_000;
/**
 * Bytes that are kept of the body of a request without a known key: what the longest assertion takes that an operation
 * without a signature may bring (AssumeRoleWithSAML, 100,000 characters). Any other is refused by its Action.
 */
export const unsignedLimit = 131_072;
/** A body in pieces is collected in a buffer that begins with this size. */
const firstCapacity = 16_384;

export class BodyTooLarge extends Error {}
export class ClientGone extends Error {}

const empty = Buffer.alloc(0);

/** Whether there may have been more than its beginning: `withoutHalfEscape` leaves so much of a longer one. */
export function mayBeCut(body: Buffer): boolean {
  return body.length >= unsignedLimit - 2;
}

/** The beginning of a longer form may end within `%41`, which would be an error of its own. */
export function withoutHalfEscape(body: Buffer): Buffer {
  if (body.length < unsignedLimit) return body;
  const escape = body.subarray(unsignedLimit - 2).indexOf("%");
  return escape < 0 ? body : body.subarray(0, unsignedLimit - 2 + escape);
}

/**
 * The body, or its first bytes where that is all that will be looked at: of a body of a known length nothing is waited
 * for beyond them. What is kept is held until the caller releases it.
 *
 * @param most bytes to keep
 * @throws BodyTooLarge over 10,000,000 bytes, Overload, ClientGone when the connection ended early
 */
export function receiveBody(incoming: IncomingMessage, hold: BodyHold, most: number): Buffer | Promise<Buffer> {
  const declared = incoming.headers["content-length"];
  if (declared === undefined && incoming.headers["transfer-encoding"] === undefined) return empty;
  if (declared !== undefined) {
    const length = Number(declared);
    if (length === 0) return empty;
    if (length > bodyLimit) throw new BodyTooLarge();
  }
  return collect(incoming, hold, most, declared === undefined ? null : Number(declared));
}

/** @param declared the length; where there is one, what comes beyond `most` is not waited for */
function collect(incoming: IncomingMessage, hold: BodyHold, most: number, declared: number | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces = new Pieces(Math.min(most, declared ?? bodyLimit));
    let ended = false;
    let passed = 0;
    const end = (error: unknown): void => {
      if (ended) return;
      ended = true;
      if (error !== null) reject(error as Error);
      else resolve(pieces.joined());
    };
    incoming.on("data", (chunk: Buffer) => {
      if (ended) return;
      passed += chunk.length;
      if (passed > bodyLimit) return end(new BodyTooLarge());
      const kept = pieces.size + chunk.length > most ? chunk.subarray(0, most - pieces.size) : chunk;
      try {
        hold.add(kept.length);
      } catch (error) {
        return end(error);
      }
      pieces.add(kept);
      if (declared !== null && pieces.size === most) end(null);
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
  readonly #most: number;
  #buffer: Buffer = empty;
  size = 0;

  /** @param most bytes that there can be */
  constructor(most: number) {
    this.#most = most;
  }

  add(piece: Buffer): void {
    const size = this.size + piece.length;
    if (piece.length === 0) return;
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
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#most, Math.max(firstCapacity, 4 * size)));
    this.#buffer.copy(larger, 0, 0, this.size);
    this.#buffer = larger;
  }
}
