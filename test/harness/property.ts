/** fast-check by the seed of the run (./seed.ts): every property of every test comes from here. */
import fc from "fast-check";
import { seed } from "./seed.ts";

fc.configureGlobal({ seed });

/** Any character of Unicode. fast-check's own unit "binary" makes a table of all 1.1 million of them first. */
const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/** Any well-formed text. */
export const anyText = (constraints: Omit<fc.StringConstraints, "unit"> = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: character });

export { fc };
