import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CONSTRAINTS, ROOT, SERVICES } from "./services.mjs";

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
    const lines = Object.entries(entries)
      .filter(([, entry]) => entry !== undefined)
      .map(([name, entry]) => `    ${JSON.stringify(name)}: ${JSON.stringify(entry)}`);
    return `  ${JSON.stringify(section)}: {\n${lines.join(",\n")}\n  }`;
  });
  return `{\n${sections.join(",\n")}\n}\n`;
}

/** Services of all whose requests are signed for one of ours, with their newest API version: another API of the same. */
function signedForOurs(directory) {
  const ours = new Set(SERVICES.map(({ service }) => service));
  const found = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const version = readdirSync(join(directory, name)).sort().at(-1);
      const file = join(directory, name, version, "service-2.json.gz");
      if (!existsSync(file)) return [];
      const { metadata } = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
      return ours.has(metadata.signingName ?? metadata.endpointPrefix) ? [[name, version]] : [];
    });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes data/botocore/{services,iam,sts}.json; `directory` is the `data` folder of an installed botocore. */
export function extract(directory) {
  const init = readFileSync(join(directory, "..", "__init__.py"), "utf8");
  const version = /__version__ = '([^']+)'/.exec(init)?.[1];
  if (!version) throw new Error(`no botocore version beside ${directory}`);
  const source = { botocore: version, license: "Apache-2.0" };
  writeFileSync(join(ROOT, "data/botocore/services.json"), jsonLines({ source, services: signedForOurs(directory) }));
  for (const { service, apiVersion } of SERVICES) {
    const folder = join(directory, service, apiVersion);
    const model = JSON.parse(gunzipSync(readFileSync(join(folder, "service-2.json.gz"))).toString("utf8"));
    const { pagination } = JSON.parse(readFileSync(join(folder, "paginators-1.json"), "utf8"));
    const map = (entries, f) =>
      Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, f(entry, name)]));
    const { apiVersion: modelVersion, protocol, jsonVersion, targetPrefix, xmlNamespace } = model.metadata;
    writeFileSync(
      join(ROOT, "data/botocore", `${service}.json`),
      jsonLines({
        source,
        metadata: { apiVersion: modelVersion, protocol, jsonVersion, targetPrefix, xmlNamespace },
        operations: map(model.operations, (operation, name) => extractOperation(operation, pagination[name])),
        shapes: map(model.shapes, extractShape),
      }),
    );
  }
}
