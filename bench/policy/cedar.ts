/**
 * The work as Cedar policies, in a policy set that is parsed once (`preparsePolicySet`); what is timed is
 * `statefulIsAuthorized`, whose request still crosses into WebAssembly as JSON at every call.
 *
 * A statement becomes a policy: Allow a `permit`, Deny a `forbid`. What limits (boundary, session policy, each level of
 * SCPs) becomes a `forbid … unless` what it allows, which says the same while no resource policy grants past it.
 * Cedar has no patterns on actions, so the action is in the context as a string too; it is written in lower case,
 * for `like` minds the case and IAM's actions do not. Cedar has nothing for `?` and for policy variables.
 */
import { setFlagsFromString } from "node:v8";
import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { CedarValueJson, StatefulAuthorizationCall } from "@cedar-policy/cedar-wasm/nodejs";
import type { Asked, Document, Documents, Statement, Work } from "./work.ts";
import { account } from "./work.ts";

// Node 20's V8 aborts ("unreachable code" in its Deoptimizer) when it drops optimized code that had Cedar's calls into
// WebAssembly inlined. What the inlining saves is nothing beside the microseconds of a call.
if (process.versions.node.startsWith("20.")) setFlagsFromString("--no-turbo-inline-js-wasm-calls");

/** Actions a policy: a longer chain of `||` overflows the parser's stack, and permits add up to the same. */
const actionsOfPolicy = 100;

type Decide = (index: number) => boolean;

/** @param name of the policy set inside of Cedar */
export function cedar(name: string, { documents, asked }: Work): Decide {
  load(name, policiesOf(documents));
  const keys = conditionKeys(documents);
  const calls = asked.map((one) => callOf(name, one, keys));
  return (index) => isAuthorized(calls[index]!);
}

/** The cost of asking alone: the same requests to a policy set with nothing in it. */
export function cedarCall(name: string, { documents, asked }: Work): Decide {
  load(name, []);
  const keys = conditionKeys(documents);
  const calls = asked.map((one) => callOf(name, one, keys));
  return (index) => isAuthorized(calls[index]!);
}

function load(name: string, policies: readonly string[]): void {
  const answer = preparsePolicySet(name, { staticPolicies: policies.join("\n") });
  if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("\n"));
}

function isAuthorized(call: StatefulAuthorizationCall): boolean {
  const answer = statefulIsAuthorized(call);
  if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("\n"));
  // A policy whose condition fails is left out by Cedar, and with it a forbid: here none may.
  if (answer.response.diagnostics.errors.length > 0)
    throw new Error(answer.response.diagnostics.errors[0]!.error.message);
  return answer.response.decision === "allow";
}

/** Only the keys that the policies look at go along: each would be parsed at every call. */
function callOf(name: string, { request, values }: Asked, keys: ReadonlySet<string>): StatefulAuthorizationCall {
  const action = request.action.toLowerCase();
  const context: Record<string, CedarValueJson> = { action, resource: request.resource };
  for (const key of keys) context[key] = key === "account" ? account : valueOf(key, values[key]!);
  return {
    principal: { type: "Principal", id: String(values["aws:PrincipalArn"]) },
    action: { type: "Action", id: action },
    resource: { type: "Resource", id: request.resource },
    context,
    preparsedPolicySetId: name,
    entities: [],
  };
}

function valueOf(key: string, value: string | boolean): CedarValueJson {
  if (key === "aws:SourceIp") return { __extn: { fn: "ip", arg: String(value) } };
  if (key === "aws:CurrentTime") return { __extn: { fn: "datetime", arg: String(value) } };
  return value;
}

function conditionKeys({ identity, resource, boundary, session, scps }: Documents): Set<string> {
  const all = [...identity, resource, boundary, session, ...(scps ?? [])].flatMap((document) => document ?? []);
  return new Set([
    ...all.flatMap(({ Condition }) => Object.values(Condition ?? {}).flatMap((block) => Object.keys(block))),
    ...(all.some(({ Principal }) => typeof Principal === "object") ? ["account"] : []),
  ]);
}

function policiesOf({ identity, resource = [], boundary, session, scps = [] }: Documents): string[] {
  const grants = [...identity, resource].flat();
  const limits = [boundary, session, ...scps].filter((document) => document !== undefined);
  return [...grants.flatMap(policiesOfStatement), ...limits.flatMap(limitOf)];
}

function policiesOfStatement(statement: Statement): string[] {
  if (statement.Effect === "Deny") return [`forbid(principal, action, resource) when { ${testOf(statement)} };`];
  const { Action } = statement;
  return Array.from({ length: Math.ceil(Action.length / actionsOfPolicy) }, (_, index) => {
    const some = Action.slice(index * actionsOfPolicy, (index + 1) * actionsOfPolicy);
    return `permit(principal, action, resource) when { ${testOf({ ...statement, Action: some })} };`;
  });
}

function limitOf(document: Document): string[] {
  const allows = document.filter(({ Effect }) => Effect === "Allow").map((statement) => `(${testOf(statement)})`);
  const denies = document.filter(({ Effect }) => Effect === "Deny");
  return [
    `forbid(principal, action, resource) unless { ${allows.join(" || ")} };`,
    ...denies.flatMap(policiesOfStatement),
  ];
}

function testOf({ Principal, Action, Resource, Condition = {} }: Statement): string {
  const conditions = Object.entries(Condition).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, values]) => conditionOf(operator, `context[${quote(key)}]`, values)),
  );
  return [
    principalTest(Principal),
    anyOf(Action, (action) => actionTest(action.toLowerCase())),
    anyOf(Resource, (resource) => stringTest("context.resource", resource)),
    ...conditions,
  ].join(" && ");
}

function principalTest(principal: Statement["Principal"]): string {
  if (principal === undefined || principal === "*") return "true";
  return `context.account == ${quote(principal.AWS.split(":")[4]!)}`;
}

function actionTest(action: string): string {
  return isPattern(action) ? stringTest("context.action", action) : `action == Action::${quote(action)}`;
}

function stringTest(variable: string, pattern: string): string {
  if (pattern === "*") return "true";
  return isPattern(pattern) ? `${variable} like ${quote(pattern)}` : `${variable} == ${quote(pattern)}`;
}

function isPattern(text: string): boolean {
  if (/[?$\\]/.test(text)) throw new Error(`Cedar cannot express ${text}`);
  return text.includes("*");
}

function conditionOf(operator: string, variable: string, values: readonly string[]): string {
  switch (operator) {
    case "Bool":
      return anyOf(values, (value) => `${variable} == ${value}`);
    case "IpAddress":
      return anyOf(values, (value) => `${variable}.isInRange(ip(${quote(value)}))`);
    case "DateGreaterThan":
      return anyOf(values, (value) => `${variable} > datetime(${quote(value)})`);
    case "StringNotLike":
      return `!${anyOf(values, (value) => stringTest(variable, value))}`;
    default:
      throw new Error(`no translation of ${operator}`);
  }
}

function anyOf(values: readonly string[], test: (value: string) => string): string {
  return `(${values.map(test).join(" || ")})`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
