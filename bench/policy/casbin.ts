/**
 * The work as casbin models: an enforcer a layer, a rule a statement, and all enforcers must allow. What is timed is
 * `enforceSync`; the decision is a yes or no.
 *
 * casbin's own patterns do not mean what IAM's do (in `globMatch` a star stops at a slash, in `keyMatch` what follows
 * the first star is not looked at), so patterns are regular expressions, prepared once and called through a function of
 * ours (`addFunction`), which is faster than its `regexMatch`. They are in lower case for actions.
 * Conditions are casbin's documented `eval()` of an expression that stands in the rule.
 */
import { newEnforcer, newModelFromString } from "casbin";
import type { Enforcer } from "casbin";
import type { Document, Documents, Statement, Work } from "./work.ts";
import { account } from "./work.ts";

/** An Allow is needed, or only no Deny: of resource policies, which inside of an account need not grant. */
const effects = {
  granting: "some(where (p.eft == allow)) && !some(where (p.eft == deny))",
  denying: "!some(where (p.eft == deny))",
} as const;

interface Input {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | boolean>>;
}

export async function casbin({ documents, asked }: Work): Promise<(index: number) => boolean> {
  const enforcers = await enforcersOf(documents);
  const inputs = asked.map(({ request, values }): Input => ({
    action: request.action.toLowerCase(),
    resource: request.resource,
    context: {
      account,
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [propertyOf(key), value])),
    },
  }));
  return (index) => {
    const { action, resource, context } = inputs[index]!;
    return enforcers.every((enforcer) => enforcer.enforceSync(action, resource, context));
  };
}

async function enforcersOf({ identity, resource, boundary, session, scps = [] }: Documents): Promise<Enforcer[]> {
  const granting = [identity.flat(), boundary, session, ...scps].filter((document) => document !== undefined);
  return Promise.all([
    ...granting.map((document) => enforcerOf(document, "granting")),
    ...(resource === undefined ? [] : [enforcerOf(resource, "denying")]),
  ]);
}

async function enforcerOf(document: Document, effect: keyof typeof effects): Promise<Enforcer> {
  // Rules are evaluated one by one as they stand: what the model need not ask is left out of it.
  const conditional = document.some(({ Condition, Principal }) => (Condition ?? Principal) !== undefined);
  const enforcer = await newEnforcer(
    newModelFromString(
      [
        "[request_definition]",
        "r = act, obj, ctx",
        "[policy_definition]",
        `p = act, obj, eft${conditional ? ", cond" : ""}`,
        "[policy_effect]",
        `e = ${effects[effect]}`,
        "[matchers]",
        `m = matches(r.act, p.act) && matches(r.obj, p.obj)${conditional ? " && eval(p.cond)" : ""}`,
      ].join("\n"),
    ),
  );
  const prepared = new Map<string, RegExp>();
  const anyOfPatterns = (values: readonly string[]): string => {
    const name = values.join(" ");
    prepared.set(name, new RegExp(`^(?:${values.map(expressionOf).join("|")})$`, "s"));
    return name;
  };
  await enforcer.addFunction("matches", (value: string, name: string) => prepared.get(name)!.test(value));
  await enforcer.addPolicies(
    document.map((statement) => [
      anyOfPatterns(statement.Action.map((action) => action.toLowerCase())),
      anyOfPatterns(statement.Resource),
      statement.Effect.toLowerCase(),
      ...(conditional ? [testOf(statement, anyOfPatterns)] : []),
    ]),
  );
  return enforcer;
}

function expressionOf(pattern: string): string {
  return pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}

/** `aws:SourceIp` as a property's name in casbin's expressions. */
function propertyOf(key: string): string {
  return key.replace(":", "_");
}

function testOf(
  { Principal, Condition = {} }: Statement,
  anyOfPatterns: (values: readonly string[]) => string,
): string {
  const tests = Object.entries(Condition).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, values]) =>
      operator === "StringNotLike"
        ? `!matches(r.ctx.${propertyOf(key)}, '${anyOfPatterns(values)}')`
        : conditionOf(operator, `r.ctx.${propertyOf(key)}`, values),
    ),
  );
  if (typeof Principal === "object") tests.push(`r.ctx.account == '${Principal.AWS.split(":")[4]!}'`);
  return tests.length === 0 ? "true" : tests.join(" && ");
}

function conditionOf(operator: string, variable: string, values: readonly string[]): string {
  switch (operator) {
    case "Bool":
      return anyOf(values, (value) => `${variable} == ${value}`);
    case "IpAddress":
      return anyOf(values, (value) => `ipMatch(${variable}, '${value}')`);
    case "DateGreaterThan":
      // Dates of one form, in UTC, are in the order of their text.
      return anyOf(values, (value) => `${variable} > '${value}'`);
    default:
      throw new Error(`no translation of ${operator}`);
  }
}

function anyOf(values: readonly string[], test: (value: string) => string): string {
  return `(${values.map(test).join(" || ")})`;
}
