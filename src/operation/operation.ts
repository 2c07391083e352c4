import type { Requirement } from "../authorization/requirement.ts";
import type { IamOperations } from "../contracts/iam.types.gen.ts";
import type { RolecallOperations } from "../contracts/rolecall.ts";
import type { StsOperations } from "../contracts/sts.types.gen.ts";
import type { Eventual } from "../store/eventual.ts";
import type { OperationContext, PreparationContext } from "./context.ts";

/** Input and output types of every operation of every service. */
export interface ServiceOperations {
  readonly iam: IamOperations;
  readonly sts: StsOperations;
  readonly rolecall: RolecallOperations;
}

export type ServiceName = keyof ServiceOperations;
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
 * transaction, which is run again whole on contention, so none may have an effect outside `context.tx`.
 */
export interface Declaration<I, O, L, P = undefined> {
  /** Whether it changes the store: it then runs in a write transaction and its trail record commits with it. */
  readonly writes: boolean;
  /**
   * What waits for files: done before the transaction, inside which nothing but the store may be waited for. Of reads
   * only, and before anything is authorized: what it finds is not told before `authorize` has judged it.
   */
  readonly prepare?: (input: I, context: PreparationContext) => Promise<P>;
  readonly load?: (input: I, context: OperationContext, prepared: P) => Eventual<L>;
  /**
   * The requirements, all of which must be allowed; or `always` for the few operations that AWS lets every
   * authenticated caller make (sts:GetCallerIdentity).
   */
  readonly authorize: "always" | ((input: I, loaded: L, context: OperationContext) => Eventual<readonly Requirement[]>);
  readonly handle: (input: I, loaded: L, context: OperationContext) => Eventual<O>;
}

/** An operation as the pipeline sees it, its types closed over. */
export interface Operation {
  readonly service: ServiceName;
  readonly name: string;
  readonly writes: boolean;
  readonly declaration: Declaration<never, unknown, never, never>;
}

/** Declares an operation; the name fixes the types of input and output. */
export function operation<S extends ServiceName, N extends OperationName<S>, L = undefined, P = undefined>(
  service: S,
  name: N,
  declaration: Declaration<Input<S, N>, Output<S, N>, L, P>,
): Operation {
  return {
    service,
    name,
    writes: declaration.writes,
    declaration: declaration as unknown as Declaration<never, unknown, never, never>,
  };
}

/** Marks an operation that the contract names and rolecall does not have: it answers a clear fault. */
export const notBuilt = "notBuilt" as const;

/** All operations of a service: a name without a handler is a compile error. */
export type Registry<S extends ServiceName> = Readonly<Record<OperationName<S>, Operation | typeof notBuilt>>;
