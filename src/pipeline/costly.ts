import { webcrypto } from "node:crypto";
import { payerOf } from "../session/actor.ts";
import type { Exchange } from "./exchange.ts";

/** Bytes from which a body costs more to hash and to read than a whole ordinary request. */
const largeBody = 65_536;
/** Microseconds that a byte of a large body costs the thread that serves, read and checked. */
const byteCost = 0.01;
/** Microseconds that a step of evaluation costs at most (policy/effort.ts). */
const stepCost = 0.02;

/**
 * A large body waits for its turn, and is hashed on another thread: nobody has vouched for it yet, and a thread that hashes
 * ten megabytes serves nobody else meanwhile.
 */
export async function takeLargeBody(exchange: Exchange): Promise<void> {
  if (exchange.body.length < largeBody) return;
  // Whoever uses another's key id shares a place with him only where he shares his address, too.
  await enter(exchange, `${exchange.facts.sourceIp} ${exchange.claim?.signature.accessKeyId ?? ""}`);
  const digest = await webcrypto.subtle.digest("SHA-256", exchange.body);
  exchange.bodyHash = Buffer.from(digest).toString("hex");
}

/** Who has lately caused costly work goes on when it is his turn. */
export function standInLine(exchange: Exchange): void | Promise<void> {
  const { caller, inLine, environment } = exchange;
  if (caller === null || inLine) return;
  const payer = payerOf(caller);
  if (environment.costlyLine.isMarked(payer)) return enter(exchange, payer);
}

/** Remembers who was costly, and gives the turn on. */
export function leaveLine(exchange: Exchange): void {
  const { caller, environment, facts } = exchange;
  if (caller !== null) {
    const cost =
      stepCost * facts.effort.spent + (exchange.body.length >= largeBody ? byteCost * exchange.body.length : 0);
    environment.costlyLine.mark(payerOf(caller), cost);
  }
  if (!exchange.inLine) return;
  exchange.inLine = false;
  environment.costlyLine.leave();
}

function enter(exchange: Exchange, sender: string): void | Promise<void> {
  exchange.inLine = true;
  return exchange.environment.costlyLine.enter(sender);
}
