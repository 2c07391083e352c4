/** What a server does for a request: statements, decisions, looks into the trail, changes. Counted, because clocks are noisy. */
import { vi } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import type { Database, Tx } from "../../../src/store/sql/database.ts";
import type { Eventual } from "../../../src/store/sql/eventual.ts";
import { connection } from "../../../src/store/sql/transaction.ts";
import type { Statement, Value } from "../../../src/store/sql/transaction.ts";

export interface Work {
  /** Names of the statements that were run, in order. */
  readonly statements: string[];
  /** Actions that were decided upon, in order. */
  readonly decisions: string[];
  /** What was looked at of the trail, in order. */
  readonly trail: string[];
  /** Write transactions that were asked for. */
  changes: number;
}

/** Counts what is done for requests. @returns what runs some requests and tells the work of all of them together */
export function workCounter(server: RunningServer): (requests: () => Promise<unknown>) => Promise<Work> {
  const { database, authorizer, trail } = server.environment();
  let work = nothing();

  /** Transactions of requests that are at work: a snapshot that is held open serves the server itself as well. */
  let atWork = 0;
  const known = new WeakSet<Tx>();
  const counted = (tx: Tx): Tx => {
    if (known.has(tx)) return tx;
    known.add(tx);
    const inner = tx[connection];
    const note = ({ name }: Statement): void => {
      if (atWork > 0) work.statements.push(name);
    };
    const outer = {
      dialect: inner.dialect,
      all: (statement: Statement, values: readonly Value[]) => (note(statement), inner.all(statement, values)),
      one: (statement: Statement, values: readonly Value[]) => (note(statement), inner.one(statement, values)),
      run: (statement: Statement, values: readonly Value[]) => (note(statement), inner.run(statement, values)),
    };
    Object.defineProperty(tx, connection, { value: outer, configurable: true });
    return tx;
  };
  /** The same work, during which its statements count. */
  const watched =
    <T>(run: (tx: Tx) => Eventual<T>) =>
    (tx: Tx): Eventual<T> => {
      atWork++;
      let result: Eventual<T>;
      try {
        result = run(counted(tx));
      } catch (error) {
        atWork--;
        throw error;
      }
      if (result instanceof Promise) return result.finally(() => atWork--);
      atWork--;
      return result;
    };
  const original = {
    glance: database.glance.bind(database),
    read: database.read.bind(database),
    write: database.write.bind(database),
  };
  vi.spyOn(database, "glance").mockImplementation(((run) => original.glance(watched(run))) as Database["glance"]);
  vi.spyOn(database, "read").mockImplementation(((run) =>
    original.read(watched(run) as typeof run)) as Database["read"]);
  vi.spyOn(database, "write").mockImplementation(((run, options) => {
    work.changes++;
    return original.write(watched(run) as typeof run, options);
  }) as Database["write"]);
  const decide = authorizer.decide.bind(authorizer);
  vi.spyOn(authorizer, "decide").mockImplementation((requirement, grounds, request) => {
    work.decisions.push(requirement.action);
    return decide(requirement, grounds, request);
  });
  for (const name of ["flush", "scan", "sidecar"] as const) {
    const look = (trail[name] as (...given: unknown[]) => unknown).bind(trail);
    vi.spyOn(trail, name).mockImplementation(((...given: unknown[]) => {
      work.trail.push(name);
      return look(...given);
    }) as never);
  }
  return async (requests) => {
    work = nothing();
    await requests();
    const done = work;
    // What comes later is no part of it.
    work = nothing();
    return done;
  };
}

function nothing(): Work {
  return { statements: [], decisions: [], trail: [], changes: 0 };
}
