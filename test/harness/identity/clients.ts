/** Unmodified clients of AWS that find their credentials by themselves, as far as they are on this machine. */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const works = (command: string, ...words: readonly string[]): boolean =>
  spawnSync(command, words, { timeout: 20_000, stdio: "ignore" }).status === 0;

export const hasAws = works("aws", "--version");
const hasBoto3 = works("python3", "-c", "import boto3");

/** Command lines that answer each line of their standard input with an access key and an ARN. */
export const askers: readonly (readonly [client: string, command: readonly string[]])[] = [
  ["the SDK for JavaScript", [process.execPath, "--no-warnings", script("ask.mjs")]],
  ...(hasBoto3 ? [["boto3", ["python3", script("ask.py")]] as const] : []),
];

/** What no client on a machine may bring along by itself. */
export const bareEnvironment = {
  PATH: process.env["PATH"]!,
  LANG: "C.UTF-8",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_MAX_ATTEMPTS: "1",
  AWS_PAGER: "",
};

export interface Asker {
  /** The access key that is used, and the ARN that it is of. */
  ask(): Promise<{ readonly key: string; readonly arn: string }>;
  close(): void;
}

export function startAsker([command, ...words]: readonly string[], env: NodeJS.ProcessEnv): Asker {
  const child: ChildProcess = spawn(command!, words, { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async ask() {
      child.stdin!.write("\n");
      const line = await lines.next();
      if (line.done) throw new Error("the client ended");
      const [key = "", arn = ""] = line.value.split(" ");
      return { key, arn };
    },
    close: () => child.stdin!.end(),
  };
}
