import { Fault } from "../contracts/fault.ts";
import { shorten } from "../text/shorten.ts";

/** Characters of what is wrong with a document; AWS's longest sentence of ordinary names has half of it. */
const longestComplaint = 1024;

/** @param complaint may repeat an element of the document, and an element may be all of it */
export function malformedPolicy(complaint: string): Fault {
  return new Fault("MalformedPolicyDocument", 400, shorten(complaint, longestComplaint));
}
