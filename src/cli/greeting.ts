import { relative, sep } from "node:path";
import type { Settings } from "../config/index.ts";
import { isLoopback } from "../config/index.ts";
import * as accounts from "../store/organizations/accounts.ts";
import * as quotas from "../store/iam/quotas.ts";
import type { Started } from "../launch/runtime.ts";
import type { Terminal } from "../launch/terminal.ts";
import { shellWord } from "../launch/terminal.ts";

/** Variables that would speak louder than a profile in an AWS client. */
const overriding = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_IAM",
  "AWS_ENDPOINT_URL_STS",
];

/** What a start tells: where, what, and what to paste. */
export async function greet(started: Started, settings: Settings, version: string, terminal: Terminal): Promise<void> {
  const { color } = terminal;
  const { server } = started;
  const rows: [string, string][] = [["data", placeOfData(settings, terminal)]];
  if (settings.file !== null) rows.push(["settings", settings.file]);
  rows.push(["account", await accountLine(started)]);
  if (settings.workers > 1) rows.push(["workers", String(settings.workers)]);
  if (server.metricsUrl !== null) rows.push(["metrics", server.metricsUrl]);
  const lines = [
    `${color.bold("rolecall")} ${version} serves on ${color.bold(color.green(server.url))}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`),
    "",
    ...howToUse(started, settings, terminal),
  ];
  for (const line of lines) terminal.print(line);
  warnOfNetwork(settings, terminal);
}

function placeOfData(settings: Settings, terminal: Terminal): string {
  if (settings.ephemeral) return "in memory, gone at the end";
  const directory = shownPath(settings.dataDir, terminal);
  return settings.database === null ? `${directory} (SQLite)` : `${shownUrl(settings.database)}, ${directory}`;
}

/** Without user and password. */
function shownUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `PostgreSQL ${host}${pathname}`;
}

async function accountLine({ server }: Started): Promise<string> {
  const id = server.operatorAccount;
  if (server.created.some(({ operator }) => operator)) {
    const more = server.created.length - 1;
    return `${id}, new, with the user administrator${more === 0 ? "" : ` (and ${count(more, "other new account")})`}`;
  }
  const [total, used] = await server
    .environment()
    .database.read(async (tx) => [await accounts.count(tx), await quotas.all(tx, id)] as const);
  const here = `${count(used.get("UsersPerAccount") ?? 0, "user")}, ${count(used.get("RolesPerAccount") ?? 0, "role")}`;
  const others = total === 1 ? "" : `; ${count(total, "account")} in all`;
  const made = server.created.length === 0 ? "" : `, ${server.created.length} new`;
  return `${id} with ${here}${others}${made}`;
}

function howToUse(started: Started, settings: Settings, terminal: Terminal): string[] {
  if (started.profile === null) return useEphemeral(started, settings, terminal);
  if (started.profile.entry(undefined) === undefined) {
    return [
      "The administrator's key was given where the account was made. To make one here, end this server and, with the same settings, run:",
      `  ${terminal.program} admin recover${dataDirFlag(settings, terminal)}`,
    ];
  }
  const { configFile, credentialsFile } = started.profile;
  const louder = overriding.filter((name) => terminal.environment[name] !== undefined);
  return [
    "To use it, paste:",
    ...(louder.length === 0 ? [] : [`  unset ${louder.join(" ")}`]),
    `  export AWS_CONFIG_FILE=${shellWord(configFile)} AWS_SHARED_CREDENTIALS_FILE=${shellWord(credentialsFile)} AWS_PROFILE=rolecall`,
    "  aws sts get-caller-identity",
    `For tools that know no profiles: eval "$(${terminal.program} env${dataDirFlag(settings, terminal)})"`,
  ];
}

function useEphemeral({ server }: Started, settings: Settings, terminal: Terminal): string[] {
  const operator = server.created.find((administrator) => administrator.operator)!;
  const given = settings.adminAccessKeyId !== null;
  const louder = terminal.environment["AWS_SESSION_TOKEN"] === undefined ? [] : ["  unset AWS_SESSION_TOKEN"];
  const others = server.created
    .filter((administrator) => !administrator.operator)
    .map(
      ({ accountId, accessKeyId, secretAccessKey }) => `  # account ${accountId}: ${accessKeyId} ${secretAccessKey}`,
    );
  return [
    "To use it, paste:",
    ...louder,
    `  export AWS_ENDPOINT_URL=${shellWord(server.url)} AWS_REGION=${settings.region} AWS_DEFAULT_REGION=${settings.region}`,
    given
      ? `  export AWS_ACCESS_KEY_ID=${operator.accessKeyId}   # and AWS_SECRET_ACCESS_KEY as given`
      : `  export AWS_ACCESS_KEY_ID=${operator.accessKeyId} AWS_SECRET_ACCESS_KEY=${operator.secretAccessKey}`,
    ...others,
    "  aws sts get-caller-identity",
  ];
}

function warnOfNetwork(settings: Settings, terminal: Terminal): void {
  if (isLoopback(settings.host) || settings.tls !== null) return;
  const { color } = terminal;
  const warning = [
    "",
    `WARNING: listening on ${settings.host} WITHOUT TLS.`,
    "Whoever is on the network can read requests and answers: new secret keys, session tokens, policies.",
    "Give a certificate (--tls-cert FILE --tls-key FILE), put TLS in front, or listen on 127.0.0.1.",
    "",
  ];
  for (const line of warning) terminal.complain(line === "" ? line : color.bold(color.red(line)));
}

function dataDirFlag(settings: Settings, terminal: Terminal): string {
  const directory = shownPath(settings.dataDir, terminal);
  return directory === ".rolecall" ? "" : ` --data-dir ${shellWord(directory)}`;
}

/** Relative where it is below the working directory. */
function shownPath(path: string, terminal: Terminal): string {
  const below = relative(terminal.cwd, path);
  return below === "" || below.startsWith("..") || below.startsWith(sep) ? path : below;
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? "" : "s"}`;
}
