import { environmentName, flagName } from "./declaration.ts";
import type { Problem } from "./problem.ts";
import { isLoopback } from "./settings.ts";
import type { Settings } from "./settings.ts";

/** Where a setting was given; null when it has its default. */
type PlaceOf = (key: string) => string | null;

interface Check {
  /** The settings that it looks at: where one of them is wrong by itself, nothing can be said of all. */
  readonly keys: readonly string[];
  readonly check: (settings: Settings, placeOf: PlaceOf) => readonly Problem[];
}

const preset = ["account", "adminAccessKeyId", "adminSecretAccessKey"] as const;

const checks: readonly Check[] = [
  { keys: ["tls.cert", "tls.key"], check: checkTls },
  { keys: ["ephemeral", "dataDir", "database"], check: checkEphemeral },
  { keys: ["ephemeral", "workers"], check: checkWorkers },
  { keys: ["ephemeral", "host", ...preset], check: checkPreset },
  { keys: ["masterKey", "masterKeyFile"], check: checkMasterKey },
  { keys: ["account", "accounts", "externalAccounts"], check: checkAccounts },
];

/**
 * What no single setting shows: settings that need, or exclude, each other.
 *
 * @param wrong keys of settings that are wrong by themselves
 */
export function checkTogether(settings: Settings, placeOf: PlaceOf, wrong: ReadonlySet<string>): readonly Problem[] {
  return checks
    .filter(({ keys }) => !keys.some((key) => wrong.has(key)))
    .flatMap(({ check }) => check(settings, placeOf));
}

function checkTls(_settings: Settings, placeOf: PlaceOf): readonly Problem[] {
  const missing = (["tls.cert", "tls.key"] as const).filter((key) => placeOf(key) === null);
  if (missing.length !== 1) return [];
  const [key] = missing as ["tls.cert" | "tls.key"];
  const given = key === "tls.cert" ? "tls.key" : "tls.cert";
  return [problem(key, `${placeOf(given)}: ${given} needs ${key} beside it: give ${ways(key)}`)];
}

/** An ephemeral server leaves nothing behind: a place to keep data in would be a promise that it breaks. */
function checkEphemeral(settings: Settings, placeOf: PlaceOf): readonly Problem[] {
  if (!settings.ephemeral) return [];
  return ["dataDir", "database"]
    .filter((key) => placeOf(key) !== null)
    .map((key) =>
      problem(
        key,
        `${placeOf(key)}: ${key} has no use with ephemeral (${placeOf("ephemeral")}), which keeps all in memory: remove one of them`,
      ),
    );
}

/** What is kept in the memory of one process cannot be served by another. */
function checkWorkers({ ephemeral, workers }: Settings, placeOf: PlaceOf): readonly Problem[] {
  if (!ephemeral || workers === 1) return [];
  return [
    problem(
      "workers",
      `${placeOf("workers")}: ${workers} workers cannot share what an ephemeral server (${placeOf("ephemeral")}) keeps in the memory of one process: remove one of them`,
    ),
  ];
}

/** Known credentials must never guard anything that lasts or that others can reach. */
function checkPreset(settings: Settings, placeOf: PlaceOf): readonly Problem[] {
  const given = preset.filter((key) => placeOf(key) !== null);
  if (given.length === 0) return [];
  const problems: Problem[] = [];
  for (const key of given) {
    if (!settings.ephemeral) {
      problems.push(
        problem(
          key,
          `${placeOf(key)}: ${key} can be given to an ephemeral server only: add --ephemeral, or remove it and use the account and key that the first start makes`,
        ),
      );
    } else if (!isLoopback(settings.host)) {
      problems.push(
        problem(
          key,
          `${placeOf(key)}: ${key} cannot be given when the server listens beyond loopback (host ${settings.host}): credentials that others may know would be open to the network; remove it, or listen on 127.0.0.1`,
        ),
      );
    }
  }
  const [id, secret] = [settings.adminAccessKeyId, settings.adminSecretAccessKey];
  if ((id === null) !== (secret === null)) {
    const missing = id === null ? "adminAccessKeyId" : "adminSecretAccessKey";
    const there = id === null ? "adminSecretAccessKey" : "adminAccessKeyId";
    problems.push(problem(missing, `${placeOf(there)}: ${there} needs ${missing} beside it: give ${ways(missing)}`));
  }
  return problems;
}

function checkMasterKey(_settings: Settings, placeOf: PlaceOf): readonly Problem[] {
  const [key, file] = [placeOf("masterKey"), placeOf("masterKeyFile")];
  if (key === null || file === null) return [];
  return [problem("masterKeyFile", `${file}: the master key is given twice, here and by ${key}: remove one of them`)];
}

function checkAccounts(settings: Settings, placeOf: PlaceOf): readonly Problem[] {
  const own = new Set([
    ...settings.accounts.map(({ id }) => id),
    ...(settings.account === null ? [] : [settings.account]),
  ]);
  return settings.externalAccounts
    .filter((id) => own.has(id))
    .map((id) =>
      problem(
        "externalAccounts",
        `${placeOf("externalAccounts")}: the account ${id} is also one of this server's own: remove it here or there`,
      ),
    );
}

function problem(setting: string, message: string): Problem {
  return { setting, message };
}

function ways(key: string): string {
  return `--${flagName(key)}, ${environmentName(key)}, or "${key}" in the configuration file`;
}
