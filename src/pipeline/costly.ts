import { webcrypto } from "node:crypto";
import { payerOf } from "../session/actor.ts";
import { advance } from "./stage.ts";
import type { Authenticated, Exchange, Received } from "./stage.ts";

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
export async function takeLargeBody(stage: Received): Promise<void> {
  const { body, claim, facts } = stage;
  if (body.length < largeBody) return;
  // Whoever uses another's key id shares a place with him only where he shares his address, too.
  await enter(stage, `${facts.sourceIp} ${claim?.signature.accessKeyId ?? ""}`);
  const digest = await webcrypto.subtle.digest("SHA-256", body);
  advance(stage, { bodyHash: Buffer.from(digest).toString("hex") });
}

/** Who has lately caused costly work goes on when it is his turn. */
export function standInLine<Stage extends Authenticated>(stage: Stage): Stage | Promise<Stage> {
  const { caller, inLine, environment } = stage;
  if (inLine) return stage;
  const payer = payerOf(caller);
  return environment.costlyLine.isMarked(payer) ? inTurn(stage, payer) : stage;
}

async function inTurn<Stage extends Exchange>(stage: Stage, payer: string): Promise<Stage> {
  await enter(stage, payer);
  return stage;
}

/** Remembers who was costly, and gives the turn on. */
export function leaveLine(exchange: Exchange): void {
  const { body, caller, environment, facts } = exchange;
  if (caller !== undefined) {
    const length = body?.length ?? 0;
    const cost = stepCost * facts.effort.spent + (length >= largeBody ? byteCost * length : 0);
    environment.costlyLine.mark(payerOf(caller), cost);
  }
  if (!exchange.inLine) return;
  advance(exchange, { inLine: false });
  environment.costlyLine.leave();
}

function enter(exchange: Exchange, sender: string): void | Promise<void> {
  advance(exchange, { inLine: true });
  return exchange.environment.costlyLine.enter(sender);
}
