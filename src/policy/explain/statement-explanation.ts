/** A traced statement explained: part by part, as data and in words. */
import { compiled } from "../engine/compiled.ts";
import { isPresent } from "../match/condition.ts";
import type { Clause } from "../match/condition.ts";
import type { PrincipalElement } from "../document/document.ts";
import { spend } from "../effort.ts";
import { Grant } from "../match/principal-match.ts";
import type { Question } from "../match/statement.ts";
import type { CompiledPolicy, ContextValue, Request } from "../types.ts";
import type { Traced } from "./trace.ts";
import type { ConditionExplanation, PartExplanation, StatementExplanation, VariableExplanation } from "./types.ts";
import { variablesIn, variableWords } from "./variables.ts";
import { conditionWords, nameOf, partWords } from "./words.ts";

/** What it takes to put a statement into words, and later into JSON, beside what it lists. */
const statementSteps = 512;
const clauseSteps = 64;

/** @throws PolicyEffortError */
export function explainStatement(traced: Traced, question: Question, request: Request): StatementExplanation {
  spend(statementSteps);
  const { layer, level, policy, statement, sid, compiled: of, applies } = traced;
  const { source } = of;
  const action: PartExplanation = {
    matched: traced.actionMatched,
    element: source.notAction === undefined ? "Action" : "NotAction",
    wanted: source.notAction ?? source.action ?? [],
    seen: request.action,
    variables: noVariables,
  };
  const element = source.notPrincipal ?? source.principal;
  const principal: PartExplanation | null =
    of.principal === null
      ? null
      : {
          matched: traced.grant !== Grant.none,
          element: source.notPrincipal !== undefined ? "NotPrincipal" : element === undefined ? null : "Principal",
          wanted: principalTexts(element),
          seen: nameOf(question.principal),
          variables: noVariables,
        };
  const resources = source.notResource ?? source.resource ?? [];
  const resource: PartExplanation = {
    matched: traced.resourceMatched,
    element: source.notResource !== undefined ? "NotResource" : source.resource === undefined ? null : "Resource",
    wanted: resources,
    seen: question.resource,
    variables: !traced.resourceMatched && hasVariables(policy) ? variablesIn(resources, question.context) : noVariables,
  };
  spendOnWriting(action.wanted);
  spendOnWriting(resource.wanted);
  if (principal !== null) spendOnWriting(principal.wanted);
  const conditions =
    of.clauses.length === 0 ? noConditions : of.clauses.map((clause) => explainClause(clause, traced, question));
  const words = wordsOf(traced, { action, principal, resource, conditions });
  return {
    layer,
    level,
    policy,
    statement,
    sid,
    effect: source.effect,
    applies,
    action,
    principal,
    resource,
    conditions,
    words,
  };
}

/** An explanation is written twice, in words and as data, and then once more as JSON. */
function spendOnWriting(texts: ContextValue): void {
  if (typeof texts === "string") {
    spend(2 * texts.length);
    return;
  }
  let steps = writingSteps.get(texts);
  if (steps === undefined) {
    steps = 0;
    for (const text of texts) steps += 4 + 2 * text.length;
    writingSteps.set(texts, steps);
  }
  spend(steps);
}

/** Of the lists of policies, which are thousands of texts long and explained again and again. */
const writingSteps = new WeakMap<readonly string[], number>();

/** Conditions of a Deny that are told in its words; all of them are in its data. */
const mostConditions = 4;

const noVariables: readonly VariableExplanation[] = Object.freeze([]);
const noConditions: readonly ConditionExplanation[] = Object.freeze([]);

/** Whether the document's version knows policy variables. */
function hasVariables(policy: CompiledPolicy): boolean {
  return compiled(policy).rules.document.version === "2012-10-17";
}

function explainClause(clause: Clause, { failing, policy }: Traced, { context }: Question): ConditionExplanation {
  const seen = context.get(clause.key);
  const missing = !isPresent(seen);
  const { operator, key, values } = clause.source;
  spend(clauseSteps);
  spendOnWriting(values);
  if (!missing) spendOnWriting(seen);
  const matched = !failing.includes(clause);
  const areRead = hasVariables(policy) && clause.operator.comparison?.variables === true;
  const variables = areRead ? variablesIn(values, context) : noVariables;
  const words = conditionWords(clause.source, matched, missing ? null : seen, variableWords(variables));
  return { matched, operator, key, wanted: values, seen: missing ? null : seen, missing, variables, words };
}

function principalTexts(element: PrincipalElement | undefined): readonly string[] {
  if (element === undefined || element === "*") return ["*"];
  return Object.values(element).flat();
}

type Parts = Pick<StatementExplanation, "action" | "principal" | "resource" | "conditions">;

/** What a Deny found in the request, which whoever is denied may be able to change. */
function whyDenied(principal: PartExplanation | null, conditions: readonly ConditionExplanation[]): string {
  const found = conditions.slice(0, mostConditions).map(({ words }) => words);
  if (principal?.element === "NotPrincipal") found.unshift(partWords(principal));
  return found.length === 0 ? "" : `: ${found.join("; ")}`;
}

function wordsOf(
  { name, compiled: { allow }, applies }: Traced,
  { action, principal, resource, conditions }: Parts,
): string {
  if (applies)
    return allow ? `${name} allows the request` : `${name} denies the request${whyDenied(principal, conditions)}`;
  let failed = "";
  const add = (words: string) => {
    failed += failed === "" ? words : `; ${words}`;
  };
  if (!action.matched) add(partWords(action));
  if (principal !== null && !principal.matched) add(partWords(principal));
  if (!resource.matched) add(partWords(resource) + variableWords(resource.variables));
  for (const condition of conditions) if (!condition.matched) add(condition.words);
  return `${name} does not apply: ${failed}`;
}
