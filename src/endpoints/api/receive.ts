import type { IncomingMessage } from "node:http";

/** AWS's limit for a query request's body in bytes; beyond it the answer is an empty 413. */
export const bodyLimit = 10_000_000;
/** Bytes of bodies held at once by the whole process; what comes beyond waits for nothing: it is turned away. */
export const inFlightLimit = 256_000_000;

export class BodyTooLarge extends Error {}
export class TooManyBytesInFlight extends Error {}
export class ClientGone extends Error {}

let inFlight = 0;

const empty = Buffer.alloc(0);

/**
 * The whole body.
 *
 * @throws BodyTooLarge over 10,000,000 bytes, TooManyBytesInFlight, ClientGone when the connection ended early
 */
export function receiveBody(incoming: IncomingMessage): Buffer | Promise<Buffer> {
  const declared = incoming.headers["content-length"];
  if (declared === undefined && incoming.headers["transfer-encoding"] === undefined) return empty;
  if (declared !== undefined) {
    const length = Number(declared);
    if (length === 0) return empty;
    if (length > bodyLimit) throw new BodyTooLarge();
    if (inFlight + length > inFlightLimit) throw new TooManyBytesInFlight();
  }
  return collect(incoming);
}

function collect(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    const end = (error: Error | null): void => {
      if (ended) return;
      ended = true;
      inFlight -= size;
      if (error !== null) reject(error);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    };
    incoming.on("data", (chunk: Buffer) => {
      if (ended) return;
      size += chunk.length;
      inFlight += chunk.length;
      if (size > bodyLimit) end(new BodyTooLarge());
      else if (inFlight > inFlightLimit) end(new TooManyBytesInFlight());
      else chunks.push(chunk);
    });
    incoming.on("end", () => end(null));
    incoming.on("error", (cause) => end(new ClientGone("the client went away", { cause })));
    incoming.on("close", () => end(new ClientGone("the client went away")));
  });
}
