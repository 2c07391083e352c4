let lastSecond = -1;
let lastText = "";

/**
 * `2026-01-01T00:00:00Z`: ISO 8601 in whole seconds, as AWS writes times; one text serves all requests of the same
 * second.
 *
 * @param ms milliseconds since the epoch
 */
export function isoSeconds(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second === lastSecond) return lastText;
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  lastSecond = second;
  lastText = text;
  return text;
}
