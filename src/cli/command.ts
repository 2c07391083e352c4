import type { ParseArgsConfig } from "node:util";
import { parseArgs } from "node:util";
import { didYouMean, nearest } from "../text/nearest.ts";
import type { Terminal } from "../launch/terminal.ts";
import { UsageError } from "../launch/terminal.ts";

/** An option of a command line. Values are text always: account ids begin with zeros, secrets look like numbers. */
export interface Option {
  /** Without dashes: `data-dir`. */
  readonly name: string;
  readonly short?: string;
  /** How help shows the value; null for an option that stands alone. */
  readonly placeholder: string | null;
  readonly describe: string;
  /** May be given more than once; its values are in `Repeated`. */
  readonly repeats?: true;
}

/** Values of the options that may be given more than once, in the order of the command line. */
export type Repeated = ReadonlyMap<string, readonly string[]>;

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  /** One or two words: `serve`, `account create`. */
  readonly name: string;
  readonly summary: string;
  /** More for its own help; lines. */
  readonly details?: readonly string[];
  readonly options: readonly Option[];
  /** At most so many words after the options. */
  readonly words?: {
    readonly placeholder: string;
    readonly most: number;
    /** They stand behind `--`, since they are another command's, with options of its own. */
    readonly behindDashes?: true;
  };
  /** @returns the exit code, once there is nothing more to do */
  run(values: OptionValues, terminal: Terminal, words: readonly string[], repeated: Repeated): Promise<number>;
}

/** Reads the options of a command strictly. @throws UsageError */
export function readOptions(
  command: Command,
  given: readonly string[],
): { values: OptionValues; words: string[]; repeated: Repeated } {
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const { name, short, placeholder } of command.options) {
    options[name] = { type: placeholder === null ? "boolean" : "string", ...(short === undefined ? {} : { short }) };
  }
  const { values, positionals, tokens } = parseArgs({
    args: [...given],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const known = new Map(command.options.map((option) => [option.name, option]));
  const repeated = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    checkOption(command, known, token);
    if (known.get(token.name)!.repeats !== true) continue;
    const list = repeated.get(token.name) ?? [];
    repeated.set(token.name, [...list, token.value!]);
  }
  if (command.words?.behindDashes) refuseWordsBefore(command, tokens);
  const most = command.words?.most ?? 0;
  if (positionals.length > most) {
    throw new UsageError(`${command.name} does not take ${JSON.stringify(positionals[most])}`);
  }
  return { values: values as OptionValues, words: positionals, repeated };
}

/** @throws UsageError */
function refuseWordsBefore({ name, words }: Command, tokens: readonly { kind: string; value?: unknown }[]): void {
  const first = tokens.find(({ kind }) => kind !== "option");
  if (first?.kind !== "positional") return;
  throw new UsageError(
    `what ${name} runs stands behind --: rolecall ${name} [options] ${words!.placeholder}, here -- ${String(first.value)} …`,
  );
}

function checkOption(
  command: Command,
  known: ReadonlyMap<string, Option>,
  token: { readonly name: string; readonly rawName: string; readonly value?: string | undefined },
): void {
  const option = known.get(token.name);
  if (option === undefined) {
    const guess = nearest(token.name, known.keys());
    throw new UsageError(
      `${command.name} has no option ${token.rawName}.${didYouMean(guess === null ? null : `--${guess}`)}`,
    );
  }
  if (option.placeholder === null && token.value !== undefined) {
    throw new UsageError(`${token.rawName} stands alone and takes no value`);
  }
  if (option.placeholder !== null && token.value === undefined) {
    throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.placeholder}`);
  }
}
