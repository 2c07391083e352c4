/**
 * The token that is released when a delegation request was accepted, and traded in for credentials. It is sealed and
 * names the account that may trade it in (IAM User Guide, temporary-delegation-building-integration, "Exchange Tokens").
 * What it is good for, and how long, stands with the request.
 */
import { UnknownRingKey, UnsealError } from "../seal/errors.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import { InvalidToken } from "./token.ts";

export interface TradeIn {
  /** Id of the delegation request. */
  readonly requestId: string;
  /** The account whose principals may trade it in. */
  readonly account: string;
}

/** Sealed along: what is sealed for anything else is no such token, and the other way round. */
const purpose = "trade-in-token";

/** Longer than any that was issued. */
const longest = 1024;

/** @returns base64url */
export function issueTradeInToken(ring: KeyRing, { requestId, account }: TradeIn): string {
  const sealed = ring.seal(Buffer.from(JSON.stringify([requestId, account]), "utf8"), purpose);
  return Buffer.from(sealed).toString("base64url");
}

/**
 * @throws InvalidToken for anything but what `issueTradeInToken` made; UnknownRingKey where the rings may have to be read
 * again
 */
export function openTradeInToken(ring: KeyRing, token: string): TradeIn {
  if (token.length > longest) throw new InvalidToken();
  const sealed = Buffer.from(token, "base64url");
  // Node skips what is not in the alphabet; there is one text for each token, and no other.
  if (sealed.toString("base64url") !== token) throw new InvalidToken();
  const unknown = ring.unknownKey(sealed);
  if (unknown !== null) throw new UnknownRingKey(ring.purpose, unknown);
  try {
    const [requestId, account] = JSON.parse(Buffer.from(ring.open(sealed, purpose)).toString("utf8")) as [
      string,
      string,
    ];
    return { requestId, account };
  } catch (cause) {
    if (cause instanceof UnsealError) throw new InvalidToken();
    throw cause;
  }
}
