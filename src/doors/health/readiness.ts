import type { Clock } from "../../clock/clock.ts";
import type { Environment } from "../../operation/context.ts";
import * as settings from "../../store/server/settings.ts";
import type { Database } from "../../store/sql/database.ts";
import type { Rendered } from "../../wire/rendered.ts";
import { BoundedDatabase } from "../../pipeline/bounded-database.ts";
import { statusAnswer } from "./health.ts";

export const readinessPath = "/ready";

/** One finding serves everybody who asks within this time (milliseconds), so that asking costs the store nothing. */
const findingLife = 1000;
/** A working store is written to this often just to see (milliseconds); with every finding where writes have failed. */
const writeProbeInterval = 10_000;
/** Milliseconds for which writes may wait without one that goes well. */
const mostStalled = 2000;
/** How long a part may take to answer (milliseconds). */
const patience = 3000;
/** The row that the probe writes: when it was written last. */
const probeSetting = "readiness-probe";

/** A machine's clock that is off by more (milliseconds) needs a person, though the database's time is used. */
const mostDeviation = 15 * 60_000;

export type Part = "store" | "trail" | "rings";

/** Each part in a word; `ok` where it works. The clock is a part only where it is wrong. */
export type Finding = Readonly<Record<Part, string>> & { readonly clock?: string };

/**
 * Whether requests can be served now: the store answers and can be written, the trail can be written, both rings can
 * seal and open what is stored, and the other nodes count on this one.
 */
export class Readiness {
  readonly #environment: () => Environment;
  /** Past the gate for requests: a busy server is ready. */
  readonly #database: () => Database;
  readonly #clock: Clock;
  #finding: Promise<Finding> | null = null;
  #foundAt = 0;
  #writtenAt = -Infinity;
  #writable = false;
  #failuresSeen = 0;

  constructor(environment: () => Environment, database: () => Database, clock: Clock) {
    this.#environment = environment;
    this.#database = database;
    this.#clock = clock;
  }

  find(): Promise<Finding> {
    const now = performance.now();
    if (this.#finding === null || now - this.#foundAt >= findingLife) {
      this.#foundAt = now;
      this.#finding = this.#look(now);
    }
    return this.#finding;
  }

  async #look(now: number): Promise<Finding> {
    const { trail, node } = this.#environment();
    const off = Math.abs(node.clockDeviation) > mostDeviation;
    return {
      store: await this.#store(now),
      trail: trailWord(trail),
      rings: this.#rings(),
      ...(off ? { clock: "is off" } : {}),
    };
  }

  #rings(): string {
    const { tokens, secrets, node, storedSecrets } = this.#environment();
    if (!node.isCurrent(performance.now())) return "may be behind";
    if (!tokens.canSeal || !secrets.canSeal) return "cannot seal";
    const opened = storedSecrets.unopenable.size === 0 && tokens.damaged.length === 0 && secrets.damaged.length === 0;
    return opened ? "ok" : "cannot open";
  }

  async #store(now: number): Promise<string> {
    const database = this.#database();
    if (!(await succeeds(database.health()))) return "does not answer";
    if (this.#stalledMs() > mostStalled) return "changes wait";
    const failures = this.#failures();
    const quiet = this.#writable && failures === this.#failuresSeen;
    if (quiet && now - this.#writtenAt < writeProbeInterval) return "ok";
    this.#writtenAt = now;
    this.#failuresSeen = failures;
    this.#writable = await succeeds(
      // As changes are written: a probe that is let off what they must pass tells nothing of them.
      database.write((tx) => settings.set(tx, probeSetting, new Date(this.#clock.now()).toISOString())),
    );
    return this.#writable ? "ok" : "cannot be written";
  }

  #stalledMs(): number {
    const { database } = this.#environment();
    return database instanceof BoundedDatabase ? database.stalledMs : 0;
  }

  /** Writes of requests that failed: a reason to look again. */
  #failures(): number {
    const { database } = this.#environment();
    return database instanceof BoundedDatabase ? database.failedWrites : 0;
  }
}

function trailWord(trail: Environment["trail"]): string {
  if (trail.full) return "full";
  if (trail.state.failing) return "cannot be written";
  return trail.holds ? "short of space" : "ok";
}

/**
 * 200 when every part is good, else 503 and which is not; never why, which is in the log.
 *
 * @param settled what has to be over before; null where there is nothing
 */
export async function readinessAnswer(readiness: Readiness, settled: Promise<void> | null): Promise<Rendered> {
  if (settled !== null) await settled;
  const finding = await readiness.find();
  const ready = Object.values(finding).every((word) => word === "ok");
  return statusAnswer(ready ? 200 : 503, { status: ready ? "ready" : "not ready", ...finding });
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
    timer.unref();
  });
  const done = attempt.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
