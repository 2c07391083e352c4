/**
 * ARN operators: each of the six parts is matched by itself, wildcards work in ArnEquals too, and only the last part
 * may hold further colons (reference_policies_elements_condition_operators#Conditions_ARN).
 */
import { matchesPattern } from "../pattern.ts";
import type { Pattern } from "../pattern.ts";
import { hasVariable, resolvePattern, resolveText } from "../variable.ts";
import type { Piece } from "../variable.ts";
import type { Context } from "../../types.ts";
import { asText, Comparison, noContext } from "./comparison.ts";

const parts = 6;

interface SeenArn {
  readonly text: string;
  readonly parts: readonly string[];
}

type Wanted =
  | { readonly kind: "patterns"; readonly patterns: readonly Pattern[] }
  /** Parts with variables. */
  | { readonly kind: "templates"; readonly templates: readonly (readonly Piece[])[] }
  /** `${aws:PrincipalArn}` and its like stand for an ARN as a whole, taken literally. */
  | { readonly kind: "whole"; readonly pieces: readonly Piece[] };

export const arnLike = Comparison.of<SeenArn, Wanted>({
  variables: true,
  longest: Infinity,
  readSteps: asText,
  read: readArn,
  prepare({ text, pieces }) {
    const all = pieces ?? [{ type: "text", text } as const];
    const templates = splitPieces(all);
    if (templates.length !== parts) return isOneVariable(all) ? { kind: "whole", pieces: all } : null;
    if (hasVariable(all)) return { kind: "templates", templates };
    return { kind: "patterns", patterns: templates.map((part) => resolvePattern(part, noContext)!) };
  },
  fits(seen, wanted, context) {
    switch (wanted.kind) {
      case "patterns":
        return fitsPatterns(seen, wanted.patterns);
      case "templates":
        return fitsTemplates(seen, wanted.templates, context);
      case "whole":
        return seen.text === resolveText(wanted.pieces, context);
    }
  },
});

/** Null for a text of fewer parts. */
function readArn(text: string): SeenArn | null {
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

/** All are filled in before any is compared: one without a value fits nothing, whatever the others say. */
function fitsTemplates(seen: SeenArn, templates: readonly (readonly Piece[])[], context: Context): boolean {
  const patterns: Pattern[] = [];
  for (const template of templates) {
    const pattern = resolvePattern(template, context);
    if (pattern === null) return false;
    patterns.push(pattern);
  }
  return fitsPatterns(seen, patterns);
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

function isOneVariable(pieces: readonly Piece[]): boolean {
  return pieces.length === 1 && pieces[0]!.type === "variable";
}
