/**
 * Queries that are built with kysely once for each dialect and run as prepared statements from then on: building costs
 * kysely about 17 µs, running a prepared statement of SQLite about 3.
 *
 * A builder gets its parameters as placeholders: `query((db, p: { id: string }) => db.selectFrom("users").where("id",
 * "=", p.id))`. It may hand them to kysely as values, and nothing else.
 */
import type { CompiledQuery, Kysely, QueryExecutorProvider } from "kysely";

import { builderOf } from "./builder.ts";
import type { Eventual } from "./eventual.ts";
import { Unstorable } from "./errors.ts";
import { isStorable } from "./storable.ts";
import type { Change } from "./change.ts";
import type { Connection, Dialect, Row, Statement, Tx, Value } from "./transaction.ts";
import { connection, deferred, failure, pending } from "./transaction.ts";

export type Parameters = Record<string, Value>;
/** What kysely's builders and its raw SQL both are. */
interface Compilable<Output> {
  compile(db: QueryExecutorProvider): CompiledQuery<Output>;
}
/** @typeParam Tables the rows of the tables that it is about, by their names */
export type Build<Tables, P, Output> = (db: Kysely<Tables>, parameters: P, dialect: Dialect) => Compilable<Output>;

/** A write that no cache depends on (last use, counters, the outbox): it bumps no revision. */
export const unversioned: readonly Change[] = [];
/** One statement may change what belongs to several. */
export type Changes = Change | readonly Change[];

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });

class Compiled {
  readonly statement: Statement;
  readonly #slots: readonly unknown[];
  constructor(sql: string, name: string, slots: readonly unknown[], kept: boolean) {
    this.statement = { sql, name, kept };
    this.#slots = slots;
  }
  values(parameters: Parameters): Value[] {
    const values: Value[] = [];
    for (const slot of this.#slots) {
      if (!(slot instanceof Placeholder)) values.push(slot as Value);
      else if (Object.hasOwn(parameters, slot.name)) values.push(parameters[slot.name]!);
      else throw new TypeError(`query parameter ${slot.name} is missing`);
    }
    return values;
  }
  /** @throws Unstorable */
  storable(parameters: Parameters): Value[] {
    const name = Object.keys(parameters).find((key) => !isStorable(parameters[key]!));
    if (name !== undefined) throw new Unstorable(name);
    return this.values(parameters);
  }
}

let compiledCount = 0;

class Query<P, Output> {
  readonly #build: Build<unknown, P, Output>;
  #sqlite: Compiled | undefined;
  #postgresql: Compiled | undefined;
  readonly #kept: boolean;
  constructor(build: Build<unknown, P, Output>, kept: boolean = false) {
    this.#build = build;
    this.#kept = kept;
  }
  compiled(dialect: Dialect): Compiled {
    return dialect === "sqlite"
      ? (this.#sqlite ??= this.#compile(dialect))
      : (this.#postgresql ??= this.#compile(dialect));
  }
  #compile(dialect: Dialect): Compiled {
    const db = builderOf(dialect);
    const { sql, parameters } = this.#build(db, placeholders as P, dialect).compile(db);
    return new Compiled(sql, `q${++compiledCount}`, parameters, this.#kept);
  }
}

export class ReadQuery<P extends Parameters, Output> {
  readonly #query: Query<P, Output>;
  constructor(build: Build<unknown, P, Output>, kept: boolean) {
    this.#query = new Query(build, kept);
  }
  async all(tx: Tx, parameters: P): Promise<Output[]> {
    const compiled = this.#query.compiled(tx[connection].dialect);
    const values = compiled.values(parameters);
    if (!values.every(isStorable)) return [];
    return (await tx[connection].all(compiled.statement, values)) as Output[];
  }
  /** The first row. */
  async one(tx: Tx, parameters: P): Promise<Output | undefined> {
    return this.first(tx, parameters);
  }
  /** The first row; at once where the database answers at once. */
  first(tx: Tx, parameters: P): Eventual<Output | undefined> {
    const compiled = this.#query.compiled(tx[connection].dialect);
    const values = compiled.values(parameters);
    if (!values.every(isStorable)) return undefined;
    return tx[connection].one(compiled.statement, values) as Eventual<Output | undefined>;
  }
}

export class WriteQuery<P extends Parameters, Output> {
  readonly #query: Query<P, Output>;
  constructor(build: Build<unknown, P, Output>) {
    this.#query = new Query(build);
  }
  /**
   * Runs the statement and notes what changed if it wrote anything. Those that are run together, without waiting in
   * between, may be one to the database: none of them writes what another writes or looks for.
   * @returns the number of rows written
   */
  async run(tx: Tx, change: Changes, parameters: P): Promise<number> {
    const compiled = this.#query.compiled(tx[connection].dialect);
    const values = compiled.storable(parameters);
    const count = await writing(tx, (target) => target.run(compiled.statement, values));
    if (count > 0) note(tx, change);
    return count;
  }
  /**
   * The same without waiting, for an unversioned statement whose outcome the work does not go by: it goes to the server
   * together with what comes next. Should it fail, so does the commit.
   */
  defer(tx: Tx, parameters: P): void {
    const statement = this.run(tx, unversioned, parameters);
    // A work that fails meanwhile waits for nothing.
    statement.catch(() => undefined);
    tx[deferred].push(statement);
  }
  /** The same for a statement with RETURNING. @returns the rows returned */
  async returning(tx: Tx, change: Changes, parameters: P): Promise<Output[]> {
    const compiled = this.#query.compiled(tx[connection].dialect);
    const values = compiled.storable(parameters);
    const rows: Row[] = await writing(tx, (target) => target.all(compiled.statement, values));
    if (rows.length > 0) note(tx, change);
    return rows as Output[];
  }
}

function note(tx: Tx, changes: Changes): void {
  if ("kind" in changes) tx[pending].push(changes);
  else tx[pending].push(...changes);
}

/** A statement that fails ends the whole transaction, even if the work catches the error. */
async function writing<T>(tx: Tx, statement: (target: Connection) => T | Promise<T>): Promise<T> {
  if (!tx.writable) throw new TypeError("a write inside a read transaction");
  try {
    return await statement(tx[connection]);
  } catch (error) {
    tx[failure].error ??= error as Error;
    throw error;
  }
}

/** Tables are for kysely's types alone. */
function erased<Tables, P, Output>(build: Build<Tables, P, Output>): Build<unknown, P, Output> {
  return build as unknown as Build<unknown, P, Output>;
}

/** A query that reads. What cannot be stored it does not find. */
export function read<P extends Parameters, Output, Tables = unknown>(
  build: Build<Tables, P, Output>,
): ReadQuery<P, Output> {
  return new ReadQuery(erased(build), false);
}

/** A query with one parameter that is asked the same again and again: see `Statement.kept`. */
export function keptRead<P extends Parameters, Output, Tables = unknown>(
  build: Build<Tables, P, Output>,
): ReadQuery<P, Output> {
  return new ReadQuery(erased(build), true);
}

/** A statement that writes. @throws Unstorable */
export function write<P extends Parameters, Output, Tables = unknown>(
  build: Build<Tables, P, Output>,
): WriteQuery<P, Output> {
  return new WriteQuery(erased(build));
}
