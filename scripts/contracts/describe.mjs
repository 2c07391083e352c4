import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { hasTrait, httpOf, locationOf } from "./http.mjs";
import { inAwsOrder } from "./member-order.mjs";
import { isAnswerRecorded, isReadOnly } from "./read-only.mjs";
import { CONSTRAINTS, LEFT_OUT_FOR_ROOT, ROOT } from "./services.mjs";

const require = createRequire(import.meta.url);

/** The query protocol's result of `Unit` in an SDK schema: the operation takes, or gives, nothing. */
const UNIT = "unit";

/** Constraints of members that botocore's models do not have yet, from the SDK's own documentation comments. */
const SUPPLEMENT = {
  // "The value must not exceed 4,096 bytes. When set to 0 or not specified, the session token size is unchanged."
  MinimumSessionTokenSize: { type: "integer", min: 0, max: 4096 },
};

/** What AWS was observed to do otherwise than its models say (September 2026, radkawar/stackd captures). */
const OBSERVED = {
  // A message of IAM shows this pattern for policy documents; the models have `\u0020-\u00FF`.
  policyDocumentType: { pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+" },
  // 64 in the models.
  sourceIdentityType: { max: 256 },
};

/** Lists with a Marker that botocore's paginators leave out. */
const PAGED = {
  ListDelegationRequests: {
    input: "Marker",
    output: "Marker",
    limit: "MaxItems",
    more: "isTruncated",
    items: ["DelegationRequests"],
  },
  ListServiceSpecificCredentials: {
    input: "Marker",
    output: "Marker",
    limit: "MaxItems",
    more: "IsTruncated",
    items: ["ServiceSpecificCredentials"],
  },
};

/** Which parameter carries the caller's proof where the model says smithy.api#noAuth. */
const UNSIGNED = { AssumeRoleWithSAML: "saml", AssumeRoleWithWebIdentity: "webIdentity" };

/** Codes of simple shapes in the schemas of @smithy (packages/types, schema/schema.ts). */
const SIMPLE = { 0: "string", 1: "integer", 2: "boolean", 4: "timestamp", 15: "document", 21: "blob" };
/** Added to the code of a simple shape: a list of it, or a map from texts to it. */
const LIST_OF = 64;
const MAP_OF = 128;

/** A member with traits of its own is a pair, `[reference, traits]`; a schema has more elements. */
const isPair = (reference) => Array.isArray(reference) && reference.length === 2;

/** Follows thunks and pairs to the schema itself. */
function resolve(reference) {
  let schema = reference;
  for (;;) {
    if (typeof schema === "function") schema = schema();
    else if (isPair(schema)) schema = schema[0];
    else return schema;
  }
}

/**
 * Builds the shapes of one service in the form of src/contracts/model.ts, by name, each after those it refers to.
 * `model` is the extract of botocore.
 */
function shapeBuilder(model) {
  /** @type {Map<string, object>} */
  const shapes = new Map();
  /** `traits`: the schema's own, which know what is sensitive before botocore does. */
  const constraintsOf = (name, traits) => {
    const shape = { ...model.shapes[name], ...OBSERVED[name] };
    const kept = {};
    for (const key of CONSTRAINTS) if (shape[key] !== undefined) kept[key] = shape[key];
    return hasTrait(traits, "sensitive") ? { ...kept, sensitive: true } : kept;
  };
  const put = (name, shape) => {
    const known = shapes.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(shape)) throw new Error(`two shapes named ${name}`);
    shapes.set(name, shape);
    return name;
  };
  /** `hint` is botocore's name of the shape at this place, `member` the name of the member that holds it. */
  const build = (reference, hint, member) => {
    const schema = resolve(reference);
    if (typeof schema === "number") {
      if (schema & LIST_OF) return list(schema - LIST_OF, hint ?? `${member}StringList`, 0);
      if (schema & MAP_OF) return map(0, schema - MAP_OF, hint ?? `${member}Map`, 0);
      return simple(SIMPLE[schema], hint, member, 0);
    }
    const [kind, , name, traits] = schema;
    if (kind === 0) return simple(SIMPLE[schema[4]], name, member, traits);
    if (kind === 1) return list(schema[4], name, traits);
    if (kind === 2) return map(schema[4], schema[5], name, traits);
    if (kind === 3 || kind === 4) return structure(schema);
    throw new Error(`unknown schema ${JSON.stringify(schema)}`);
  };
  const simple = (type, hint, member, traits) => {
    if (!type) throw new Error(`unknown simple type of ${member}`);
    const supplement = hint ? undefined : SUPPLEMENT[member];
    const modelType = hint ? (model.shapes[hint]?.type ?? type) : type;
    const kind = modelType === "float" ? "double" : modelType;
    return put(
      hint ?? (supplement ? member : type),
      supplement ?? { type: kind, ...(hint ? constraintsOf(hint, traits) : {}) },
    );
  };
  const list = (item, name, traits) =>
    put(name, { type: "list", member: build(item, model.shapes[name]?.member, name), ...constraintsOf(name, traits) });
  const map = (key, value, name, traits) =>
    put(name, {
      type: "map",
      key: build(key, model.shapes[name]?.key, name),
      value: build(value, model.shapes[name]?.value, name),
      ...constraintsOf(name, traits),
    });
  const structure = (schema) => {
    const [, , name, traits, names, types, requiredCount = 0] = schema;
    if (shapes.has(name)) return name;
    const known = model.shapes[name]?.members ?? {};
    const required = new Set([...names.slice(0, requiredCount), ...(model.shapes[name]?.required ?? [])]);
    for (const member of LEFT_OUT_FOR_ROOT[name] ?? []) required.delete(member);
    // botocore keeps the model's order; the SDK puts required members first.
    const modelled = [...Object.keys(known).filter((m) => names.includes(m)), ...names.filter((m) => !(m in known))];
    const ordered = inAwsOrder(name, modelled);
    const members = {};
    for (const member of ordered) {
      const type = types[names.indexOf(member)];
      const shape = build(type, known[member], member);
      const location = isPair(type) ? locationOf(type[1], member) : undefined;
      members[member] = { shape, ...(required.has(member) && { required: true }), ...(location && { location }) };
    }
    return put(name, { type: "structure", members, ...(hasTrait(traits, "sensitive") && { sensitive: true }) });
  };
  return { shapes, build };
}

/** The errors of an operation that botocore does not know, from the `@throws` lines of the SDK's declarations. */
function errorsFromDeclaration(packageName, operation) {
  const types = join(dirname(require.resolve(`${packageName}/package.json`)), "dist-types/commands");
  const text = readFileSync(join(types, `${operation}Command.d.ts`), "utf8");
  const names = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map((match) => match[1]);
  return names.filter((name) => !/^(IAM|STS)ServiceException$/.test(name));
}

function authOf(operation, model) {
  if (!model.operations[operation]?.auth?.includes("smithy.api#noAuth")) return "sigv4";
  const auth = UNSIGNED[operation];
  if (!auth) throw new Error(`${operation} is unsigned in the model: say in UNSIGNED what proves its caller`);
  return auth;
}

/** Reads both sources into one description of a service. */
export function describe({ service, package: packageName }) {
  const model = JSON.parse(readFileSync(join(ROOT, "data/botocore", `${service}.json`), "utf8"));
  const sdk = require(packageName);
  const schemas = Object.entries(sdk).filter(([name, value]) => name.endsWith("$") && Array.isArray(value));
  const errors = new Map();
  for (const [, schema] of schemas) {
    if (schema[0] !== -3 || schema[2].endsWith("ServiceException")) continue;
    const [code, status] = schema[3].awsQueryError ?? [schema[2], schema[3].httpError ?? 400];
    errors.set(schema[2], { code, status });
  }
  const builder = shapeBuilder(model);
  const operations = schemas
    .filter(([, schema]) => schema[0] === 9)
    .map(([, schema]) => schema)
    .sort((a, b) => (a[2] < b[2] ? -1 : 1))
    .map(([, , name, traits, input, output]) => {
      const part = (reference) => {
        const schema = resolve(reference);
        return schema === UNIT || schema[2] === "__Unit" || schema[2] === "Unit" ? undefined : builder.build(reference);
      };
      return {
        name,
        input: part(input),
        output: part(output),
        errors: model.operations[name]?.errors ?? errorsFromDeclaration(packageName, name),
        auth: authOf(name, model),
        http: httpOf(traits),
        readOnly: isReadOnly(name),
        answerRecorded: isAnswerRecorded(name),
        pagination: model.operations[name]?.pagination ?? PAGED[name],
      };
    });
  for (const { name, output } of operations)
    if (model.operations[name] && model.operations[name].output !== (output !== undefined))
      throw new Error(`${name}: the sources do not agree whether it has an output`);
  return { model, operations, shapes: builder.shapes, errors, version: require(`${packageName}/package.json`).version };
}
