/**
 * `rolecall/policy`: parse, compile, evaluate, explain and validate AWS policies. Pure: no Node built-ins, no I/O,
 * no clock, so that servers, consoles and command lines run the very same code.
 */
export { compile, PolicyCompileError } from "./engine/compile.ts";
export { sourceOf } from "./engine/compiled.ts";
export { contextOf } from "./match/context.ts";
export { explain } from "./explain/explain.ts";
export { Effort, PolicyEffortError } from "./effort.ts";
export { evaluate } from "./engine/evaluate.ts";
export { checkGrammar } from "./grammar/check.ts";
export { refusalOf } from "./grammar/refusal.ts";
export { invalidPrincipalMessage, PolicyGrammarError } from "./grammar/fault.ts";
export { parse, PolicySyntaxError } from "./document/parse.ts";
export { principalsOf, renderPrincipals } from "./document/principals.ts";
export { print } from "./document/print.ts";
export { attachedTypes } from "./validate/attached.ts";
export { servicesOf, validate } from "./validate/validate.ts";
export { principalFromArn } from "./match/principal-arn.ts";
export { requestContext } from "./match/principal-keys.ts";

export type {
  ConditionClause,
  PolicyDocument,
  PrincipalElement,
  PrincipalType,
  Statement,
} from "./document/document.ts";
export type {
  AddStatement,
  Block,
  Change,
  ConditionExplanation,
  Explanation,
  PartExplanation,
  RemoveStatement,
  SetContext,
  StatementExplanation,
  VariableExplanation,
  StatementPlace,
  SuggestedStatement,
} from "./explain/types.ts";
export type { ConditionKeyType } from "./context-key.ts";
export type { GrammarOptions } from "./grammar/check.ts";
export type { NamedPrincipal } from "./document/principals.ts";
export type { AttachedType } from "./validate/attached.ts";
export type { FindingType } from "./validate/catalogue/check.ts";
export type { Finding, IssueCode } from "./validate/finding.ts";
export type {
  ActionData,
  ConditionKeyData,
  ResourceTypeData,
  ServiceData,
  ServiceDescription,
} from "./validate/services.ts";
export type { RegionData } from "./validate/regions.ts";
export type { ValidateOptions } from "./validate/validate.ts";
export type {
  Bindings,
  CompiledPolicy,
  CompileOptions,
  Context,
  ContextValue,
  Decision,
  DeterminingStatement,
  Layer,
  Outcome,
  Policies,
  PolicyKind,
  Principal,
  Request,
} from "./types.ts";
