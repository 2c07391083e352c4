/** Whether one pattern takes in everything that another does. */
import { matchesPattern, patternOf } from "../match/pattern.ts";

/**
 * A test whether `outer` takes in a pattern: true only when every text that the pattern matches is matched by `outer`.
 * May be false for patterns with `?` where it would be true: a finding is then left out rather than wrong.
 */
export function coverage(outer: string): (inner: string) => boolean {
  if (outer === "*") return () => true;
  // A variable is some text that is not known, possibly empty or with any character in it.
  if ((!outer.includes("*") && !outer.includes("?")) || outer.includes("${")) return (inner) => inner === outer;
  const pattern = patternOf(outer);
  const single = outer.includes("?");
  return (inner) => {
    if (inner === outer) return true;
    // A `?` of `outer` must not take a `*` of `inner` for one character. A `*` takes any piece for what it is.
    if (single && (inner.includes("*") || inner.includes("${"))) return false;
    return matchesPattern(pattern, inner);
  };
}

/** A test whether each of some patterns is taken in by one of `outer`. */
export function coverageOfAll(outer: readonly string[]): (inner: readonly string[]) => boolean {
  const exact = new Set(outer);
  const tests = outer.filter((text) => /[*?]/.test(text)).map(coverage);
  return (inner) => inner.every((text) => exact.has(text) || tests.some((test) => test(text)));
}
