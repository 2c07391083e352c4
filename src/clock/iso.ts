import { LRUCache } from "lru-cache";

/** The seconds of now, and those at which busy sessions were issued. */
const texts = new LRUCache<number, string>({ max: 1024 });

/**
 * `2026-01-01T00:00:00Z`: ISO 8601 in whole seconds, as AWS writes times; a text serves all requests of the same second.
 *
 * @param ms milliseconds since the epoch
 */
export function isoSeconds(ms: number): string {
  const second = Math.floor(ms / 1000);
  const known = texts.get(second);
  if (known !== undefined) return known;
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  texts.set(second, text);
  return text;
}
