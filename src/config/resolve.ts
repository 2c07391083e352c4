import { defaultQuotas } from "../operation/quotas.ts";
import type { Quotas } from "../operation/quotas.ts";
import { checkTogether } from "./check.ts";
import type { Declaration } from "./declaration.ts";
import { environmentName, flagName } from "./declaration.ts";
import { allDeclarations, declarations, quotaDeclarations } from "./declarations.ts";
import { readConfigurationFile } from "./file.ts";
import type { ConfigurationFile } from "./file.ts";
import { ConfigurationError } from "./problem.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** What is outside: nothing in config/ reads the process itself. */
export interface Sources {
  /** By flag name without dashes (`data-dir`); `true` for one that stands alone. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Leaves rolecall.json of the working directory unread. */
  readonly withoutFile?: boolean;
  readonly furtherCheck?: FurtherCheck | undefined;
}

/** What is wrong with the things that settings name. @param valueOf a setting by its key; null where it was not given */
export type FurtherCheck = (valueOf: (key: string) => unknown) => readonly Problem[];

/** A value and where it came from: `--port`, `ROLECALL_PORT`, `rolecall.json, line 3`; null for the default. */
export interface Resolved<T> {
  readonly value: T | null;
  readonly place: string | null;
}

/**
 * The settings from flags, environment, configuration file and defaults, in this order. An empty environment variable
 * counts as absent, as shells and compose files leave them so.
 *
 * @throws ConfigurationError with everything that is wrong
 */
export function resolveSettings(sources: Sources): Settings {
  const problems: Problem[] = [];
  const keys = allDeclarations.filter((declaration) => declaration.sources.file).map((declaration) => declaration.key);
  const file =
    sources.withoutFile === true ? null : readConfigurationFile(namedFile(sources), sources.cwd, keys, problems);
  const resolved = new Map(
    allDeclarations.map((declaration) => [declaration.key, resolveOne(declaration, sources, file, problems)]),
  );
  const settings = assemble(resolved, sources, file);
  const wrong = new Set(problems.map(({ setting }) => setting));
  problems.push(...checkTogether(settings, (key) => resolved.get(key)?.place ?? null, wrong));
  problems.push(...(sources.furtherCheck?.((key) => resolved.get(key)?.value ?? null) ?? []));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return settings;
}

function namedFile({ flags, environment }: Sources): { path: string; place: string } | null {
  const byFlag = flags["config"];
  if (typeof byFlag === "string") return { path: byFlag, place: "--config" };
  const byEnvironment = environment["ROLECALL_CONFIG"];
  return byEnvironment === undefined || byEnvironment === "" ? null : { path: byEnvironment, place: "ROLECALL_CONFIG" };
}

function resolveOne(
  declaration: Declaration<unknown>,
  sources: Sources,
  file: ConfigurationFile | null,
  problems: Problem[],
): Resolved<unknown> {
  const { kind, key } = declaration;
  const flag = sources.flags[flagName(key)];
  if (flag !== undefined) {
    const text = String(flag);
    return settle(declaration, kind.fromText(text, sources.cwd), text, `--${flagName(key)}`, problems);
  }
  const variable = environmentName(key);
  const text = declaration.sources.environment ? sources.environment[variable] : undefined;
  if (text !== undefined && text !== "") {
    return settle(declaration, kind.fromText(text, sources.cwd), text, variable, problems);
  }
  const found = file?.values.get(key);
  if (file != null && found !== undefined) {
    const place = `${file.name}, line ${found.line}`;
    return settle(declaration, kind.fromJson(found.node, file.base), found.text, place, problems);
  }
  return { value: declaration.fallback, place: null };
}

function settle(
  declaration: Declaration<unknown>,
  value: unknown,
  text: string,
  place: string,
  problems: Problem[],
): Resolved<unknown> {
  if (value === undefined) problems.push(wrongValue(declaration, text, place));
  return { value: value ?? declaration.fallback, place };
}

function wrongValue(declaration: Declaration<unknown>, text: string, place: string): Problem {
  const { key, kind, secret } = declaration;
  // The file's text has its own quotes, which tell a string from a number.
  const written = isFromFile(declaration, place) ? text : JSON.stringify(text);
  const shown = secret ? "the value given" : written.slice(0, 120);
  const remedy = text.startsWith("tcp://") ? linkedService : `; for example ${exampleFor(declaration, place)}`;
  return { setting: key, message: `${place}: ${key}: ${shown} is not ${kind.expects}${remedy}` };
}

/** Kubernetes and Docker links set NAME_PORT=tcp://… for a service called NAME. */
const linkedService =
  "; this looks like a variable that Kubernetes or Docker made for a service named rolecall: turn those off " +
  "(enableServiceLinks: false) or give the service another name";

function isFromFile({ key }: Declaration<unknown>, place: string): boolean {
  return place !== `--${flagName(key)}` && place !== environmentName(key);
}

/** As it is written at the same place. */
function exampleFor(declaration: Declaration<unknown>, place: string): string {
  const { key, kind, example } = declaration;
  if (!isFromFile(declaration, place)) return `${place}${place.startsWith("--") ? " " : "="}${example}`;
  const value = kind.fromText(example, "/");
  return `"${key.split(".").at(-1)}": ${JSON.stringify(typeof value === "string" ? example : value)}`;
}

function assemble(
  resolved: ReadonlyMap<string, Resolved<unknown>>,
  sources: Sources,
  file: ConfigurationFile | null,
): Settings {
  const value = (key: string): unknown => resolved.get(key)!.value;
  const plain = Object.fromEntries(Object.entries(declarations).map(([name, { key }]) => [name, value(key)]));
  const { tlsCert, tlsKey, ...rest } = plain;
  const quotas: Quotas = {
    ...defaultQuotas,
    ...Object.fromEntries(quotaDeclarations.map(({ quota, key }) => [quota, value(key)])),
  };
  const tls = typeof tlsCert === "string" && typeof tlsKey === "string" ? { cert: tlsCert, key: tlsKey } : null;
  const dataDir = declarations.dataDir.kind.fromText(String(rest["dataDir"]), sources.cwd)!;
  return { ...rest, dataDir, quotas, tls, file: file?.name ?? null } as unknown as Settings;
}
