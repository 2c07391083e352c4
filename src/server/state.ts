import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { loadAwsManagedPolicies } from "../authorization/aws-managed-policies.ts";
import { AgreedClock } from "../clock/agreed-clock.ts";
import { createIds } from "../clock/ids.ts";
import type { Environment } from "../operation/context.ts";
import type { StoreObserver } from "../pipeline/bounded-database.ts";
import { FormerRingKey } from "../seal/errors.ts";
import { Node } from "../session/node.ts";
import { loadRings } from "../session/rings.ts";
import { openDatabase } from "../store/open.ts";
import type { Database } from "../store/sql/database.ts";
import { Unavailable } from "../store/sql/errors.ts";
import { TrailFiles } from "../trail/files.ts";
import { ownCacheBudget } from "./allocation.ts";
import { bootstrap } from "./bootstrap.ts";
import type { BootstrapOptions, NewAdministrator } from "./bootstrap.ts";
import { closeEnvironment, createEnvironment } from "./environment.ts";
import type { ServerLimits } from "./limits.ts";
import type { ServerOptions } from "./options.ts";

/** A database and all that stands on it. */
interface State {
  readonly database: Database;
  readonly environment: Environment;
  readonly created: readonly NewAdministrator[];
}

/** What serves. That of an ephemeral server is replaced by a new one when it is reset. */
export class ServedState {
  readonly #options: StateOptions;
  #state: State;
  #replacing: Promise<void> | null = null;

  private constructor(options: StateOptions, state: State) {
    this.#options = options;
    this.#state = state;
  }

  /** Opens the database and makes what is missing. */
  static async open(options: StateOptions): Promise<ServedState> {
    let served: ServedState | undefined;
    const reset = options.dataDirectory === null ? (): void => served?.reset() : null;
    served = new ServedState(options, await open(options, reset));
    return served;
  }

  /** The environment of the moment. */
  readonly environment = (): Environment => this.#state.environment;

  get database(): Database {
    return this.#state.database;
  }

  get created(): readonly NewAdministrator[] {
    return this.#state.created;
  }

  /** Resolves when no reset is under way; null where none is. */
  readonly settled = (): Promise<void> | null => this.#replacing;

  /** The request that asked for it still stands on the old state, which is closed once the new one serves. */
  reset(): void {
    const replacing = (this.#replacing ?? Promise.resolve())
      .then(() => this.#replace())
      .catch(this.#options.onError)
      .then(() => {
        if (this.#replacing === replacing) this.#replacing = null;
      });
    this.#replacing = replacing;
  }

  async #replace(): Promise<void> {
    const old = this.#state;
    const first = { id: old.environment.operatorAccount };
    const options = { ...this.#options, first, known: old.created, keep: async () => {} };
    this.#state = await open(options, () => this.reset());
    void closeState(old).catch(this.#options.onError);
  }

  /** Writes everything. */
  async close(): Promise<void> {
    await this.#replacing;
    await closeState(this.#state);
  }
}

/** The options with everything in them that a state needs, also the one after a reset. */
export interface StateOptions extends Omit<ServerOptions, "limits" | "publicUrl">, Pick<BootstrapOptions, "known"> {
  readonly publicUrl: Environment["publicUrl"];
  readonly limits: ServerLimits;
  readonly storeObserver: StoreObserver | null;
}

async function open(options: StateOptions, reset: (() => void) | null): Promise<State> {
  const worker = options.worker ?? null;
  const database = await openDatabase(options.database, {
    clock: options.clock,
    shared: options.shared,
    onWait: (what) => options.onError(new Unavailable(what)),
  });
  let node: Node | null = null;
  try {
    const rings = await loadRings(database, options.masterKey);
    const clock = new AgreedClock(options.clock);
    node = new Node({
      database,
      rings,
      clock,
      master: options.masterKey,
      own: options.clock,
      onError: options.onError,
      interval: options.ringInterval,
      lease: options.nodeLease,
    });
    // From here on no key seals that this node does not have, and its clock is the database's.
    await node.renew();
    const wanted = { ...options, ids: createIds(options.random), secrets: rings.secrets, now: clock.now() };
    const { operatorAccount, created } = await bootstrap(database, wanted).catch(async (error: unknown) => {
      if (!(error instanceof FormerRingKey)) throw error;
      // The ring rotated at this very moment.
      await node!.learn();
      return bootstrap(database, wanted);
    });
    const environment = await createEnvironment({
      ...options,
      ...rings,
      saml: { audiences: [], singleUse: false, ...options.saml },
      clock,
      node,
      database,
      operatorAccount,
      reset,
      maxPending: options.limits.maxPending,
      rateLimits: options.limits.rates,
      caches: ownCacheBudget(),
      awsManaged: loadAwsManagedPolicies(),
      trailFiles: trailFilesOf(options),
      trailCollector: worker?.collector,
    });
    return { database, environment, created };
  } catch (error) {
    await node?.close();
    await database.close();
    throw error;
  }
}

function trailFilesOf({ dataDirectory, worker }: Pick<ServerOptions, "dataDirectory" | "worker">): TrailFiles | null {
  if (dataDirectory === null) return null;
  // Found at the start rather than with the first record, without which nothing is answered.
  mkdirSync(join(dataDirectory, "trail"), { recursive: true, mode: 0o700 });
  return new TrailFiles(dataDirectory, worker == null ? null : `w${worker.number}`);
}

async function closeState({ environment, database }: State): Promise<void> {
  await closeEnvironment(environment);
  await database.close();
}
