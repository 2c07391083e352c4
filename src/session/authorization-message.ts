/**
 * What a refusal was made of, sealed so that whoever was refused can carry it to somebody who may read it
 * (sts:DecodeAuthorizationMessage). It names the account of whoever was refused, and opens for no other. It can be read as
 * long as the ring has the key that sealed it: until 36 hours after the ring was rotated.
 */
import { UnknownRingKey, UnsealError } from "../seal/errors.ts";
import { sealOverhead } from "../seal/key-ring.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import { InvalidToken } from "./token.ts";

/** Characters (STS API, DecodeAuthorizationMessage). */
const longestMessage = 10_240;

/** Bytes of what is sealed: base64url carries three in four characters. Nothing is compressed: what is secret stands beside what the refused one chose. */
export const longestContent = Math.floor((longestMessage * 3) / 4) - sealOverhead;

/** Sealed along: what is sealed for anything else is no such message, and the other way round. */
const purposeOf = (account: string): string => `authorization-message ${account}`;

/** @param content `longestContent` bytes of UTF-8 at most. @returns base64url */
export function sealMessage(ring: KeyRing, account: string, content: string): string {
  return Buffer.from(ring.seal(Buffer.from(content, "utf8"), purposeOf(account))).toString("base64url");
}

/**
 * @throws InvalidToken for anything but what `sealMessage` made for that account; UnknownRingKey where the rings may have to
 * be read again
 */
export function openMessage(ring: KeyRing, account: string, message: string): string {
  const sealed = Buffer.from(message, "base64url");
  // Node skips what is not in the alphabet; there is one text for each message, and no other.
  if (sealed.toString("base64url") !== message) throw new InvalidToken();
  const unknown = ring.unknownKey(sealed);
  if (unknown !== null) throw new UnknownRingKey(ring.purpose, unknown);
  try {
    return Buffer.from(ring.open(sealed, purposeOf(account))).toString("utf8");
  } catch (cause) {
    if (cause instanceof UnsealError) throw new InvalidToken({ cause });
    throw cause;
  }
}
