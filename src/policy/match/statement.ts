/** A statement made ready: its parts as matchers, each usable by itself so that `explain` asks exactly what `evaluate` asks. */
import type { Clause } from "./condition.ts";
import { holds } from "./condition.ts";
import type { Statement } from "../document/document.ts";
import { spend } from "../effort.ts";
import type { PrincipalMatcher } from "./principal-match.ts";
import { Grant, matchPrincipal } from "./principal-match.ts";
import { matchesResource } from "./resource-match.ts";
import type { ResourceMatcher } from "./resource-match.ts";
import type { Context, Principal } from "../types.ts";

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
