/**
 * Which key of an issuer signs, and which are published. Time alone says it, so nodes that agree on the time agree on the
 * keys, and a rotation has no step that somebody could fail to take: a new key is published at once and signs only when
 * every copy of what was published before has grown old; the one before it stays published until the last token that it
 * signed has expired.
 */
import type { OutboundAlgorithm, OutboundKeyRecord } from "../../store/iam/outbound-keys.ts";

/** Seconds that relying parties may keep what was published. */
export const publishedLife = 300;

/** Milliseconds that a new key is published before it signs: twice what anybody keeps the keys for. */
export const publishedAhead = 2 * publishedLife * 1000;

/** Milliseconds of the longest token (STS API, GetWebIdentityToken), and what relying parties tolerate beyond it. */
const longestToken = 3_600_000 + 300_000;

type Timed = Pick<OutboundKeyRecord, "algorithm" | "signsFrom">;

/** The key that signs now; undefined where there is none. @param keys that can sign, the oldest of an algorithm first */
export function signingKey<K extends Timed>(
  keys: readonly K[],
  algorithm: OutboundAlgorithm,
  now: number,
): K | undefined {
  return keys.findLast((key) => key.algorithm === algorithm && key.signsFrom <= now);
}

/** Those that are published, with those whose time to sign has not come. @param keys the oldest of an algorithm first */
export function publishedKeys<K extends Timed>(keys: readonly K[], now: number): readonly K[] {
  return keys.filter((key, index) => {
    const next = keys.slice(index + 1).find(({ algorithm }) => algorithm === key.algorithm);
    return next === undefined || now < next.signsFrom + longestToken;
  });
}

/** A key's id in tokens, as AWS's are (observed on AWS, September 2026, radkawar/stackd captures). */
export function keyIdOf({ algorithm, number }: Pick<OutboundKeyRecord, "algorithm" | "number">): string {
  return `${algorithm === "RS256" ? "RSA" : "EC384"}_${number}`;
}
