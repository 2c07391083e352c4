/** Which resources the Resource or NotResource of a statement takes in (reference_policies_elements_resource). */
import { boundedPattern, matchesBounded } from "./bounded-pattern.ts";
import type { BoundedPattern } from "./bounded-pattern.ts";
import { matchesAny, matchesPattern, patternOf } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";
import type { Context } from "../types.ts";
import { piecesOf, resolvePattern, resolvePieces } from "./variable.ts";
import type { Piece } from "./variable.ts";

export interface ResourceMatcher {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
  /** Patterns with wildcards that keep within a part of the ARN, each with the plain one that takes in more. */
  readonly bounded: readonly { readonly plain: Pattern; readonly pattern: BoundedPattern }[];
  /** ARNs with variables, whatever these stand for, and without wildcards that keep within a part. */
  readonly templates: readonly (readonly Piece[])[];
  /** All other texts with variables. */
  readonly oddTemplates: readonly (readonly Piece[])[];
  /** Whether being taken in may only grant: then what is no ARN takes in nothing. Else it takes in what it may. */
  readonly strict: boolean;
}

export interface ResourceList {
  readonly list: readonly string[];
  readonly negated: boolean;
  /** The statement's effect. */
  readonly allow: boolean;
  /** Whether the policy is an identity's: AWS completes its ARNs. */
  readonly completes: boolean;
  /** Whether the document's version knows policy variables. */
  readonly variables: boolean;
}

/** @returns null when the list takes in every resource */
export function compileResource({ list, negated, allow, completes, variables }: ResourceList): ResourceMatcher | null {
  if (!negated && list.includes("*")) return null;
  const strict = allow !== negated;
  const patterns: Pattern[] = [];
  const bounded: { plain: Pattern; pattern: BoundedPattern }[] = [];
  const templates: Piece[][] = [];
  const oddTemplates: Piece[][] = [];
  for (const text of list) {
    if (variables && text.includes("${")) {
      const pieces = piecesOf(text);
      (isPlain(pieces) ? templates : oddTemplates).push(pieces);
      continue;
    }
    for (const written of readings(text, strict, completes)) {
      const plain = patternOf(written);
      const pattern = boundedPattern(written);
      if (pattern === null) patterns.push(plain);
      else bounded.push({ plain, pattern });
    }
  }
  return { negated, patterns, bounded, templates, oddTemplates, strict };
}

const arnParts = 6;

/**
 * What an entry is matched as. An ARN with missing parts is completed with `*` in an identity's policy (reference-arns);
 * AWS says so of no other kind, where such an ARN, and in every kind what is no ARN at all, grants nothing and keeps
 * nobody from being denied. There its empty parts at the end are missing ones too, and so is its service.
 */
function readings(text: string, strict: boolean, completes: boolean): string[] {
  if (text === "*" || isArn(text)) return [text];
  if (!strict) return [text, ...(/^arn(:|$)/.test(text) ? [completed(text), completed(text.replace(/:+$/, ""))] : [])];
  return completes && /^arn:[^:]*:[^:]/.test(text) ? [completed(text)] : [];
}

function completed(arn: string): string {
  return arn + ":*".repeat(arnParts - arn.split(":").length);
}

function isArn(text: string): boolean {
  return text.startsWith("arn:") && text.split(":").length >= arnParts;
}

/** Whether the policy's own text makes an ARN, and none of its wildcards keeps within a part. */
function isPlain(pieces: readonly Piece[]): boolean {
  const text = pieces.map((piece) => (piece.type === "text" ? piece.text : "-")).join("");
  return isArn(text) && boundedPattern(text) === null;
}

/**
 * Resources are case-sensitive. One with an unresolved variable matches nothing (reference_policies_variables).
 *
 * @throws PolicyEffortError
 */
export function matchesResource(matcher: ResourceMatcher | null, resource: string, context: Context): boolean {
  return matcher === null || isListed(matcher, resource, context) !== matcher.negated;
}

function isListed(matcher: ResourceMatcher, resource: string, context: Context): boolean {
  if (matchesAny(matcher.patterns, resource)) return true;
  for (const { plain, pattern } of matcher.bounded) {
    if (matchesPattern(plain, resource) && matchesBounded(pattern, resource)) return true;
  }
  for (const template of matcher.templates) {
    const pattern = resolvePattern(template, context);
    if (pattern !== null && matchesPattern(pattern, resource)) return true;
  }
  for (const template of matcher.oddTemplates) if (matchesOdd(template, matcher.strict, resource, context)) return true;
  return false;
}

/**
 * A variable may stand for a part of an ARN or for all of it. What misses parts is not completed then (observed on AWS,
 * September 2026).
 */
function matchesOdd(template: readonly Piece[], strict: boolean, resource: string, context: Context): boolean {
  const resolved = resolvePieces(template, context);
  if (resolved === null) return false;
  const { text, literal } = resolved;
  if (strict && !isArn(text)) return false;
  const within = boundedPattern(text, (index) => !literal[index]);
  if (within !== null) return matchesBounded(within, resource);
  return matchesPattern(resolvePattern(template, context)!, resource);
}
