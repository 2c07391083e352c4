import type { Clock } from "../../clock/clock.ts";
import type { Domain } from "./domain.ts";
import type { Eventual } from "./eventual.ts";
import type { Revision } from "./revision.ts";
import type { Dialect, Tx } from "./transaction.ts";

export type { Tx } from "./transaction.ts";

/**
 * A database of either kind. Work given to `read` and `write` awaits store functions only: on SQLite other transactions
 * wait for it, and a `read` or `write` inside another would wait forever. Reads of SQLite end within one turn of the
 * event loop: a loop that polls must let it turn.
 */
export interface Database {
  readonly dialect: Dialect;
  /** Whether other processes (nodes, workers) use it at the same time. */
  readonly shared: boolean;
  /** A consistent snapshot; begins with the first statement. @throws Unavailable, and what the work throws */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The same, and it answers at once where the work does: what is cached costs no promise. @throws as `read`, at once */
  glance<T>(work: (tx: Tx) => Eventual<T>, options?: GlanceOptions): Eventual<T>;
  /**
   * A serializable transaction, run again as a whole on contention, so the work has no effect outside it. Resolves only
   * once the commit is durable; if the work throws, nothing is kept.
   * @throws Contention, Unavailable, and what the work throws
   */
  write<T>(work: (tx: Tx) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** The domain's newest committed revision, read after the moment of the call; `noRevision` for an unknown one. */
  revision(domain: Domain): Eventual<Revision>;
  /** The same for several at once. */
  revisions(domains: readonly Domain[]): Eventual<ReadonlyMap<Domain, Revision>>;
  /** Resolves when the database answers. @throws Unavailable */
  health(): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** What spares a database that is a server a question; SQLite has its answers at once. */
export interface GlanceOptions {
  /** An account whose revision will be asked for. */
  readonly account?: string | undefined;
  /** A moment of performance.now(), that of the call where it is left out: revisions that were read since then will do. */
  readonly asOf?: number | undefined;
}

export interface WriteOptions {
  /**
   * The account that will be written. On PostgreSQL one node's writes to it then wait for each other instead of
   * colliding; SQLite runs all writes one after the other anyway.
   */
  readonly account?: string | undefined;
  /**
   * `read committed` is for work that only takes rows it holds locked: it neither fails for others nor makes them fail.
   * SQLite runs everything one after the other whatever is asked.
   */
  readonly isolation?: "serializable" | "read committed" | undefined;
}

export type DatabaseLocation =
  | { /** A file path, or `:memory:`. */ readonly sqlite: string }
  | { readonly postgresql: string };

export interface OpenOptions {
  readonly clock?: Clock | undefined;
  /** PostgreSQL only; 10 by default, and one more for revisions. */
  readonly maxConnections?: number | undefined;
  /** PostgreSQL only: told for whom the opening waits, once it has waited for seconds. */
  readonly onWait?: ((what: string) => void) | undefined;
  /** PostgreSQL only: how long to wait for a node that migrates (milliseconds); a minute by default. */
  readonly migrationPatience?: number | undefined;
  /** SQLite only: whether several processes of one data directory use the file at the same time; PostgreSQL always is. */
  readonly shared?: boolean | undefined;
}
