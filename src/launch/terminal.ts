import colors from "picocolors";
import { shorten } from "../text/shorten.ts";
import { visible, visibleJson } from "../text/visible.ts";

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
  /** All of standard input, where a command is given `-` for a file, or a secret. */
  readInput(): Promise<string>;
  /** What is typed behind a question, unseen; null where there is no terminal. */
  readSecret(question: string): Promise<string | null>;
  readonly color: ReturnType<typeof colors.createColors>;
}

/** Characters of a line; a record of the trail has fewer (trail/record.ts). */
const longestLine = 1_000_000;
/** The line break, and the styles that `Terminal.color` is used for here (ECMA-48, SGR). */
// oxlint-disable-next-line no-control-regex -- the escape character is what styles begin with
const layout = /(\n|\u001B\[(?:1|2|22|31|32|33|36|39)m)/;
const lineBreak = /(\n)/;

/**
 * A terminal that shows what it is given and cannot be steered by it, whoever wrote it: all that is printed goes through
 * here. Our own layout passes, so a text that must stay on its line is made `visible` where it comes in.
 */
export function guarded(terminal: Terminal): Terminal {
  const { environment, cwd, program, color } = terminal;
  const ours = color.isColorSupported ? layout : lineBreak;
  const safe = (text: string): string =>
    text
      .split(ours)
      .map((piece, index) => (index % 2 === 1 ? piece : visible(shorten(piece, longestLine))))
      .join("");
  return {
    environment,
    cwd,
    program,
    color,
    print: (line) => terminal.print(safe(line)),
    complain: (line) => terminal.complain(safe(line)),
    readInput: () => terminal.readInput(),
    readSecret: (question) => terminal.readSecret(question),
  };
}

/** A value as a line of JSON that is safe to show and means the same. */
export function jsonLine(value: unknown): string {
  return visibleJson(JSON.stringify(value));
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
