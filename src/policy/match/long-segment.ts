/**
 * Search for a long segment by the Shift-And method (Baeza-Yates and Gonnet, "A new approach to text searching",
 * 1992): one bit for each place of the segment, all moved on together with every character of the text. The work
 * is text × (segment / 32) words, whatever the text; a search place by place would be text × segment.
 */
import { spend } from "../effort.ts";
import type { Segment } from "./segment.ts";

/** Leftmost place at or after `from` where the segment fits and ends at or before `end`; -1 when there is none. */
export function findLong(segment: Segment, text: string, from: number, end: number): number {
  const words = (segment.length + 31) >>> 5;
  // In advance: a search that is too long is not begun.
  spend((end - from) * words * 2);
  const { masks, wild } = masksOf(segment, words);
  const state = new Uint32Array(words);
  const lastWord = words - 1;
  const lastBit = 1 << ((segment.length - 1) & 31);
  for (let index = from; index < end; index++) {
    const mask = masks.get(text.charCodeAt(index)) ?? wild;
    let carry = 1;
    for (let word = 0; word < words; word++) {
      const bits = state[word]!;
      state[word] = ((bits << 1) | carry) & mask[word]!;
      carry = bits >>> 31;
    }
    if (state[lastWord]! & lastBit) return index - segment.length + 1;
  }
  return -1;
}

/** For each character the places of the segment that it may fill; `wild` holds those that any character fills. */
function masksOf(segment: Segment, words: number): { masks: Map<number, Uint32Array>; wild: Uint32Array } {
  const wild = new Uint32Array(words);
  for (let place = 0; place < segment.length; place++) wild[place >>> 5]! |= 1 << (place & 31);
  for (const run of segment.runs) {
    for (let place = run.at; place < run.at + run.text.length; place++) wild[place >>> 5]! &= ~(1 << (place & 31));
  }
  const masks = new Map<number, Uint32Array>();
  for (const run of segment.runs) {
    for (let index = 0; index < run.text.length; index++) {
      const unit = run.text.charCodeAt(index);
      let mask = masks.get(unit);
      if (mask === undefined) {
        spend(words);
        masks.set(unit, (mask = wild.slice()));
      }
      const place = run.at + index;
      mask[place >>> 5]! |= 1 << (place & 31);
    }
  }
  return { masks, wild };
}
