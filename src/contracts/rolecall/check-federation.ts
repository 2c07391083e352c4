/** What is told of proofs from outside: tokens and assertions. */
import { list, optional, structure } from "../value-of.ts";
import { flag, text } from "./values.ts";

/** What was looked at of a proof, in its order, up to the first thing that did not hold. */
export const federationChecks = list(
  structure({
    Name: text,
    Passed: flag,
    Wanted: optional(text),
    Seen: optional(text),
    /** What would change it. */
    Advice: optional(text),
  }),
  0,
  64,
);
