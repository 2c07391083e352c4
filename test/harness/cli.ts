import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import colors from "picocolors";
import { resolveSettings } from "../../src/config/index.ts";
import { run } from "../../src/cli/run.ts";
import type { Started } from "../../src/launch/runtime.ts";
import { startFromSettings } from "../../src/launch/runtime.ts";
import type { Terminal } from "../../src/launch/terminal.ts";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal that keeps what is written to it. */
export class Recorder implements Terminal {
  readonly program = "rolecall";
  readonly color = colors.createColors(false);
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  out = "";
  err = "";
  readonly #input: string;
  readonly #secrets: (string | null)[];

  constructor(
    cwd: string,
    environment: Readonly<Record<string, string>> = {},
    input = "",
    secrets: string | readonly string[] | null = null,
  ) {
    this.cwd = cwd;
    this.environment = environment;
    this.#input = input;
    this.#secrets = Array.isArray(secrets) ? [...(secrets as readonly string[])] : [secrets as string | null];
  }
  async readInput(): Promise<string> {
    return this.#input;
  }
  async readSecret(question: string): Promise<string | null> {
    this.err += question;
    return this.#secrets.shift() ?? null;
  }
  print(line: string): void {
    this.out += `${line}\n`;
  }
  complain(line: string): void {
    this.err += `${line}\n`;
  }
}

/** Runs a command line in this process. */
export async function rolecall(
  cwd: string,
  words: readonly string[],
  environment: Record<string, string> = {},
  input = "",
  secrets: string | readonly string[] | null = null,
): Promise<Said> {
  const terminal = new Recorder(cwd, environment, input, secrets);
  const code = await run(words, terminal);
  return { code, out: terminal.out, err: terminal.err };
}

/** A server in this process as `serve` starts it, on a free port. Errors that nobody expects fail the test. */
export function serveIn(
  cwd: string,
  flags: Record<string, string | boolean> = {},
  onError = (error: unknown): void => {
    throw error;
  },
): Promise<Started> {
  return startFromSettings(resolveSettings({ flags: { port: "0", ...flags }, environment: {}, cwd }), { onError });
}

export function emptyDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "rolecall-cli-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
