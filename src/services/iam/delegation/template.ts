/**
 * Policy templates: a policy with placeholders, filled in when a request is made (IAM User Guide,
 * temporary-delegation-policy-templates). What comes out is an ordinary policy, and all that anybody decides about.
 */
import type { TemplateParameter } from "../../../store/iam/delegation-requests.ts";

/** Characters that a policy may have once it is filled in (the same page). */
const longestPolicy = 2048;

/** A template and parameters that make no policy; the message is for whoever asked. */
export class TemplateError extends Error {}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };
type Parameters = ReadonlyMap<string, TemplateParameter>;

const placeholder = /@\{([^{}]*)\}/;
const listElements = ["Action", "NotAction", "Resource", "NotResource"] as const;

/**
 * Fills in a template: `@{name}` in actions, resources and values of conditions, each list of values giving an entry for
 * each of them, several lists each combination. What AWS registers for its partners may have `@Enabled` in statements too, which a
 * managed policy cannot.
 *
 * @param template its JSON text
 * @returns the policy's JSON text; it has no placeholder left
 * @throws TemplateError
 */
export function renderTemplate(template: string, given: readonly TemplateParameter[]): string {
  const parameters = parametersByName(given);
  const document = JSON.parse(template) as JsonObject;
  for (const name of parameters.keys()) {
    if (!isNamed(name, template)) throw new TemplateError(`The policy template has no parameter ${name}.`);
  }
  const statements = asList(document["Statement"]) as readonly JsonObject[];
  const text = JSON.stringify({ ...document, Statement: statements.map((one) => filled(one, parameters)) });
  const left = placeholder.exec(text);
  if (left !== null) throw new TemplateError(`The policy template does not take ${left[0]} where it stands.`);
  if (text.length > longestPolicy) throw tooLong();
  return text;
}

/** Each has its values, and a name of its own. @throws TemplateError */
function parametersByName(given: readonly TemplateParameter[]): Parameters {
  const byName = new Map<string, TemplateParameter>();
  for (const parameter of given) {
    const { name, type, values } = parameter;
    if (byName.has(name)) throw new TemplateError(`The parameter ${name} is given more than once.`);
    if (values.length === 0 || (type === "string" && values.length > 1)) {
      throw new TemplateError(`The parameter ${name} of type ${type} cannot have ${values.length} values.`);
    }
    if (values.some(({ length }) => length > longestPolicy)) throw tooLong();
    byName.set(name, parameter);
  }
  return byName;
}

function isNamed(name: string, template: string): boolean {
  return template.includes(`@{${JSON.stringify(name).slice(1, -1)}}`);
}

function filled(statement: JsonObject, parameters: Parameters): JsonObject {
  const changed: Record<string, Json> = { ...statement };
  for (const name of listElements) {
    if (statement[name] !== undefined) changed[name] = expanded(statement[name], parameters);
  }
  const condition = statement["Condition"];
  if (isObject(condition)) {
    changed["Condition"] = mapped(condition, (clauses) =>
      isObject(clauses) ? mapped(clauses, (values) => expanded(values, parameters)) : clauses,
    );
  }
  return changed;
}

/** What was one text stays one where it can. */
function expanded(value: Json, parameters: Parameters): Json {
  const entries = asList(value).flatMap((one): readonly Json[] =>
    typeof one === "string" ? combinations(one, parameters) : [one],
  );
  return Array.isArray(value) || entries.length !== 1 ? entries : entries[0]!;
}

/** The text with its placeholders filled in, once for each combination of their values. Values are not read again. */
function combinations(text: string, parameters: Parameters): readonly string[] {
  let texts = [""];
  let rest = text;
  for (let found = placeholder.exec(rest); found !== null; found = placeholder.exec(rest)) {
    const before = rest.slice(0, found.index);
    const values = valuesOf(found[1]!, parameters);
    if (texts.length * values.length > longestPolicy) throw tooLong();
    texts = texts.flatMap((one) => values.map((value) => one + before + value));
    rest = rest.slice(found.index + found[0].length);
  }
  return texts.map((one) => one + rest);
}

/** @throws TemplateError for a parameter that was not given */
function valuesOf(name: string, parameters: Parameters): readonly string[] {
  const parameter = parameters.get(name);
  if (parameter === undefined) throw new TemplateError(`The policy template's parameter ${name} is missing.`);
  return parameter.values;
}

function tooLong(): TemplateError {
  return new TemplateError(`The policy would have more than ${longestPolicy} characters.`);
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapped(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
