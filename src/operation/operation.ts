import type { Requirement } from "../authorization/requirement.ts";
import type { Fault } from "../contracts/fault.ts";
import type { ServiceName, ServiceOperations } from "../contracts/contracts.ts";
import type { Actor } from "../session/actor.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import type { InputContext, OperationContext, PreparationContext, SearchContext } from "./context.ts";

export type OperationName<S extends ServiceName> = keyof ServiceOperations[S] & string;
export type Input<S extends ServiceName, N extends OperationName<S>> = ServiceOperations[S][N] extends {
  input: infer I;
}
  ? I
  : never;
export type Output<S extends ServiceName, N extends OperationName<S>> = ServiceOperations[S][N] extends {
  output: infer O;
}
  ? O
  : never;

/**
 * What a person writes of an operation: what the contract does not know.
 *
 * `load` finds the resources, `authorize` names what must be allowed about them, `handle` acts; all three run in one
 * transaction, which is run again whole on contention, so none may have an effect outside `context.tx`. `load` runs
 * before anything is authorized: it finds single things by their names, because what must be allowed depends on them
 * (their ARN, their tags), and tells nothing.
 */
export interface Declaration<I, O, L, P = undefined> {
  /** Whether it changes the store: it then runs in a write transaction and its trail record commits with it. */
  readonly writes: boolean;
  readonly load?: (input: I, context: OperationContext) => Eventual<L>;
  /** What a caller may show besides, and once: behind `load`, and before anything is authorized. */
  readonly proof?: OneTimeProof<I>;
  /**
   * The requirements, all of which must be allowed; or `always` for the few operations that AWS lets every
   * authenticated caller make (sts:GetCallerIdentity).
   */
  readonly authorize: "always" | ((input: I, loaded: L, context: OperationContext) => readonly Requirement[]);
  /**
   * Acts, and answers. A fault that is thrown takes back what was done. One that a change returns keeps it: that a code
   * was wrong, for one, is remembered.
   *
   * @param prepared undefined but for an operation with a preparation
   */
  readonly handle: (input: I, loaded: L, context: OperationContext, prepared: P) => Eventual<O | Fault>;
}

/**
 * What is good once, a code of an MFA device. A call that brings it is a change, whatever the operation is without: that
 * it was shown is remembered, with the record of the call, and also of one that is refused afterwards.
 */
export interface OneTimeProof<I> {
  readonly isShown: (input: I) => boolean;
  /** Refuses, by a read, whoever can be refused without anything to be remembered. */
  readonly look: (input: I, context: OperationContext) => Promise<void>;
  /**
   * Verifies it in the change. What it writes stays, whatever is refused from there on, by itself too.
   *
   * @returns the caller, who has shown it; everything after it goes by that
   */
  readonly use: (input: I, context: OperationContext) => Promise<Actor>;
}

/**
 * An operation before which something costly has to be made that needs no store: a hash of a password. No transaction waits
 * for it, and nothing of it is begun for a caller before `authorize` is satisfied.
 */
interface PreparedDeclaration<I, O, L, A, P> extends Omit<Declaration<I, O, L, P>, "writes" | "authorize" | "proof"> {
  readonly authorize: (input: I, loaded: L, context: OperationContext) => readonly Requirement[];
  /** What the preparation goes by, in the snapshot in which the caller was judged; refuses what needs no preparation. */
  readonly ask: (input: I, loaded: L, context: OperationContext) => Eventual<A>;
  /** `handle` then looks whether what was asked is still so. */
  readonly prepare: (input: I, asked: A, context: PreparationContext) => Promise<P>;
}

/**
 * An operation that looks through what may be large: the files of the trail. Nothing is read, waited for or held for a
 * caller before `authorize` is satisfied, which therefore sees the input alone. `search` runs outside of any
 * transaction (inside one nothing but the store may be waited for), with a place among the searches of this process.
 * Then `authorize` is asked once more, in the snapshot in which `handle` makes the answer: a search takes time.
 */
export interface SearchDeclaration<I, O, F> {
  readonly authorize: (input: I, context: InputContext) => readonly Requirement[];
  /** Bounded in what it reads and holds, whatever is there to be read; a longer search goes on with another call. */
  readonly search: (input: I, context: SearchContext) => Promise<F>;
  readonly handle: (input: I, found: F, context: OperationContext) => Eventual<O>;
}

export type Preparation<I, L, A> = Pick<PreparedDeclaration<I, unknown, L, A, unknown>, "ask" | "prepare">;

/** An operation as the pipeline sees it, its types closed over. */
export interface Operation {
  readonly service: ServiceName;
  readonly name: string;
  readonly writes: boolean;
  /** Null for all that take none. */
  readonly proof: OneTimeProof<never> | null;
  readonly declaration: Declaration<never, unknown, never, never>;
  /** Null for all that have nothing to prepare. */
  readonly preparation: Preparation<never, never, never> | null;
  /** Null for all that need the store alone. */
  readonly search: SearchDeclaration<never, unknown, never> | null;
}

/** What a call shows that is good once; null where it shows nothing. */
export function shownProof({ proof }: Operation, input: object): OneTimeProof<object> | null {
  const taken = proof as OneTimeProof<object> | null;
  return taken !== null && taken.isShown(input) ? taken : null;
}

/** Declares an operation; the name fixes the types of input and output. */
export function operation<S extends ServiceName, N extends OperationName<S>, L = undefined>(
  service: S,
  name: N,
  declaration: Declaration<Input<S, N>, Output<S, N>, L>,
): Operation {
  return {
    service,
    name,
    writes: declaration.writes,
    proof: (declaration.proof ?? null) as Operation["proof"],
    declaration: declaration as unknown as Operation["declaration"],
    preparation: null,
    search: null,
  };
}

/** Declares a change with a preparation. */
export function preparedOperation<S extends ServiceName, N extends OperationName<S>, L, A, P>(
  service: S,
  name: N,
  { ask, prepare, ...declaration }: PreparedDeclaration<Input<S, N>, Output<S, N>, L, A, P>,
): Operation {
  return {
    service,
    name,
    writes: true,
    proof: null,
    declaration: { ...declaration, writes: true } as unknown as Operation["declaration"],
    preparation: { ask, prepare } as unknown as Operation["preparation"],
    search: null,
  };
}

/**
 * Declares an operation that reads, with a preparation: its answer takes work that no transaction waits for, a signature. It
 * is judged once more when the answer is given.
 */
export function preparedAnswer<S extends ServiceName, N extends OperationName<S>, L, A, P>(
  service: S,
  name: N,
  declaration: PreparedDeclaration<Input<S, N>, Output<S, N>, L, A, P>,
): Operation {
  return { ...preparedOperation(service, name, declaration), writes: false };
}

/** Declares an operation that searches; it reads only. */
export function searchOperation<S extends ServiceName, N extends OperationName<S>, F>(
  service: S,
  name: N,
  search: SearchDeclaration<Input<S, N>, Output<S, N>, F>,
): Operation {
  const { authorize, handle } = search;
  const declaration: Declaration<Input<S, N>, Output<S, N>, F> = {
    writes: false,
    authorize: (input, _found, context) => authorize(input, context),
    handle,
  };
  return { ...operation(service, name, declaration), search: search as unknown as Operation["search"] };
}

/** Marks an operation that the contract names and rolecall does not have: it answers a clear fault. */
export const notBuilt = "notBuilt" as const;

/** All operations of a service: a name without a handler is a compile error. */
export type Registry<S extends ServiceName> = Readonly<Record<OperationName<S>, Operation | typeof notBuilt>>;
