/**
 * ARN operators: each of the six parts is matched by itself, wildcards work in ArnEquals too, and only the last part
 * may hold further colons (reference_policies_elements_condition_operators#Conditions_ARN).
 *
 * A request's value that is no ARN matches neither an operator nor its negation. A policy's value that is none, as it
 * stands or with its variables filled in, grants nothing under Allow and denies under Deny (both observed on AWS,
 * September 2026).
 */
import { matchesPattern } from "../pattern.ts";
import type { Pattern } from "../pattern.ts";
import { hasVariable, resolvePattern, resolveText } from "../variable.ts";
import type { Piece } from "../variable.ts";
import type { Context } from "../../types.ts";
import { asText, Comparison, Fit, noContext } from "./comparison.ts";

const parts = 6;

interface SeenArn {
  readonly text: string;
  readonly parts: readonly string[];
}

type Wanted =
  | { readonly kind: "patterns"; readonly patterns: readonly Pattern[] }
  /** Parts with variables. */
  | { readonly kind: "templates"; readonly templates: readonly (readonly Piece[])[] }
  /** Variables alone, such as `${aws:PrincipalArn}`, stand for an ARN as a whole, taken literally. */
  | { readonly kind: "whole"; readonly pieces: readonly Piece[] }
  | { readonly kind: "malformed" };

export const arnLike = Comparison.of<SeenArn, Wanted>({
  variables: true,
  longest: Infinity,
  readSteps: asText,
  read: readArn,
  unreadable: Fit.never,
  prepare({ text, pieces }) {
    const all = pieces ?? [{ type: "text", text } as const];
    const templates = splitPieces(all);
    if (templates.length !== parts) return hasNoText(all) ? { kind: "whole", pieces: all } : malformed;
    if (hasVariable(all)) return { kind: "templates", templates };
    return resolveText(templates[0]!, noContext) === "arn"
      ? { kind: "patterns", patterns: templates.map((part) => resolvePattern(part, noContext)!) }
      : malformed;
  },
  fits(seen, wanted, context) {
    switch (wanted.kind) {
      case "patterns":
        return fitsPatterns(seen, wanted.patterns);
      case "templates":
        return fitsTemplates(seen, wanted.templates, context);
      case "whole":
        return fitsWhole(seen, wanted.pieces, context);
      case "malformed":
        return null;
    }
  },
});

const malformed: Wanted = { kind: "malformed" };

/** Null for a text that is no ARN: it begins otherwise, or has fewer parts. */
function readArn(text: string): SeenArn | null {
  if (!text.startsWith("arn:")) return null;
  const found: string[] = [];
  let start = 0;
  while (found.length < parts - 1) {
    const colon = text.indexOf(":", start);
    if (colon < 0) return null;
    found.push(text.slice(start, colon));
    start = colon + 1;
  }
  found.push(text.slice(start));
  return { text, parts: found };
}

function fitsWhole(seen: SeenArn, pieces: readonly Piece[], context: Context): boolean | null {
  const text = resolveText(pieces, context);
  // Without a value it fits nothing; with one that is no ARN it is malformed.
  if (text === null) return false;
  return readArn(text) === null ? null : seen.text === text;
}

/** All are filled in before any is compared: one without a value fits nothing, whatever the others say. */
function fitsTemplates(seen: SeenArn, templates: readonly (readonly Piece[])[], context: Context): boolean | null {
  const patterns: Pattern[] = [];
  let wellFormed = true;
  for (const [index, template] of templates.entries()) {
    const pattern = resolvePattern(template, context);
    if (pattern === null) return false;
    patterns.push(pattern);
    wellFormed &&= isPart(index, template, context);
  }
  return wellFormed ? fitsPatterns(seen, patterns) : null;
}

/** A value with a colon would push the parts after it along and change which account is meant. */
function isPart(index: number, template: readonly Piece[], context: Context): boolean {
  if (index === 0) return resolveText(template, context) === "arn";
  return index === parts - 1 || !hasVariable(template) || !resolveText(template, context)!.includes(":");
}

function fitsPatterns(seen: SeenArn, patterns: readonly Pattern[]): boolean {
  for (let index = 0; index < parts; index++) {
    if (!matchesPattern(patterns[index]!, seen.parts[index]!)) return false;
  }
  return true;
}

/**
 * The policy's own colons part its ARN. A colon inside a variable's value does not, so that a tag cannot push the
 * parts after it along and change which account is meant.
 */
function splitPieces(pieces: readonly Piece[]): Piece[][] {
  const split: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.type !== "text") {
      split.at(-1)!.push(piece);
      continue;
    }
    let text = piece.text;
    for (let colon = text.indexOf(":"); colon >= 0 && split.length < parts; colon = text.indexOf(":")) {
      split.at(-1)!.push({ type: "text", text: text.slice(0, colon) });
      split.push([]);
      text = text.slice(colon + 1);
    }
    split.at(-1)!.push({ type: "text", text });
  }
  return split;
}

function hasNoText(pieces: readonly Piece[]): boolean {
  return pieces.length > 0 && pieces.every((piece) => piece.type !== "text");
}
