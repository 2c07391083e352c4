import { compile, evaluate } from "../../src/policy/index.ts";
import type { Row } from "../row.ts";
import { atMost, time } from "./measure.ts";
import { allow, requestFor, textOf } from "./work.ts";

/**
 * Eight times the text (and, where it grows along, the pattern): linear is a growth of 8, twice that the noise of small
 * times.
 */
const sizes = [2048, 16_384] as const;
const goal = 16;
const rounds = 60;
/** Few, so that a turn mostly fits between two interruptions by others. */
const perTurn = 4;

type Shape = (size: number) => readonly [pattern: string, text: string];

const shapes: Readonly<Record<string, Shape>> = {
  "*a*a*a*b": (size) => ["*a*a*a*b", "a".repeat(size)],
  "*ab*ab*ab*c": (size) => ["*ab*ab*ab*c*", "ab".repeat(size / 2)],
  "stars only": (size) => ["*".repeat(size), "a".repeat(size)],
  "*?*?…": (size) => ["*?".repeat(size / 2), "a".repeat(size)],
  // Twice as long, and the bound on effort (src/policy/effort.ts) refuses them on 16 KB.
  "segment of 256": (size) => [`*${"a".repeat(255)}b*`, "a".repeat(size)],
  "segment of 128 ?a": (size) => [`*${"?a".repeat(128)}b*`, "a".repeat(size)],
};

/** What an attacker can do with patterns: time may grow as the text does, and no faster. */
export function hostileRows(): Row[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const [small, large] = sizes.map((size) => leastTime(...shape(size)));
    const compared = { floor: small!, ratio: large! / small! };
    return atMost("hostile", `${name}: growth from 2 KB to 16 KB`, large!, "ns", compared, goal);
  });
}

/** The least of many: whatever else the machine did can only have added to the others. */
function leastTime(pattern: string, resource: string): number {
  const policies = { identity: [compile(textOf([allow("*", pattern)]), "identity")] };
  const { request } = requestFor(0, "s3:GetObject", resource);
  evaluate(request, policies);
  const times = Array.from({ length: rounds }, () =>
    time(perTurn, () => {
      for (let index = 0; index < perTurn; index++) evaluate(request, policies);
    }),
  );
  return Math.min(...times);
}
