/**
 * Wildcard patterns: `*` stands for any run of characters, `/` and `:` included, `?` for exactly one
 * (IAM User Guide, reference_policies_elements_resource).
 *
 * A pattern is cut at its stars into segments that have to follow one another. The leftmost place of each is
 * always good enough, so nothing is ever tried twice: time grows linearly with the text whatever the pattern, and
 * no regular expression is made of what a user wrote.
 */
import { spend, stepsOver } from "../effort.ts";
import { findLong } from "./long-segment.ts";
import type { Run, Segment } from "./segment.ts";

export type Pattern =
  | { readonly kind: "any" }
  | { readonly kind: "exact"; readonly text: string }
  | { readonly kind: "prefix"; readonly text: string }
  | {
      readonly kind: "segments";
      readonly segments: readonly Segment[];
      /** What a match costs beside the search for what stands between stars. */
      readonly steps: number;
    };

/** From this length on a segment between stars is searched by a bit-parallel scan instead of place by place. */
const longSegment = 32;

const any: Pattern = { kind: "any" };

/** What making a segment or a run of text costs. */
const partSteps = 16;

/** Collects the pieces of a pattern: text in which `*` and `?` are wildcards, and text that is only itself. */
export class PatternBuilder {
  #segments: Segment[] = [];
  #runs: Run[] = [];
  #run = "";
  #length = 0;

  addPattern(text: string): this {
    let start = 0;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit !== star && unit !== question) continue;
      this.addLiteral(text.slice(start, index));
      start = index + 1;
      if (unit === star) this.#endSegment();
      else this.#skipOne();
    }
    return this.addLiteral(text.slice(start));
  }

  addLiteral(text: string): this {
    spend(stepsOver(text));
    this.#run += text;
    this.#length += text.length;
    return this;
  }

  build(): Pattern {
    this.#endSegment();
    const segments = this.#segments;
    if (segments.length === 1 && isLiteral(segments[0]!)) return { kind: "exact", text: textOf(segments[0]!) };
    if (segments.length === 2 && isLiteral(segments[0]!) && segments[1]!.length === 0) {
      return segments[0]!.length === 0 ? any : { kind: "prefix", text: textOf(segments[0]!) };
    }
    // Empty segments between neighbouring stars say nothing; only the first and the last anchor the text.
    const told = segments.filter(
      (segment, index) => segment.length > 0 || index === 0 || index === segments.length - 1,
    );
    const first = told[0]!;
    const last = told[told.length - 1]!;
    return { kind: "segments", segments: told, steps: told.length + first.steps + last.steps };
  }

  #skipOne(): void {
    this.#endRun();
    this.#length += 1;
  }

  #endRun(): void {
    if (this.#run === "") return;
    spend(partSteps);
    this.#runs.push({ at: this.#length - this.#run.length, text: this.#run });
    this.#run = "";
  }

  #endSegment(): void {
    spend(partSteps);
    this.#endRun();
    const length = this.#length;
    this.#segments.push({ length, runs: this.#runs, steps: this.#runs.length + (length >> 3) });
    this.#runs = [];
    this.#length = 0;
  }
}

const star = 42;
const question = 63;

/** A pattern without variables. */
export function patternOf(text: string): Pattern {
  return text.includes("*") || text.includes("?")
    ? new PatternBuilder().addPattern(text).build()
    : { kind: "exact", text };
}

/** Whether one of the patterns matches. @throws PolicyEffortError */
export function matchesAny(patterns: readonly Pattern[], text: string): boolean {
  spend(patterns.length * stepsOver(text));
  for (const pattern of patterns) if (fits(pattern, text)) return true;
  return false;
}

/** @throws PolicyEffortError */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  spend(stepsOver(text));
  return fits(pattern, text);
}

/** What one look over the text costs has been counted before. */
function fits(pattern: Pattern, text: string): boolean {
  switch (pattern.kind) {
    case "any":
      return true;
    case "exact":
      return text === pattern.text;
    case "prefix":
      return text.startsWith(pattern.text);
    case "segments":
      spend(pattern.steps);
      return matchesSegments(pattern.segments, text);
  }
}

function isLiteral(segment: Segment): boolean {
  return segment.length === (segment.runs[0]?.text.length ?? 0);
}

function textOf(segment: Segment): string {
  return segment.runs[0]?.text ?? "";
}

function matchesSegments(segments: readonly Segment[], text: string): boolean {
  const first = segments[0]!;
  if (segments.length === 1) return text.length === first.length && standsAt(first, text, 0);
  const last = segments[segments.length - 1]!;
  const end = text.length - last.length;
  if (end < first.length || !standsAt(first, text, 0) || !standsAt(last, text, end)) return false;
  let position = first.length;
  for (let index = 1; index < segments.length - 1; index++) {
    const found = find(segments[index]!, text, position, end);
    if (found < 0) return false;
    position = found + segments[index]!.length;
  }
  return true;
}

function standsAt(segment: Segment, text: string, position: number): boolean {
  for (const run of segment.runs) if (!text.startsWith(run.text, position + run.at)) return false;
  return true;
}

/** Leftmost place at or after `from` where the segment fits and ends at or before `end`; -1 when there is none. */
function find(segment: Segment, text: string, from: number, end: number): number {
  const latest = end - segment.length;
  if (latest < from) return -1;
  if (segment.length > longSegment) return findLong(segment, text, from, end);
  if (isLiteral(segment)) {
    const found = text.indexOf(textOf(segment), from);
    spend(((found < 0 ? text.length : found) - from) >> 1);
    return found <= latest ? found : -1;
  }
  let position = from;
  while (position <= latest && !standsAt(segment, text, position)) position++;
  spend((position - from) * segment.steps);
  return position <= latest ? position : -1;
}
