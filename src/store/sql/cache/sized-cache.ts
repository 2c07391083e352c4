import { LRUCache } from "lru-cache";

import { ownText } from "../../../text/own-text.ts";

/** What an entry takes beside its key and its value. */
const entryBytes = 150;

/** Told of what comes and goes, in pairs. */
export interface CacheWatch<V> {
  came(value: V): void;
  gone(value: V): void;
}

/**
 * A cache that is bounded by the bytes of what it holds, as they are estimated: were it bounded by number, whoever
 * chooses how large an entry is would choose how much memory is taken.
 *
 * It has two segments (segmented LRU; Karedla, Love and Wherry, "Caching strategies to improve disk system
 * performance", 1994): what is new stands in the first, what is asked for again moves to the second. Entries that are
 * used once, however many they are, push out each other and never what is used all the time. What the second has no
 * room for gets another turn in the first.
 */
export class SizedCache<V extends object> {
  readonly #maxBytes: number;
  readonly #once: LRUCache<string, V>;
  readonly #again: LRUCache<string, V>;
  readonly #sizeOf: (value: V) => number;
  readonly #watch: CacheWatch<V> | undefined;

  /**
   * @param maxBytes of all entries; one that takes more than a quarter of it is not kept
   * @param sizeOf bytes of a value without its key, which stay as they are while it is kept
   */
  constructor(maxBytes: number, sizeOf: (value: V) => number, watch?: CacheWatch<V>) {
    this.#maxBytes = Math.max(4, maxBytes);
    this.#sizeOf = sizeOf;
    this.#watch = watch;
    this.#once = new LRUCache<string, V>({
      maxSize: Math.floor(this.#maxBytes),
      dispose: (value, _key, reason) => {
        if (reason !== "delete") watch?.gone(value);
      },
    });
    this.#again = new LRUCache<string, V>({
      maxSize: Math.floor((this.#maxBytes * 3) / 4),
      dispose: (value, _key, reason) => {
        if (reason === "set") watch?.gone(value);
      },
      disposeAfter: (value, key, reason) => {
        if (reason === "evict") this.#once.set(key, value, { size: this.#bytes(key, value) });
      },
    });
  }

  get size(): number {
    return this.#once.size + this.#again.size;
  }

  /** As they are estimated. */
  get bytes(): number {
    return this.#once.calculatedSize + this.#again.calculatedSize;
  }

  get(key: string): V | undefined {
    const known = this.#again.get(key);
    if (known !== undefined) return known;
    const value = this.#once.peek(key);
    if (value === undefined) return undefined;
    this.#once.delete(key);
    this.#again.set(ownText(key), value, { size: this.#bytes(key, value) });
    return value;
  }

  set(key: string, value: V): void {
    const size = this.#bytes(key, value);
    if (size > this.#maxBytes / 4) return this.delete(key);
    this.#watch?.came(value);
    (this.#again.has(key) ? this.#again : this.#once).set(ownText(key), value, { size });
    // The second segment holds its own bound; the first has the room that the second leaves.
    while (this.bytes > this.#maxBytes) this.#once.pop();
  }

  delete(key: string): void {
    for (const segment of [this.#once, this.#again]) {
      const value = segment.peek(key);
      if (value === undefined) continue;
      segment.delete(key);
      this.#watch?.gone(value);
    }
  }

  /** Takes away what has been used least. @returns false where nothing is left */
  drop(): boolean {
    const key = this.#once.rkeys().next().value ?? this.#again.rkeys().next().value;
    if (key === undefined) return false;
    this.delete(key);
    return true;
  }

  /** Takes away whatever is as described. */
  sweep(over: (value: V) => boolean): void {
    const keys: string[] = [];
    for (const segment of [this.#once, this.#again]) segment.forEach((value, key) => over(value) && keys.push(key));
    for (const key of keys) this.delete(key);
  }

  clear(): void {
    this.sweep(() => true);
  }

  #bytes(key: string, value: V): number {
    return Math.ceil(entryBytes + 2 * key.length + this.#sizeOf(value));
  }
}
