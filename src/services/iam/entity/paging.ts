import { isStorable } from "../../../store/sql/storable.ts";
import { validationError } from "./faults.ts";

/** AWS's page size where the caller names none (API reference, MaxItems). */
const defaultMaxItems = 100;

export interface PageRequest {
  readonly Marker?: string | undefined;
  /** 1–1000; checked by the contract. */
  readonly MaxItems?: number | undefined;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly more: PageEnd;
}

/** The members that every paginated response ends with. */
export interface PageEnd {
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/**
 * One page of a list that is ordered by a unique key.
 *
 * @param operation the marker is good for this operation alone
 * @param fetch gets the key after which the page begins, and how many items to return at most
 * @throws Fault ValidationError where the marker is not one of ours
 */
export async function page<T>(
  operation: string,
  request: PageRequest,
  fetch: (after: string | undefined, limit: number) => Promise<readonly T[]> | readonly T[],
  keyOf: (item: T) => string,
): Promise<PageOf<T>> {
  const size = request.MaxItems ?? defaultMaxItems;
  const after = request.Marker === undefined ? undefined : openMarker(operation, request.Marker);
  // One more than is shown tells whether there are more, without a count.
  const found = await fetch(after, size + 1);
  if (found.length <= size) return { items: found, more: { IsTruncated: false } };
  const items = found.slice(0, size);
  return { items, more: { IsTruncated: true, Marker: marker(operation, keyOf(items.at(-1)!)) } };
}

/** The same for a short list that is already at hand; it is paged in the order of its keys' code units. */
export function pageOfList<T>(
  operation: string,
  request: PageRequest,
  list: readonly T[],
  keyOf: (item: T) => string,
): Promise<PageOf<T>> {
  const ordered = list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const fetch = (after: string | undefined, limit: number) =>
    (after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after)).slice(0, limit);
  return page(operation, request, fetch, keyOf);
}

/** A position and nothing else: it grants nothing, so it is opaque but not sealed. */
function marker(operation: string, after: string): string {
  return Buffer.from(JSON.stringify([operation, after])).toString("base64url");
}

function openMarker(operation: string, text: string): string {
  const parts = parse(text);
  if (
    !Array.isArray(parts) ||
    parts.length !== 2 ||
    parts[0] !== operation ||
    typeof parts[1] !== "string" ||
    !isStorable(parts[1])
  ) {
    throw validationError("Invalid Marker.");
  }
  return parts[1];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
