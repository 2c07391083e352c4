import type { ServiceName } from "../contracts/contracts.ts";
import { notBuilt } from "./operation.ts";
import type { OperationName, Registry } from "./operation.ts";

/** Operations that the contract names and rolecall does not have. */
export function withoutHandler<S extends ServiceName, const N extends OperationName<S>>(
  _service: S,
  names: readonly N[],
): { readonly [Name in N]: typeof notBuilt } {
  return Object.fromEntries(names.map((name) => [name, notBuilt])) as { readonly [Name in N]: typeof notBuilt };
}

/** The names that several parts have. */
type GivenTwice<Parts extends readonly object[], Seen = never> = Parts extends readonly [
  infer First,
  ...infer Rest extends readonly object[],
]
  ? (keyof First & Seen) | GivenTwice<Rest, Seen | keyof First>
  : never;

type Together<Parts extends readonly object[]> = Parts extends readonly [
  infer First,
  ...infer Rest extends readonly object[],
]
  ? First & Together<Rest>
  : unknown;

/** What keeps parts from being a registry: names that two of them have, and names that none has. */
type Complete<S extends ServiceName, Parts extends readonly object[]> = [GivenTwice<Parts>] extends [never]
  ? [Exclude<OperationName<S>, keyof Together<Parts>>] extends [never]
    ? unknown
    : { readonly missing: Exclude<OperationName<S>, keyof Together<Parts>> }
  : { readonly givenTwice: GivenTwice<Parts> };

/**
 * The registry of a service, of the parts that its subjects give. A name that no part has does not compile, and neither
 * does one that two parts have.
 */
export function registryOf<S extends ServiceName, const Parts extends readonly Partial<Registry<S>>[]>(
  _service: S,
  parts: Parts & Complete<S, Parts>,
): Registry<S> {
  return Object.assign({}, ...parts) as Registry<S>;
}
