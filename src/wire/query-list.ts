import { Fault } from "../contracts/fault.ts";
import { named } from "../text/shorten.ts";
import type { Node } from "./query-tree.ts";

/**
 * Places in a list, as AWS reads the numbers of its members (observed on IAM, September 2026, radkawar/stackd captures):
 * `01` is 1, a place that is skipped holds nothing, and a number may skip no more than ten. Cost follows the number of
 * members that were sent, never the size of an index.
 */

/** How far an index may stand behind the one before it; the first counts as if it stood behind 1. */
const FARTHEST = 10;

/** The largest index of AWS's parser (probed on SES by the floci project; the framework is the same). */
const LARGEST = 214_748_369;

const digits = /^\d+$/;
const zero = 0x30;
const nine = 0x39;

/** Names of members, which most of what is asked about are, begin with a letter. */
function isNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= zero && first <= nine && digits.test(text);
}

function malformed(message: string): Fault {
  return new Fault("MalformedInput", 400, message);
}

/** Whether anything below it is a place of a list, be it one that there cannot be. */
export function hasPlaces({ children }: Node): boolean {
  for (const index of children?.keys() ?? []) if (isNumber(index) || index.startsWith("-")) return true;
  return false;
}

/**
 * @returns what stands in the places of a list, in their order; null in those that were skipped
 * @throws Fault MalformedInput for what is no index
 */
export function placesIn(holder: Node | undefined): readonly (Node | null)[] {
  if (holder?.children === undefined) return [];
  const places: Node[] = [];
  for (const [index, node] of holder.children) {
    if (node.children !== undefined) requireNoPlaces(node.children);
    // Nearly every client sends them in their order, from 1 on.
    if (placeOf(index) !== places.length + 1) return placesOutOfOrder(holder.children);
    places.push(node);
  }
  return places;
}

function placesOutOfOrder(children: ReadonlyMap<string, Node>): readonly (Node | null)[] {
  const byPlace = new Map<number, Node>();
  for (const [index, node] of children) {
    if (node.children !== undefined) requireNoPlaces(node.children);
    byPlace.set(placeOf(index), node);
  }
  const places: (Node | null)[] = [];
  for (const place of [...byPlace.keys()].sort((a, b) => a - b)) {
    const skipped = place - Math.max(places.length, 1);
    if (skipped > FARTHEST) {
      throw malformed(`Excessively sparse input would skip ${skipped.toLocaleString("en-US")} list elements`);
    }
    while (places.length < place - 1) places.push(null);
    places.push(byPlace.get(place)!);
  }
  return places;
}

function placeOf(index: string): number {
  if (index.startsWith("-")) throw malformed(`Key ${named(index)} may not have a leading '-'`);
  if (!isNumber(index)) throw malformed("Start of list found where not expected");
  const place = Number(index);
  if (place === 0) throw malformed(`${named(index)} is not a valid index`);
  if (place > LARGEST) throw malformed(`Index ${named(index)} is illegal`);
  return place;
}

function requireNoPlaces(children: ReadonlyMap<string, Node>): void {
  for (const index of children.keys()) {
    if (isNumber(index)) throw malformed("Two index elements may not occur back to back");
  }
}
