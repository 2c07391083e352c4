/** Documents to compiled policies. What cannot be enforced is refused here, where it can be seen. */
import { ActionIndex } from "../match/action-index.ts";
import { compileClause } from "../match/condition.ts";
import type { Clause } from "../match/condition.ts";
import type { PolicyDocument, Statement } from "../document/document.ts";
import { parse } from "../document/parse.ts";
import { madeByCompile, shownInJson } from "./compiled.ts";
import type { Candidate, Compiled, Rules } from "./compiled.ts";
import { compilePrincipal } from "../match/principal-match.ts";
import type { PrincipalMatcher } from "../match/principal-match.ts";
import { rulesBytes } from "./rules-bytes.ts";
import { compileResource } from "../match/resource-match.ts";
import type { ResourceMatcher } from "../match/resource-match.ts";
import type { CompiledStatement } from "../match/statement.ts";
import type { CompiledPolicy, CompileOptions, PolicyKind } from "../types.ts";

/** A document that parses but cannot be enforced. */
export class PolicyCompileError extends Error {
  /** Index of the statement. */
  readonly statement: number;
  constructor(statement: number, message: string) {
    super(`Statement ${statement}: ${message}`);
    this.name = "PolicyCompileError";
    this.statement = statement;
  }
}

/**
 * Makes a document ready to be matched.
 *
 * @param document a parsed document, or its text, whose compiled form is then shared
 * @param kind decides which elements a statement may and must have
 * @throws PolicySyntaxError when the text is not a policy document
 * @throws PolicyCompileError when a statement could not be enforced as written
 */
export function compile(
  document: PolicyDocument | string,
  kind: PolicyKind,
  options: CompileOptions = {},
): CompiledPolicy {
  const rules = typeof document === "string" ? rulesOfText(document, kind) : rulesOf(document, kind);
  const { id, bindings } = options;
  const statements =
    bindings === undefined
      ? rules.statements
      : rules.statements.map((statement, index) => ({
          ...statement,
          principal: principalOf(statement.source, index, kind, bindings),
        }));
  const candidates: Candidate[] = [];
  const policy: Compiled = {
    kind,
    id,
    size: statements.length,
    rules,
    bindings,
    statements,
    candidates,
    sets: [],
    toJSON: shownInJson,
  };
  for (const [index, statement] of statements.entries()) {
    const { sid } = statement.source;
    candidates.push({ statement, determining: [{ layer: kind, policy, statement: index, sid }] });
  }
  madeByCompile.add(policy);
  return policy;
}

function rulesOf(document: PolicyDocument, kind: PolicyKind, text = JSON.stringify(document)): Rules {
  const variables = document.version === "2012-10-17";
  const statements = document.statements.map((source, index): CompiledStatement => {
    checkElements(source, index, kind);
    return {
      source,
      allow: source.effect === "Allow",
      principal: principalOf(source, index, kind, undefined),
      resource: resourceOf(source, kind, variables),
      clauses: (source.condition ?? []).map((clause): Clause => {
        const compiledClause = compileClause(clause, source.effect === "Allow", variables);
        if (compiledClause === null)
          throw new PolicyCompileError(index, `there is no condition operator ${JSON.stringify(clause.operator)}`);
        return compiledClause;
      }),
    };
  });
  return { bytes: rulesBytes(text), document, statements, actions: new ActionIndex(document.statements) };
}

/** Kinds that stand on the resource's side and say whom they mean. */
function namesPrincipals(kind: PolicyKind): boolean {
  return kind === "resource" || kind === "trust" || kind === "rcp" || kind === "endpoint";
}

function checkElements(source: Statement, index: number, kind: PolicyKind): void {
  const refuse = (message: string): never => {
    throw new PolicyCompileError(index, message);
  };
  if (source.effect !== "Allow" && source.effect !== "Deny") refuse("Effect must be Allow or Deny");
  if ((source.action === undefined) === (source.notAction === undefined)) refuse("needs either Action or NotAction");
  if (source.resource !== undefined && source.notResource !== undefined) refuse("has both Resource and NotResource");
  checkPrincipal(source, kind, refuse);
  // The policy of a resource may leave out which resource it speaks of; a trust policy has to.
  if (source.resource === undefined && source.notResource === undefined && kind !== "resource" && kind !== "trust") {
    refuse("needs Resource or NotResource");
  }
}

function checkPrincipal(source: Statement, kind: PolicyKind, refuse: (message: string) => never): void {
  const { principal, notPrincipal } = source;
  if (principal !== undefined && notPrincipal !== undefined) refuse("has both Principal and NotPrincipal");
  const element = principal ?? notPrincipal;
  if (!namesPrincipals(kind)) {
    if (element !== undefined) refuse(`a policy of kind ${kind} cannot name a principal`);
    return;
  }
  if (element === undefined && (kind === "resource" || kind === "trust")) refuse("needs Principal or NotPrincipal");
  // It would grant to everyone else, the unauthenticated included (reference_policies_elements_notprincipal).
  if (notPrincipal !== undefined && source.effect === "Allow") refuse("NotPrincipal works with Deny only");
  if (element === undefined || element === "*") return;
  // A star stands for everyone, as "*" or {"AWS": "*"}; there is no "every service" (reference_policies_elements_principal).
  for (const [type, values] of Object.entries(element)) {
    if (type !== "AWS" && values.includes("*")) refuse(`${type} cannot be "*"`);
  }
}

function principalOf(
  source: Statement,
  index: number,
  kind: PolicyKind,
  bindings: CompileOptions["bindings"],
): PrincipalMatcher | null {
  if (!namesPrincipals(kind)) return null;
  const { principal, notPrincipal } = source;
  const negated = notPrincipal !== undefined;
  const path = `${index}/${negated ? "NotPrincipal" : "Principal"}`;
  const trusts = kind === "trust" && source.effect === "Allow";
  return compilePrincipal({ element: notPrincipal ?? principal ?? "*", negated, path, trusts }, bindings);
}

function resourceOf(source: Statement, kind: PolicyKind, variables: boolean): ResourceMatcher | null {
  const list = source.notResource ?? source.resource;
  if (list === undefined) return null;
  return compileResource({
    list,
    negated: source.notResource !== undefined,
    allow: source.effect === "Allow",
    completes: kind === "identity" || kind === "boundary",
    variables,
  });
}

/** Most bytes of compiled documents that are kept by their texts. */
const cacheLimit = 4_000_000;

/**
 * Two generations: when the young one has half of the bytes, the old one goes, and what is used meanwhile is young
 * again. The library uses no package, or this would be one's LRU.
 */
let young = new Map<string, Rules>();
let old = new Map<string, Rules>();
let youngBytes = 0;

function rulesOfText(text: string, kind: PolicyKind): Rules {
  const key = `${kind} ${text}`;
  const known = young.get(key);
  if (known !== undefined) return known;
  // A part of the key, so that the text is held once, and nothing that it was a part of.
  const own = key.slice(kind.length + 1);
  const rules = old.get(key) ?? rulesOf(parse(own), kind, own);
  const { bytes } = rules;
  if (bytes > cacheLimit / 2) return rules;
  if (youngBytes + bytes > cacheLimit / 2) {
    old = young;
    young = new Map();
    youngBytes = 0;
  }
  young.set(key, rules);
  youngBytes += bytes;
  return rules;
}
