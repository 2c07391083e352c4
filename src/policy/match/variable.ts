/**
 * Policy variables: `${key}`, `${key, 'default'}` and the literal characters `${*}`, `${?}`, `${$}`
 * (IAM User Guide, reference_policies_variables).
 *
 * A text is cut into pieces once, when the policy is compiled. A value from the request is put into the parsed
 * piece and is nothing but characters there: a tag named `*` matches a star, never everything.
 */
import { spend, stepsOver } from "../effort.ts";
import { foldName } from "../name.ts";
import { PatternBuilder } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";
import type { Context } from "../types.ts";

export type Piece =
  /** As written: in a pattern its `*` and `?` are wildcards. */
  | { readonly type: "text"; readonly text: string }
  /** From `${*}` and its like: never a wildcard. */
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "variable"; readonly key: string; readonly fallback: string | undefined };

/** Cuts a text at its variables. A `${` that is never closed is plain text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (let open = text.indexOf("${"); open >= 0; open = text.indexOf("${", start)) {
    const read = readVariable(text, open + 2);
    if (read === null) break;
    if (open > start) pieces.push({ type: "text", text: text.slice(start, open) });
    pieces.push(read.piece);
    start = read.end;
  }
  if (start < text.length) pieces.push({ type: "text", text: text.slice(start) });
  return pieces;
}

export function hasVariable(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => piece.type === "variable");
}

/** The plain text of pieces; null when a variable has no value. @throws PolicyEffortError */
export function resolveText(pieces: readonly Piece[], context: Context): string | null {
  let text = "";
  for (const piece of pieces) {
    const value = textOf(piece, context);
    if (value === null) return null;
    text += value;
  }
  return text;
}

/** The pattern of pieces; null when a variable has no value. @throws PolicyEffortError */
export function resolvePattern(pieces: readonly Piece[], context: Context): Pattern | null {
  const builder = new PatternBuilder();
  for (const piece of pieces) {
    const value = textOf(piece, context);
    if (value === null) return null;
    if (piece.type === "text") builder.addPattern(value);
    else builder.addLiteral(value);
  }
  return builder.build();
}

/** The text of pieces, and for each of its characters whether it is only itself; null when a variable has no value. */
export function resolvePieces(
  pieces: readonly Piece[],
  context: Context,
): { readonly text: string; readonly literal: readonly boolean[] } | null {
  let text = "";
  const literal: boolean[] = [];
  for (const piece of pieces) {
    const value = textOf(piece, context);
    if (value === null) return null;
    spend(value.length);
    text += value;
    for (let index = 0; index < value.length; index++) literal.push(piece.type !== "text");
  }
  return { text, literal };
}

/** Looking a piece up and putting it to the others. */
const pieceSteps = 4;

function textOf(piece: Piece, context: Context): string | null {
  const text = piece.type === "variable" ? resolve(piece, context) : piece.text;
  spend(text === null ? pieceSteps : pieceSteps + stepsOver(text));
  return text;
}

/** A multivalued key cannot be used as a variable (reference_policies_variables): it counts as without a value. */
function resolve(piece: Extract<Piece, { type: "variable" }>, context: Context): string | null {
  const value = context.get(piece.key);
  if (typeof value === "string") return value;
  return value === undefined ? (piece.fallback ?? null) : null;
}

function readVariable(text: string, start: number): { piece: Piece; end: number } | null {
  const close = text.indexOf("}", start);
  if (close < 0) return null;
  const name = text.slice(start, close);
  if (name === "*" || name === "?" || name === "$") return { piece: { type: "literal", text: name }, end: close + 1 };
  // The default needs the comma and the space; without them the whole is the name of a key that no request has.
  const comma = name.indexOf(", '");
  if (comma >= 0) {
    const quote = text.indexOf("'}", start + comma + 3);
    if (quote >= 0) {
      const fallback = text.slice(start + comma + 3, quote);
      return { piece: { type: "variable", key: foldName(name.slice(0, comma)), fallback }, end: quote + 2 };
    }
  }
  return { piece: { type: "variable", key: foldName(name), fallback: undefined }, end: close + 1 };
}
