import colors from "picocolors";

/** What a command may touch of the world, given from outside so that tests can. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How the program was called, for what to paste: `rolecall`, `node dist/main.js`. */
  readonly program: string;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error. */
  complain(line: string): void;
  /** All of standard input, where a command is given `-` for a file. */
  readInput(): Promise<string>;
  readonly color: ReturnType<typeof colors.createColors>;
}

/** Exit codes: 0 done, 1 failed, 2 called wrongly. */
export const exitCode = { done: 0, failed: 1, usage: 2 } as const;

/** What cannot be done, and why; told without a stack, exit code 1. */
export class CommandError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "CommandError";
  }
}

/** A command line that is wrong; exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** A file that cannot be used, and where in it; exit code 2, as a wrong command line. */
export class InputError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "InputError";
  }
}

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w/:=.,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
