/** Members as AWS's service framework, which is written in Java, names them in its messages, and in which order. */

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/**
 * The members of a structure in the order in which what is wrong with them is told: that of a Java HashMap of their names.
 * It is what was seen where several members were wrong at once: `value` before `key` of a tag (radkawar/stackd captures,
 * September 2026); three settings of a password policy, and three members of CreateOpenIDConnectProvider (recorded from
 * AWS, LocalStack snapshots, 2026).
 */
export function inFrameworkOrder<T>(members: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  const entries = Object.entries(members);
  const buckets = bucketsFor(entries.length);
  return entries
    .map((entry) => ({ entry, bucket: hashOf(lowerFirst(entry[0])) & (buckets - 1) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ entry }) => entry);
}

/** java.util.HashMap: sixteen to begin with, twice as many when more than three quarters are taken. */
function bucketsFor(size: number): number {
  let buckets = 16;
  while (size > 0.75 * buckets) buckets *= 2;
  return buckets;
}

/** String.hashCode, with its upper half mixed in as HashMap does. */
function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash ^ (hash >>> 16);
}
