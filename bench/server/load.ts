/**
 * The two kinds of load. Both run in the process of the bench, the server in another: on two cores each has one.
 */
import { percentile } from "../row.ts";
import type { Answer, Connection } from "./connection.ts";

/** Finished requests; the load walks through them in turn. */
export class Pool {
  readonly #requests: readonly Buffer[];
  #next = 0;

  constructor(requests: readonly Buffer[]) {
    this.#requests = requests;
  }

  get first(): Buffer {
    return this.#requests[0]!;
  }

  get size(): number {
    return this.#requests.length;
  }

  take(): Buffer {
    const request = this.#requests[this.#next]!;
    this.#next = (this.#next + 1) % this.#requests.length;
    return request;
  }
}

export interface Closed {
  readonly requests: number;
  readonly seconds: number;
}

/** Every connection sends its next request when it has the answer to the last. @param ms how long */
export function closedLoop(
  connections: readonly Connection[],
  pool: Pool,
  ms: number,
  most = Infinity,
): Promise<Closed> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const deadline = start + ms;
    let sent = 0;
    let answered = 0;
    const next = (connection: Connection): void => {
      sent++;
      connection.send(pool.take(), (failure) => {
        if (failure !== null) return reject(refused(failure));
        answered++;
        const now = performance.now();
        if (now < deadline && sent < most) next(connection);
        else if (answered === sent) resolve({ requests: answered, seconds: (now - start) / 1000 });
      });
    };
    for (const connection of connections) next(connection);
  });
}

export interface Latency {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const pauseMs = 0.2;

/**
 * Requests at a fixed rate, whether or not earlier ones were answered; latency counts from the moment at which a request
 * was due, so a stall is paid by all that it held up (no coordinated omission).
 * @param rate requests a second
 */
export function openLoop(connections: readonly Connection[], pool: Pool, rate: number, ms: number): Promise<Latency> {
  return new Promise((resolve, reject) => {
    const count = Math.max(1, Math.floor((rate * ms) / 1000));
    const latencies = new Float64Array(count);
    // Whoever waited longest is next, so that all connections are in use.
    const free = [...connections];
    const start = performance.now();
    let next = 0;
    let answered = 0;
    const send = (index: number, connection: Connection): void => {
      connection.send(pool.take(), (failure) => {
        if (failure !== null) return reject(refused(failure));
        latencies[index] = performance.now() - (start + (index * 1000) / rate);
        free.push(connection);
        if (++answered === count) {
          latencies.sort();
          resolve({ p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) });
        }
      });
    };
    const turn = (): void => {
      const due = Math.min(count, Math.ceil(((performance.now() - start) * rate) / 1000));
      while (next < due && free.length > 0) send(next++, free.shift()!);
      if (next === count) return;
      // A timer is too coarse for thousands a second; and a load that never sleeps would take the server's core from it:
      // the kernel wakes whoever receives on the core of whoever sends.
      Atomics.wait(pause, 0, 0, pauseMs);
      setImmediate(turn);
    };
    turn();
  });
}

function refused(answer: Answer): Error {
  return new Error(`the load met status ${answer.status}: ${answer.body.slice(0, 500)}`);
}
