/** What the variables of a policy stand for in a request, said beside the texts that they are in. */
import { piecesOf } from "../match/variable.ts";
import type { Piece } from "../match/variable.ts";
import type { Context } from "../types.ts";
import { usualSpelling } from "./advice.ts";
import type { VariableExplanation } from "./types.ts";
import { valueWords } from "./words.ts";

/** Variables told of: more than a text has, and few enough to read. */
const mostVariables = 4;

/**
 * @param texts where `${…}` is a variable: the document's version and the operator know them
 * @throws PolicyEffortError
 */
export function variablesIn(texts: readonly string[], context: Context): VariableExplanation[] {
  const found: VariableExplanation[] = [];
  for (const text of texts) {
    if (!text.includes("${")) continue;
    for (const piece of piecesOf(text)) {
      if (piece.type !== "variable") continue;
      if (found.length === mostVariables) return found;
      found.push(explained(piece, context));
    }
  }
  return found;
}

/** `, and ${aws:username} is "ann"` */
export function variableWords(variables: readonly VariableExplanation[]): string {
  let words = "";
  for (const variable of variables) words += `, and ${variable.words}`;
  return words;
}

function explained({ key, fallback }: Extract<Piece, { type: "variable" }>, context: Context): VariableExplanation {
  const seen = context.get(key) ?? null;
  const name = usualSpelling(key);
  return { key: name, seen, words: `\${${name}} ${standsFor(seen, fallback)}` };
}

function standsFor(seen: VariableExplanation["seen"], fallback: string | undefined): string {
  if (typeof seen === "string") return `is ${valueWords(seen)}`;
  if (seen !== null) return "has several values, which no variable stands for";
  return fallback === undefined ? "has no value" : `has no value: ${valueWords(fallback)} stands for it`;
}
