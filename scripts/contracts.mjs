/**
 * Generates the API contracts of IAM and STS (`npm run contracts`).
 *
 *   node scripts/contracts.mjs                 write src/contracts/{iam,sts}.gen.ts and {iam,sts}.types.gen.ts
 *   node scripts/contracts.mjs --check         exit 1 when a committed file is not what the sources give
 *   node scripts/contracts.mjs --extract DIR   write data/botocore/{iam,sts}.json from botocore's models
 *                                              (DIR = the `data` folder of an installed botocore)
 *
 * Two sources, because neither is enough alone. The schemas inside @aws-sdk/client-iam and client-sts know the
 * operations, structures and errors of today, but no lengths, patterns, ranges or enum values, nor the errors of one
 * operation. botocore's models know those, and the order in which the service writes its members, and lag behind by
 * some weeks. What only the SDK has stands here without constraints, unless SUPPLEMENT below states them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

const SERVICES = [
  { service: "iam", title: "IAM", package: "@aws-sdk/client-iam", apiVersion: "2010-05-08" },
  { service: "sts", title: "STS", package: "@aws-sdk/client-sts", apiVersion: "2011-06-15" },
];

/** The query protocol's result of `Unit` in an SDK schema: the operation takes, or gives, nothing. */
const UNIT = "unit";

/** Constraints of members that botocore's models do not have yet, from the SDK's own documentation comments. */
const SUPPLEMENT = {
  // "The value must not exceed 4,096 bytes. When set to 0 or not specified, the session token size is unchanged."
  MinimumSessionTokenSize: { type: "integer", min: 0, max: 4096 },
};

/** Which parameter carries the caller's proof where the model says smithy.api#noAuth. */
const UNSIGNED = { AssumeRoleWithSAML: "saml", AssumeRoleWithWebIdentity: "webIdentity" };

// ---- extraction from botocore ---------------------------------------------------------------------------------------

const CONSTRAINTS = ["min", "max", "pattern", "enum", "sensitive"];

function extractShape(shape) {
  const kept = { type: shape.type };
  for (const key of CONSTRAINTS) if (shape[key] !== undefined) kept[key] = shape[key];
  if (shape.type === "list") kept.member = shape.member.shape;
  if (shape.type === "map") Object.assign(kept, { key: shape.key.shape, value: shape.value.shape });
  if (shape.type === "structure") {
    kept.members = Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, member.shape]));
    if (shape.required?.length) kept.required = shape.required;
  }
  if (shape.exception) kept.error = { code: shape.error?.code, status: shape.error?.httpStatusCode };
  return kept;
}

function extractOperation(operation, paginator) {
  const kept = { errors: (operation.errors ?? []).map((error) => error.shape), output: operation.output !== undefined };
  if (operation.auth) kept.auth = operation.auth;
  if (paginator)
    kept.pagination = {
      input: paginator.input_token,
      output: paginator.output_token,
      limit: paginator.limit_key,
      more: paginator.more_results,
      items: [paginator.result_key].flat(),
    };
  return kept;
}

/** One entry a line, so that a new botocore reads as a small diff. */
function jsonLines(value) {
  const sections = Object.entries(value).map(([section, entries]) => {
    const lines = Object.entries(entries).map(([name, entry]) => `    ${JSON.stringify(name)}: ${JSON.stringify(entry)}`);
    return `  ${JSON.stringify(section)}: {\n${lines.join(",\n")}\n  }`;
  });
  return `{\n${sections.join(",\n")}\n}\n`;
}

function extract(directory) {
  const init = readFileSync(join(directory, "..", "__init__.py"), "utf8");
  const version = /__version__ = '([^']+)'/.exec(init)?.[1];
  if (!version) throw new Error(`no botocore version beside ${directory}`);
  for (const { service, apiVersion } of SERVICES) {
    const folder = join(directory, service, apiVersion);
    const model = JSON.parse(gunzipSync(readFileSync(join(folder, "service-2.json.gz"))).toString("utf8"));
    const { pagination } = JSON.parse(readFileSync(join(folder, "paginators-1.json"), "utf8"));
    const map = (entries, f) => Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, f(entry, name)]));
    const { apiVersion: modelVersion, protocol, xmlNamespace } = model.metadata;
    writeFileSync(
      join(ROOT, "data/botocore", `${service}.json`),
      jsonLines({
        source: { botocore: version, license: "Apache-2.0" },
        metadata: { apiVersion: modelVersion, protocol, xmlNamespace },
        operations: map(model.operations, (operation, name) => extractOperation(operation, pagination[name])),
        shapes: map(model.shapes, extractShape),
      }),
    );
  }
}

// ---- reading the SDK's schemas --------------------------------------------------------------------------------------

/** Codes of simple shapes in the schemas of @smithy (packages/types, schema/schema.ts). */
const SIMPLE = { 0: "string", 1: "integer", 2: "boolean", 4: "timestamp", 21: "blob" };

/** Follows thunks and `[reference, traits]` pairs to the schema itself. */
function resolve(reference) {
  let schema = reference;
  for (;;) {
    if (typeof schema === "function") schema = schema();
    else if (Array.isArray(schema) && typeof schema[0] !== "number") schema = schema[0];
    else return schema;
  }
}

/**
 * Builds the shapes of one service in the form of src/contracts/types.ts, by name, each after those it refers to.
 * `model` is the extract of botocore.
 */
function shapeBuilder(model) {
  /** @type {Map<string, object>} */
  const shapes = new Map();
  const constraintsOf = (name) => {
    const shape = model.shapes[name];
    if (!shape) return {};
    const kept = {};
    for (const key of CONSTRAINTS) if (shape[key] !== undefined) kept[key] = shape[key];
    return kept;
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
      if (schema === 64) return list(0, hint ?? `${member}StringList`);
      if (schema === 128 || schema === 129) return map(0, schema - 128, hint ?? `${member}Map`);
      return simple(SIMPLE[schema], hint, member);
    }
    const [kind, , name] = schema;
    if (kind === 0) return simple(SIMPLE[schema[4]], name, member);
    if (kind === 1) return list(schema[4], name);
    if (kind === 2) return map(schema[4], schema[5], name);
    if (kind === 3 || kind === 4) return structure(schema);
    throw new Error(`unknown schema ${JSON.stringify(schema)}`);
  };
  const simple = (type, hint, member) => {
    if (!type) throw new Error(`unknown simple type of ${member}`);
    const supplement = hint ? undefined : SUPPLEMENT[member];
    const modelType = hint ? model.shapes[hint].type : type;
    const kind = modelType === "float" ? "double" : modelType;
    return put(hint ?? (supplement ? member : type), supplement ?? { type: kind, ...(hint ? constraintsOf(hint) : {}) });
  };
  const list = (item, name) =>
    put(name, { type: "list", member: build(item, model.shapes[name]?.member, name), ...constraintsOf(name) });
  const map = (key, value, name) =>
    put(name, {
      type: "map",
      key: build(key, model.shapes[name]?.key, name),
      value: build(value, model.shapes[name]?.value, name),
      ...constraintsOf(name),
    });
  const structure = (schema) => {
    const [, , name, , names, types, requiredCount = 0] = schema;
    if (shapes.has(name)) return name;
    const known = model.shapes[name]?.members ?? {};
    const required = new Set([...names.slice(0, requiredCount), ...(model.shapes[name]?.required ?? [])]);
    // botocore keeps the model's order, which is the order on the wire; the SDK puts required members first.
    const ordered = [...Object.keys(known).filter((m) => names.includes(m)), ...names.filter((m) => !(m in known))];
    const members = {};
    for (const member of ordered) {
      const shape = build(types[names.indexOf(member)], known[member], member);
      members[member] = required.has(member) ? { shape, required: true } : { shape };
    }
    return put(name, { type: "structure", members });
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
function describe({ service, package: packageName }) {
  const model = JSON.parse(readFileSync(join(ROOT, "data/botocore", `${service}.json`), "utf8"));
  const sdk = require(packageName);
  const schemas = Object.entries(sdk).filter(([name, value]) => name.endsWith("$") && Array.isArray(value));
  const errors = new Map();
  for (const [, schema] of schemas) {
    if (schema[0] !== -3 || /ServiceException$/.test(schema[2])) continue;
    const [code, status] = schema[3].awsQueryError ?? [schema[2], schema[3].httpError ?? 400];
    errors.set(schema[2], { code, status });
  }
  const builder = shapeBuilder(model);
  const operations = schemas
    .filter(([, schema]) => schema[0] === 9)
    .map(([, schema]) => schema)
    .sort((a, b) => (a[2] < b[2] ? -1 : 1))
    .map(([, , name, , input, output]) => {
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
        pagination: model.operations[name]?.pagination,
      };
    });
  for (const { name, output } of operations)
    if (model.operations[name] && model.operations[name].output !== (output !== undefined))
      throw new Error(`${name}: the sources do not agree whether it has an output`);
  return { model, operations, shapes: builder.shapes, errors, version: require(`${packageName}/package.json`).version };
}

// ---- writing TypeScript ---------------------------------------------------------------------------------------------

const HEADER = (title, about, { version, model }, packageName) =>
  `// Generated by scripts/contracts.mjs (npm run contracts). Do not edit.\n` +
  `// Sources: ${packageName} ${version} and botocore ${model.source.botocore}, both Apache-2.0 (data/botocore/README.md).\n` +
  `/** ${title}: ${about} */\n`;

const json = JSON.stringify;
/** Names of our constants: a shape's name with a suffix that no JavaScript keyword or global has. */
const constant = (name) => `${name}Shape`;

function dataOf(shape) {
  const constraints = Object.entries(shape)
    .filter(([key]) => CONSTRAINTS.includes(key))
    .map(([key, value]) => `, ${key}: ${json(value)}`)
    .join("");
  if (shape.type === "list") return `{ type: "list", member: ${constant(shape.member)}${constraints} }`;
  if (shape.type === "map")
    return `{ type: "map", key: ${constant(shape.key)}, value: ${constant(shape.value)}${constraints} }`;
  if (shape.type !== "structure") return `{ type: ${json(shape.type)}${constraints} }`;
  const members = Object.entries(shape.members).map(
    ([name, member]) => `${name}: { shape: ${constant(member.shape)}${member.required ? ", required: true" : ""} }`,
  );
  return `{ type: "structure", members: { ${members.join(", ")} } }`;
}

function writeData(entry, description) {
  const { service, title, apiVersion, package: packageName } = entry;
  const { operations, shapes, errors, model } = description;
  const out = [HEADER(`The contract of ${title} ${apiVersion}`, "data only; its types are in the file beside it.", description, packageName)];
  out.push(`import type { ErrorShape, OperationContract, ServiceContract, Shape, StructureShape } from "./types.ts";\n`);
  if (operations.some(({ input, output }) => !input || !output))
    out.push(`const nothing: StructureShape = { type: "structure", members: {} };`);
  for (const [name, shape] of shapes)
    out.push(`const ${constant(name)}: ${shape.type === "structure" ? "StructureShape" : "Shape"} = ${dataOf(shape)};`);
  out.push("");
  const used = new Set(operations.flatMap((operation) => operation.errors));
  for (const name of [...used].sort()) {
    const error = errors.get(name);
    if (!error) throw new Error(`an error without a code: ${name}`);
    out.push(`const ${name}: ErrorShape = { code: ${json(error.code)}, status: ${error.status} };`);
  }
  out.push("", "const operations: Readonly<Record<string, OperationContract>> = {");
  for (const operation of operations) {
    const fields = [
      `name: ${json(operation.name)}`,
      `input: ${operation.input ? constant(operation.input) : "nothing"}`,
      `output: ${operation.output ? constant(operation.output) : "nothing"}`,
      ...(operation.output ? [] : ["noResult: true"]),
      `errors: [${operation.errors.join(", ")}]`,
      `auth: ${json(operation.auth)}`,
    ];
    if (operation.pagination) {
      const { input, output, limit, more, items } = operation.pagination;
      const pairs = Object.entries({ input, output, limit, more, items }).filter(([, value]) => value !== undefined);
      fields.push(`pagination: { ${pairs.map(([key, value]) => `${key}: ${json(value)}`).join(", ")} }`);
    }
    out.push(`  ${operation.name}: { ${fields.join(", ")} },`);
  }
  out.push("};", "");
  out.push(`export const ${service}: ServiceContract = {`);
  out.push(`  service: ${json(service)},`, `  apiVersion: ${json(model.metadata.apiVersion)},`, `  protocol: "query",`);
  out.push(`  xmlNamespace: ${json(model.metadata.xmlNamespace)},`, `  operations,`, `};`, "");
  return out.join("\n");
}

const upperFirst = (name) => name[0].toUpperCase() + name.slice(1);

function writeTypes(entry, description) {
  const { title, apiVersion, package: packageName } = entry;
  const { operations, shapes } = description;
  const about =
    "its requests and responses as types. Timestamps are Dates, blobs are bytes, and policy documents are plain JSON text " +
    "(wire/ percent-encodes them).";
  const out = [HEADER(`The contract of ${title} ${apiVersion}`, about, description, packageName)];
  const names = new Set();
  const typeOf = (name) => {
    const shape = shapes.get(name);
    if (shape.type === "structure") return name;
    if (shape.enum) return upperFirst(name);
    if (shape.type === "list") {
      const member = typeOf(shape.member);
      return `readonly ${member}[]`;
    }
    if (shape.type === "map") return `Readonly<Record<string, ${typeOf(shape.value)}>>`;
    return { string: "string", integer: "number", long: "number", double: "number", boolean: "boolean", timestamp: "Date", blob: "Uint8Array" }[shape.type];
  };
  const declare = (name, text) => {
    if (names.has(name)) throw new Error(`two types named ${name}`);
    names.add(name);
    out.push(text);
  };
  for (const [name, shape] of shapes) {
    if (shape.enum) declare(upperFirst(name), `export type ${upperFirst(name)} = ${shape.enum.map(json).join(" | ")};\n`);
    if (shape.type !== "structure") continue;
    const members = Object.entries(shape.members);
    if (members.length === 0) {
      declare(name, `export type ${name} = Readonly<Record<string, never>>;\n`);
      continue;
    }
    const lines = members.map(([member, { shape: target, required }]) =>
      required ? `  readonly ${member}: ${typeOf(target)};` : `  readonly ${member}?: ${typeOf(target)} | undefined;`,
    );
    declare(name, `export interface ${name} {\n${lines.join("\n")}\n}\n`);
  }
  const nothing = "Readonly<Record<string, never>>";
  declare(`${upperTitle(title)}Operations`, `export interface ${upperTitle(title)}Operations {`);
  for (const { name, input, output } of operations)
    out.push(`  readonly ${name}: { readonly input: ${input ?? nothing}; readonly output: ${output ?? nothing} };`);
  out.push("}", "");
  return out.join("\n");
}

const upperTitle = (title) => title[0] + title.slice(1).toLowerCase();

// ---- the command ----------------------------------------------------------------------------------------------------

function generate() {
  return SERVICES.flatMap((entry) => {
    const description = describe(entry);
    return [
      [`src/contracts/${entry.service}.gen.ts`, writeData(entry, description)],
      [`src/contracts/${entry.service}.types.gen.ts`, writeTypes(entry, description)],
    ];
  });
}

function check(files) {
  const current = (path) => {
    try {
      return readFileSync(join(ROOT, path), "utf8");
    } catch {
      return undefined;
    }
  };
  const stale = files.filter(([path, text]) => current(path) !== text).map(([path]) => path);
  for (const path of stale) console.error(`${path} is stale: run npm run contracts`);
  return stale.length === 0;
}

const [mode, argument] = process.argv.slice(2);
if (mode === "--extract" && argument) extract(argument);
else if (mode === "--check") process.exitCode = check(generate()) ? 0 : 1;
else if (mode === undefined) for (const [path, text] of generate()) writeFileSync(join(ROOT, path), text);
else {
  console.error("usage: node scripts/contracts.mjs [--check | --extract BOTOCORE_DATA_DIRECTORY]");
  process.exitCode = 2;
}
