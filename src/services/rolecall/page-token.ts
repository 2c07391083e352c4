import type { KeyRing } from "../../seal/key-ring.ts";
import { validation } from "./faults.ts";
import { sealedTexts } from "./sealed-text.ts";

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
  const { write, read } = sealedTexts<T>(ring, `page of ${purpose}`);
  return {
    write,
    read(token) {
      const place = read(token);
      if (place === null) throw validation("NextToken is not valid, or too old.");
      return place;
    },
  };
}
