import { setTimeout as delay } from "node:timers/promises";
import type { RingPurpose } from "../seal/ring-purpose.ts";
import type { Node } from "./node.ts";
import type { Rings } from "./rings.ts";

/** Milliseconds between two looks at least. */
const pause = 1000;
/** Keys that one look is for at most; who comes with yet another is refused without one. */
const mostKeys = 100;

/**
 * Looks for ring keys that a node does not know. Anybody can send a text with any key id in front, so one look serves all
 * who wait, looks are a second apart, and what was looked for in vain is not looked for again until the rings are next
 * read: strangers cost the database one query a second.
 */
export class RingLook {
  readonly #node: Node;
  readonly #rings: Rings;
  #wanted = new Map<string, { readonly ring: RingPurpose; readonly id: string }>();
  #next: Promise<void> | null = null;
  #lookedAt = -Infinity;

  constructor(node: Node, rings: Rings) {
    this.#node = node;
    this.#rings = rings;
  }

  /** Resolves when the key is there, or known not to be. @throws Unavailable */
  async lookFor(ring: RingPurpose, id: string): Promise<void> {
    const name = `${ring}/${id}`;
    if (this.#wanted.size >= mostKeys && !this.#wanted.has(name)) return this.#rings[ring].noteAbsent(id);
    this.#wanted.set(name, { ring, id });
    this.#next ??= this.#look();
    await this.#next;
  }

  async #look(): Promise<void> {
    await delay(Math.max(0, this.#lookedAt + pause - performance.now()));
    // Who comes from here on may know of a key that this look misses.
    const wanted = this.#wanted;
    this.#wanted = new Map();
    this.#next = null;
    this.#lookedAt = performance.now();
    await this.#node.learn();
    for (const { ring, id } of wanted.values()) this.#rings[ring].noteAbsent(id);
  }
}
