/** A statement made ready: its parts as matchers, each usable by itself so that `explain` asks exactly what `evaluate` asks. */
import type { Clause } from "./condition.ts";
import { holds } from "./condition.ts";
import type { Statement } from "../document/document.ts";
import { spend } from "../effort.ts";
import { matchesAny, matchesPattern, patternOf } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";
import type { PrincipalMatcher } from "./principal-match.ts";
import { Grant, matchPrincipal } from "./principal-match.ts";
import type { Context, Principal } from "../types.ts";
import { piecesOf, resolvePattern } from "./variable.ts";
import type { Piece } from "./variable.ts";

export interface CompiledStatement {
  readonly source: Statement;
  readonly allow: boolean;
  /** Null where the kind of policy names no principal: whoever carries the policy. */
  readonly principal: PrincipalMatcher | null;
  /** Null: any resource. */
  readonly resource: ResourceMatcher | null;
  readonly clauses: readonly Clause[];
}

/** What is asked of a statement once its action fits. */
export interface Question {
  /** Lower-cased. */
  readonly action: string;
  readonly resource: string;
  readonly principal: Principal;
  readonly context: Context;
  /** Whether the caller has a permissions boundary. */
  readonly bounded: boolean;
}

export interface ResourceMatcher {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
  /** Patterns with variables. */
  readonly templates: readonly (readonly Piece[])[];
}

/**
 * @param variables whether the document's version knows policy variables
 * @returns null when the list takes in every resource
 */
export function compileResource(list: readonly string[], negated: boolean, variables: boolean): ResourceMatcher | null {
  if (!negated && list.includes("*")) return null;
  const patterns: Pattern[] = [];
  const templates: Piece[][] = [];
  for (const text of list) {
    if (variables && text.includes("${")) templates.push(piecesOf(text));
    else patterns.push(patternOf(text));
  }
  return { negated, patterns, templates };
}

/**
 * Resources are case-sensitive and `*` spans `/` and `:` (reference_policies_elements_resource). A resource with an
 * unresolved variable matches nothing (reference_policies_variables).
 *
 * @throws PolicyEffortError
 */
export function matchesResource(matcher: ResourceMatcher | null, resource: string, context: Context): boolean {
  return matcher === null || isListed(matcher, resource, context) !== matcher.negated;
}

function isListed(matcher: ResourceMatcher, resource: string, context: Context): boolean {
  if (matchesAny(matcher.patterns, resource)) return true;
  for (const template of matcher.templates) {
    const pattern = resolvePattern(template, context);
    if (pattern !== null && matchesPattern(pattern, resource)) return true;
  }
  return false;
}

/** What asking a statement costs beside its parts. Its principals are looked up, however many they are. */
const statementSteps = 12;

/**
 * How the statement's principal element reaches the caller; policies without one mean whoever carries them.
 * @throws PolicyEffortError
 */
export function grantOf(statement: CompiledStatement, question: Question): Grant {
  spend(statementSteps);
  return statement.principal === null
    ? Grant.direct
    : matchPrincipal(statement.principal, question.principal, question.bounded);
}

/**
 * How the statement, whose action fits, applies: `none` when its principal, resource or condition does not.
 * @throws PolicyEffortError
 */
export function applies(statement: CompiledStatement, question: Question): Grant {
  const grant = grantOf(statement, question);
  if (grant === Grant.none || !matchesResource(statement.resource, question.resource, question.context))
    return Grant.none;
  for (const clause of statement.clauses) if (!holds(clause, question.context)) return Grant.none;
  return grant;
}
