import { spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandError } from "../../launch/terminal.ts";

/** What ends or steers a command from outside. What a terminal sends (Ctrl-C) it sends to all of its group by itself. */
const passed: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
const typed: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

/** As shells have it: 127 for a command that is not there, 126 for one that may not be run, 128 and the signal. */
const notFound = 127;
const notRunnable = 126;
const bySignal = 128;

/** A command that could not be started; `exitCode` as of a shell. */
export class NotStarted extends CommandError {
  readonly exitCode: number;
  constructor(command: string, cause: NodeJS.ErrnoException) {
    const missing = cause.code === "ENOENT";
    super(`${JSON.stringify(command)} cannot be run: ${missing ? "there is no such command" : cause.message}`, {
      cause,
    });
    this.exitCode = missing ? notFound : notRunnable;
  }
}

/**
 * Runs a command with this process's own standard input and outputs.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws NotStarted
 */
export function runChild(
  [command = "", ...words]: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  // Heard in any case, and before the command is there: it decides what they mean, and this process stays as long as it.
  const wait = (): void => undefined;
  for (const signal of passed) process.on(signal, handOn);
  for (const signal of typed) process.on(signal, onTerminal ? wait : handOn);
  const child = spawn(command, words, { env: variables, stdio: "inherit" });
  return new Promise<number>((resolve, reject) => {
    child.once("error", (error) => reject(new NotStarted(command, error)));
    child.once("close", (code, signal) => resolve(code ?? bySignal + constants.signals[signal!]));
  }).finally(() => {
    for (const signal of passed) process.off(signal, handOn);
    for (const signal of typed) process.off(signal, onTerminal ? wait : handOn);
  });
}
