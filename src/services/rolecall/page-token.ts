import type { KeyRing } from "../../seal/key-ring.ts";
import { validation } from "./faults.ts";

/**
 * The place at which a search of the trail goes on, as a token. It is sealed, and for one account and operation alone:
 * places in files would tell how much other accounts do, and a made-up one would be read from the middle of a record.
 */
export interface PageTokens<T> {
  write(place: T): string;
  /** @throws Fault ValidationException for anything that this did not write */
  read(token: string): T;
}

/** @param purpose what the tokens are for, e.g. the operation and the caller's account */
export function pageTokens<T>(ring: KeyRing, purpose: string): PageTokens<T> {
  // No access key id has such a form, so no token of a session is one of these, or the other way round.
  const associated = `page of ${purpose}`;
  return {
    write: (place) => Buffer.from(ring.seal(Buffer.from(JSON.stringify(place)), associated)).toString("base64url"),
    read(token) {
      try {
        return JSON.parse(Buffer.from(ring.open(Buffer.from(token, "base64url"), associated)).toString()) as T;
      } catch {
        throw validation("NextToken is not valid, or too old.");
      }
    },
  };
}
