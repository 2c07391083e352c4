import { ConfigurationError } from "../config/index.ts";
import { MasterKeyError } from "../seal/errors.ts";
import { Unavailable } from "../store/sql/errors.ts";
import { didYouMean, nearest } from "../text/nearest.ts";
import type { Command } from "./command.ts";
import { readOptions } from "./command.ts";
import { helpOf, overview } from "./help.ts";
import type { Terminal } from "../launch/terminal.ts";
import { CommandError, exitCode, guarded, InputError, UsageError } from "../launch/terminal.ts";
import { version } from "../launch/version.ts";

/** A command is loaded when it is called: `env` in a shell prompt must not wait for a server's code. */
interface Entry {
  readonly name: string;
  readonly load: () => Promise<Command>;
}

const entries: readonly Entry[] = [
  { name: "serve", load: async () => (await import("./serve.ts")).serve },
  { name: "env", load: async () => (await import("./env.ts")).env },
  { name: "sign-in", load: async () => (await import("./sign-in.ts")).signIn },
  { name: "federation check", load: async () => (await import("./federation/check.ts")).federationCheck },
  { name: "exec", load: async () => (await import("./credentials/exec.ts")).exec },
  {
    name: "credential-process",
    load: async () => (await import("./credentials/credential-process.ts")).credentialProcess,
  },
  { name: "account create", load: async () => (await import("./account.ts")).accountCreate },
  { name: "account list", load: async () => (await import("./account.ts")).accountList },
  { name: "keys rotate", load: async () => (await import("./keys.ts")).keysRotate },
  { name: "issuer keys", load: async () => (await import("./issuer.ts")).issuerKeys },
  { name: "issuer rotate", load: async () => (await import("./issuer.ts")).issuerRotate },
  { name: "tokens register", load: async () => (await import("./hardware-tokens.ts")).tokensRegister },
  { name: "tokens list", load: async () => (await import("./hardware-tokens.ts")).tokensList },
  { name: "tokens deregister", load: async () => (await import("./hardware-tokens.ts")).tokensDeregister },
  { name: "oidc keys", load: async () => (await import("./oidc-keys.ts")).oidcKeys },
  { name: "keys list", load: async () => (await import("./keys.ts")).keysList },
  {
    name: "delegation notifications",
    load: async () => (await import("./delegation.ts")).delegationNotifications,
  },
  { name: "sessions revoke", load: async () => (await import("./sessions/revoke.ts")).sessionsRevoke },
  { name: "admin recover", load: async () => (await import("./admin.ts")).adminRecover },
  { name: "admin restore", load: async () => (await import("./admin.ts")).adminRestore },
  { name: "trail tail", load: async () => (await import("./trail.ts")).trailTail },
  { name: "tour", load: async () => (await import("./tour/command.ts")).tour },
  { name: "explain", load: async () => (await import("./policy/explain.ts")).explainCommand },
  { name: "validate", load: async () => (await import("./policy/validate.ts")).validateCommand },
  { name: "test", load: async () => (await import("./policy/test.ts")).testCommand },
  { name: "help", load: async () => help },
  { name: "version", load: async () => versionCommand },
];

const help: Command = {
  name: "help",
  summary: "Show this, or all of one command.",
  options: [],
  words: { placeholder: "[COMMAND]", most: 2 },
  async run(_values, terminal, words) {
    if (words.length === 0) {
      const commands = await Promise.all(entries.map((entry) => entry.load()));
      terminal.print(overview(commands, version()));
      return exitCode.done;
    }
    const { entry, rest } = find(words);
    if (rest.length > 0) throw unknownCommand(words);
    terminal.print(helpOf(await entry.load()));
    return exitCode.done;
  },
};

const versionCommand: Command = {
  name: "version",
  summary: "Show the version.",
  options: [],
  async run(_values, terminal) {
    terminal.print(version());
    return exitCode.done;
  },
};

/**
 * Runs a command line.
 *
 * @param given the words after the program
 * @param outside takes what is safe to show
 * @returns the exit code; every error has been told
 */
export async function run(given: readonly string[], outside: Terminal): Promise<number> {
  const terminal = guarded(outside);
  try {
    return await dispatch(given, terminal);
  } catch (error) {
    return complain(error, terminal);
  }
}

async function dispatch(given: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...others] = given;
  if (first === "--help" || first === "-h") return help.run({}, terminal, [], new Map());
  if (first === "--version" || first === "-v") return versionCommand.run({}, terminal, [], new Map());
  // Options without a command are those of `serve`.
  const { entry, rest } =
    first === undefined || first.startsWith("-") ? { entry: entries[0]!, rest: given } : find([first, ...others]);
  const command = await entry.load();
  // Behind -- stand another command's words.
  const own = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if (own.includes("--help") || own.includes("-h")) return help.run({}, terminal, command.name.split(" "), new Map());
  const { values, words, repeated } = readOptions(command, rest);
  return command.run(values, terminal, words, repeated);
}

/** The command that the first one or two words name. @throws UsageError */
function find(words: readonly string[]): { entry: Entry; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const entry = entries.find(({ name }) => name === words.slice(0, length).join(" "));
    if (entry !== undefined) return { entry, rest: words.slice(length) };
  }
  throw unknownCommand(words);
}

function unknownCommand(words: readonly string[]): UsageError {
  const names = entries.map(({ name }) => name);
  const [first = "", second = ""] = words;
  const family = names.filter((name) => name.startsWith(`${first} `));
  if (family.length > 0 && (second === "" || second.startsWith("-"))) {
    return new UsageError(`${first} needs one more word: ${family.join(", ")}`);
  }
  const typed = family.length > 0 ? `${first} ${second}` : first;
  return new UsageError(`there is no command ${JSON.stringify(typed)}.${didYouMean(nearest(typed, names))}`);
}

function complain(error: unknown, terminal: Terminal): number {
  const say = (text: string): void => {
    for (const [index, line] of text.split("\n").entries()) {
      terminal.complain(index === 0 ? `${terminal.color.red("rolecall:")} ${line}` : line);
    }
  };
  if (error instanceof UsageError) {
    say(`${error.message}\n"rolecall help" shows what there is.`);
    return exitCode.usage;
  }
  if (error instanceof InputError) {
    say(error.message);
    return exitCode.usage;
  }
  if (error instanceof ConfigurationError) {
    for (const { message } of error.problems) say(message);
    return exitCode.usage;
  }
  const expected = error instanceof CommandError || error instanceof MasterKeyError || error instanceof Unavailable;
  say(
    expected ? error.message : `a defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return exitCode.failed;
}
