import { contracts } from "../contracts/contracts.ts";
import type { ServiceName, ServiceOperations } from "../contracts/contracts.ts";
import type { Fault } from "../contracts/fault.ts";
import type { Pagination } from "../contracts/model.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { isStorable } from "../store/sql/storable.ts";
import type { Input, OperationName, Output } from "./operation.ts";

/** Items of a page where the caller names no number (IAM API Reference, MaxItems); rolecall's own lists do the same. */
const defaultItems = 100;

/** The operations whose contract pages their results. */
export type PagedName<S extends ServiceName> = {
  [N in OperationName<S>]: ServiceOperations[S][N] extends { readonly pagination: object } ? N : never;
}[OperationName<S>];

type Names<S extends ServiceName, N> = N extends keyof ServiceOperations[S]
  ? ServiceOperations[S][N] extends { readonly pagination: infer P extends Pagination }
    ? P
    : never
  : never;

/** The members with which a caller asks for a page: how many items, and behind which. */
export type PageRequest<S extends ServiceName, N extends PagedName<S>> = Pick<
  Input<S, N>,
  Extract<Names<S, N>["input"] | Names<S, N>["limit"], keyof Input<S, N>>
>;

/** The members with which every page of an operation ends: whether there is more, and how to go on. */
export type PageEnd<S extends ServiceName, N extends PagedName<S>> = Pick<
  Output<S, N>,
  Extract<Names<S, N>["output"] | Names<S, N>["more"], keyof Output<S, N>>
>;

/** The same with the page's list. Of several operations, that of one of them. */
export type ListPage<S extends ServiceName, N extends PagedName<S>> = N extends unknown
  ? PageEnd<S, N> & {
      readonly [M in Extract<Names<S, N>["items"][0], keyof Output<S, N>>]: NonNullable<Output<S, N>[M]>;
    }
  : never;

/** What the list of an operation is made of. */
export type Shown<S extends ServiceName, N extends PagedName<S>> = N extends unknown
  ? NonNullable<Output<S, N>[Extract<Names<S, N>["items"][0], keyof Output<S, N>>]> extends readonly (infer T)[]
    ? T
    : never
  : never;

/** Where a list comes from: it is ordered by a unique key. */
export interface Source<T> {
  /** At most `limit` items behind the one with the key `after`. */
  readonly fetch: (after: string | undefined, limit: number) => Promise<readonly T[]> | readonly T[];
  readonly keyOf: (item: T) => string;
}

export interface Page<T, End> {
  readonly items: readonly T[];
  readonly end: End;
}

/** Pages of a service's lists. What their members are called is in its contract. */
export interface Pages<S extends ServiceName> {
  /** @throws Fault where the marker is not one of ours, or another operation's */
  page<N extends PagedName<S>, T>(
    name: N,
    request: PageRequest<S, N>,
    source: Source<T>,
  ): Promise<Page<T, PageEnd<S, N>>>;
  /** The answer of an operation that is one list and nothing else. */
  list<N extends PagedName<S>, T>(
    name: N,
    request: PageRequest<S, N>,
    source: Source<T> & { readonly show: (item: T) => Eventual<Shown<S, N>> },
  ): Promise<ListPage<S, N>>;
}

/** @param invalid makes the service's fault for a member whose marker is not one of ours */
export function pagesOf<S extends ServiceName>(service: S, invalid: (member: string) => Fault): Pages<S> {
  async function page<N extends PagedName<S>, T>(
    name: N,
    request: PageRequest<S, N>,
    { fetch, keyOf }: Source<T>,
  ): Promise<Page<T, PageEnd<S, N>>> {
    const names = paginationOf(service, name);
    const asked = request as Readonly<Record<string, unknown>>;
    const limit = names.limit === undefined ? undefined : asked[names.limit];
    const size = (limit as number | undefined) ?? defaultItems;
    const marker = asked[names.input] as string | undefined;
    const after = marker === undefined ? undefined : keyIn(marker, name);
    if (after === null) throw invalid(names.input);
    // One more than is shown tells whether there are more, without a count.
    const found = await fetch(after, size + 1);
    const items = found.length <= size ? found : found.slice(0, size);
    const last = items.at(-1);
    const next = found.length <= size || last === undefined ? undefined : markerOf(name, keyOf(last));
    const end = {
      ...(names.more === undefined ? {} : { [names.more]: next !== undefined }),
      ...(next === undefined ? {} : { [names.output]: next }),
    };
    return { items, end: end as PageEnd<S, N> };
  }
  return {
    page,
    async list(name, request, source) {
      const { items, end } = await page(name, request, source);
      const [member] = paginationOf(service, name).items;
      const shown = [];
      // One after another: what has to be looked up for one shares the transaction's one connection.
      for (const item of items) {
        const one = source.show(item);
        shown.push(one instanceof Promise ? await one : one);
      }
      return { [member!]: shown, ...end } as never;
    },
  };
}

/** A short list that is already at hand; it is paged in the order of its keys' code units. */
export function atHand<T>(list: readonly T[], keyOf: (item: T) => string): Source<T> {
  const ordered = list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    keyOf,
    fetch: (after, limit) =>
      (after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after)).slice(0, limit),
  };
}

function paginationOf(service: ServiceName, name: string): Pagination {
  const { operations } = contracts[service] as {
    readonly operations: Readonly<Record<string, { pagination?: Pagination }>>;
  };
  return operations[name]!.pagination!;
}

/** A position and nothing else: it grants nothing, so it is opaque but not sealed. */
function markerOf(operation: string, after: string): string {
  return Buffer.from(JSON.stringify([operation, after])).toString("base64url");
}

/** The key after which a marker goes on; null for one that is not of this operation. */
function keyIn(marker: string, operation: string): string | null {
  const parts = parse(marker);
  if (!Array.isArray(parts) || parts.length !== 2 || parts[0] !== operation) return null;
  return typeof parts[1] === "string" && isStorable(parts[1]) ? parts[1] : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
