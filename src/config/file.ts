import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PolicySyntaxError, positionAt, readJson } from "../json/read.ts";
import type { JsonNode, JsonObject } from "../json/read.ts";
import { didYouMean, nearest } from "../text/nearest.ts";
import type { Problem } from "./problem.ts";

/** A value in the configuration file. */
export interface FileValue {
  readonly node: JsonNode;
  /** As written. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

export interface ConfigurationFile {
  /** As it was named, for messages. */
  readonly name: string;
  /** Where relative paths in it start. */
  readonly base: string;
  /** By key: `port`, `tls.cert`. */
  readonly values: ReadonlyMap<string, FileValue>;
}

/** The file that is read from the working directory when none is named. */
export const defaultFileName = "rolecall.json";

/**
 * Reads a configuration file: one JSON object; keys with a dot are members of an object (`{"tls": {"cert": …}}`).
 *
 * @param named by flag or environment; null looks for rolecall.json, which may be missing
 * @param keys all that a file may have
 * @returns null where no file was named and none is there
 */
export function readConfigurationFile(
  named: { readonly path: string; readonly place: string } | null,
  cwd: string,
  keys: readonly string[],
  problems: Problem[],
): ConfigurationFile | null {
  const name = named?.path ?? defaultFileName;
  const location = resolve(cwd, name);
  const text = readText(location, name, named, problems);
  if (text === null) return null;
  const values = new Map<string, FileValue>();
  try {
    const root = readJson(text);
    if (root.kind === "object") collect({ text, name, keys, values, problems }, root, "");
    else
      problems.push({ setting: "", message: `${name}, line 1: the file must be one JSON object, e.g. {"port": 7653}` });
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error;
    const message = `${name}, line ${error.line}, column ${error.column}: this is not JSON: ${error.message}`;
    problems.push({ setting: "", message });
  }
  return { name, base: dirname(location), values };
}

function readText(
  location: string,
  name: string,
  named: { readonly place: string } | null,
  problems: Problem[],
): string | null {
  try {
    return readFileSync(location, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (named === null && code === "ENOENT") return null;
    const why = code === "ENOENT" ? "does not exist: make it, or name another" : `cannot be read (${message})`;
    problems.push({
      setting: "config",
      message: `the configuration file ${name}${named === null ? "" : ` (${named.place})`} ${why}`,
    });
    return null;
  }
}

interface Collection {
  readonly text: string;
  readonly name: string;
  readonly keys: readonly string[];
  readonly values: Map<string, FileValue>;
  readonly problems: Problem[];
}

function collect(into: Collection, object: JsonObject, prefix: string): void {
  for (const { key, value } of object.members) {
    const path = prefix + key.value;
    const { line } = positionAt(into.text, key.start);
    const group = into.keys.some((known) => known.startsWith(`${path}.`));
    if (group && value.kind === "object") {
      collect(into, value, `${path}.`);
    } else if (group) {
      const inside = into.keys.filter((known) => known.startsWith(`${path}.`)).slice(0, 2);
      into.problems.push({
        setting: path,
        message: `${into.name}, line ${line}: ${path} must be an object with ${inside.map((known) => known.slice(path.length + 1)).join(", ")}…`,
      });
    } else if (into.keys.includes(path)) {
      into.values.set(path, { node: value, text: into.text.slice(value.start, value.end), line });
    } else {
      into.problems.push({
        setting: path,
        message: `${into.name}, line ${line}: there is no setting "${path}".${didYouMean(nearest(path, into.keys))} "rolecall help serve" lists them`,
      });
    }
  }
}
