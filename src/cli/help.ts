import type { Command, Option } from "./command.ts";

/** The overview of all commands. */
export function overview(commands: readonly Command[], version: string): string {
  return [
    `rolecall ${version}: AWS-compatible IAM and STS that you run yourself`,
    "",
    "Usage: rolecall [command] [options]      (without a command: serve)",
    "",
    ...table(commands.map((command) => [command.name, command.summary])),
    "",
    '"rolecall help COMMAND" tells more of each. Exit codes: 0 done, 1 failed, 2 called wrongly.',
  ].join("\n");
}

/** All of one command. */
export function helpOf(command: Command): string {
  const words = command.words === undefined ? "" : ` ${command.words.placeholder}`;
  return [
    `Usage: rolecall ${command.name}${words}${command.options.length > 0 ? " [options]" : ""}`,
    "",
    command.summary,
    ...(command.details ?? []),
    ...(command.options.length === 0
      ? []
      : ["", ...table(command.options.map((option) => [left(option), option.describe]))]),
  ].join("\n");
}

function left({ name, short, placeholder }: Option): string {
  const long = `--${name}${placeholder === null ? "" : ` ${placeholder}`}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

const widest = 34;

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(widest, Math.max(...rows.map(([name]) => name.length))) + 2;
  return rows.flatMap(([name, text]) =>
    name.length > widest ? [`  ${name}`, `  ${" ".repeat(width)}${text}`] : [`  ${name.padEnd(width)}${text}`],
  );
}
