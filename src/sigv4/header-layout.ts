import { ownText } from "../text/own-text.ts";

/**
 * Where in the headers of a request stands what its signature needs. A client's requests have the same names in the same
 * order, so this is found once for all of them: from then on names are compared and not searched.
 */
export class HeaderLayout {
  /** As they were sent. */
  readonly #names: readonly string[];
  /** Places of the values in the list of names and values, by lower-cased name. */
  readonly #places = new Map<string, readonly number[]>();
  readonly #signed = new Map<string, SignedPlaces>();
  /** Of all names together. */
  readonly characters: number;

  constructor(headers: readonly string[]) {
    const names: string[] = [];
    for (let index = 0; index + 1 < headers.length; index += 2) {
      const name = ownText(headers[index]!);
      const lower = name.toLowerCase();
      names.push(name);
      this.#places.set(lower, [...(this.#places.get(lower) ?? []), index + 1]);
    }
    this.#names = names;
    this.characters = names.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether these headers have the same names in the same order. */
  fits(headers: readonly string[]): boolean {
    const names = this.#names;
    if (headers.length !== 2 * names.length) return false;
    for (let index = 0; index < names.length; index++) if (headers[2 * index] !== names[index]) return false;
    return true;
  }

  /** Where the values of a header stand; empty where it was not sent. @param name in lower case */
  placesOf(name: string): readonly number[] {
    return this.#places.get(name) ?? nowhere;
  }

  /**
   * Where the values of all signed headers stand.
   *
   * @param list names in lower case, joined by semicolons
   * @returns null where one of them was not sent
   */
  signed(list: string, names: readonly string[]): SignedPlaces | null {
    const known = this.#signed.get(list);
    if (known !== undefined) return known;
    const places: (readonly number[])[] = [];
    for (const name of names) {
      const found = this.#places.get(name);
      if (found === undefined) return null;
      places.push(found);
    }
    const unsigned = [...this.#places.keys()].filter((name) => name.startsWith("x-amz-") && !names.includes(name));
    const signed = { prefixes: names.map((name) => `${name}:`), places, unsigned };
    if (list.length > longestKeptList) return signed;
    if (this.#signed.size >= listLimit) this.#signed.clear();
    this.#signed.set(ownText(list), signed);
    return signed;
  }

  /** As it was sent. @param name in lower case */
  spelling(name: string): string {
    return this.#names.find((candidate) => candidate.toLowerCase() === name) ?? name;
  }
}

export interface SignedPlaces {
  /** `name:`, in the order in which they are signed. */
  readonly prefixes: readonly string[];
  /** Where the values of each stand. */
  readonly places: readonly (readonly number[])[];
  /** Names of X-Amz headers that were sent and not signed, in lower case. */
  readonly unsigned: readonly string[];
}

const nowhere: readonly number[] = [];
/** Lists kept for a layout: a client signs one list of headers. */
const listLimit = 16;
/** Characters of the longest list of signed headers that is kept; those of SDKs have up to two hundred. */
export const longestKeptList = 1024;
/** Layouts kept, and the most headers of one that is, and characters of their names. */
const layoutLimit = 64;
const headerLimit = 64;
const nameLimit = 2048;

/** Newest first. */
let layouts: HeaderLayout[] = [];
/** Several steps ask for the same request, one after the other. */
let latest: { readonly headers: readonly string[]; readonly layout: HeaderLayout } | null = null;

/** @param headers name, value, name, value … */
export function layoutOf(headers: readonly string[]): HeaderLayout {
  if (latest !== null && latest.headers === headers) return latest.layout;
  const layout = layouts.find((known) => known.fits(headers)) ?? remembered(new HeaderLayout(headers), headers.length);
  latest = { headers, layout };
  return layout;
}

function remembered(layout: HeaderLayout, length: number): HeaderLayout {
  if (length <= 2 * headerLimit && layout.characters <= nameLimit)
    layouts = [layout, ...layouts.slice(0, layoutLimit - 1)];
  return layout;
}
