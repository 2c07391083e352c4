import type { KeyRing } from "../../seal/key-ring.ts";
import * as outboundKeys from "../../store/iam/outbound-keys.ts";
import type { OutboundKeyRecord } from "../../store/iam/outbound-keys.ts";
import type { Tx } from "../../store/sql/transaction.ts";
import type { KeyPair } from "./key-pair.ts";
import { keyIdOf, publishedKeys } from "./signing-keys.ts";

export interface Issuer {
  /** Its UUID. */
  readonly issuer: string;
  readonly account: string;
}

interface Keeping {
  readonly secrets: KeyRing;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signsFrom: number;
}

/** Keeps new keys of an issuer, sealed, and takes away those that nobody needs any more. */
export async function keepKeyPairs(
  tx: Tx,
  { issuer, account }: Issuer,
  pairs: readonly KeyPair[],
  { secrets, now, signsFrom }: Keeping,
): Promise<void> {
  const known = await outboundKeys.ofIssuer(tx, issuer);
  for (const { algorithm, publicKey, privateKey } of pairs) {
    const number = 1 + (known.findLast((key) => key.algorithm === algorithm)?.number ?? -1);
    // Bound to its id, it is good in no other row, and for no other issuer.
    const id = `${issuer}/${keyIdOf({ algorithm, number })}`;
    const sealedSecret = secrets.seal(privateKey, id);
    const key = { id, account, issuer, algorithm, number, publicKey, sealedSecret, createdAt: now, signsFrom };
    await outboundKeys.create(tx, key);
  }
  const needed = new Set(publishedKeys(known, now));
  for (const key of known) if (!needed.has(key)) await outboundKeys.remove(tx, key);
}

/** Keys that can sign: what is lost with its master key cannot, until that one is found. */
export function usableKeys(keys: readonly OutboundKeyRecord[], secrets: KeyRing): readonly OutboundKeyRecord[] {
  return keys.filter(({ sealedSecret }) => !secrets.isLost(sealedSecret));
}
