/** The aws CLI, where it is installed. */
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";

export interface CliAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface AwsCli {
  /** @param args without `aws` */
  run(...args: readonly string[]): Promise<CliAnswer>;
  close(): void;
}

/** `aws-cli/1.45.11 …`, or null where it is not installed. */
export function awsCliVersion(): string | null {
  const asked = spawnSync("aws", ["--version"], { encoding: "utf8", timeout: 20_000 });
  return asked.status === 0 ? (asked.stdout || asked.stderr).trim() : null;
}

/** Nothing of the machine's own configuration may reach the CLI: only the server and the keys that a test names. */
function environment(url: string, keys: SigningCredentials): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    LANG: "C.UTF-8",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    AWS_DEFAULT_OUTPUT: "json",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.sessionToken }),
  };
}

/** The command as anyone starts it. @param more variables of its environment */
export function awsCommand(
  url: string,
  keys: SigningCredentials,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<CliAnswer> {
  return new Promise((resolve, reject) => {
    const env = { ...environment(url, keys), ...more };
    const child = spawn("aws", args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const texts = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (texts.out += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (texts.err += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, ...texts }));
  });
}

/**
 * The same CLI for many commands: version 1 is a Python package, so one process can run them all. Where it is not (the
 * second version brings a Python of its own), every command starts anew.
 */
export function awsCli(url: string, keys: SigningCredentials): AwsCli {
  const importable = spawnSync("python3", ["-c", "import awscli.clidriver"], { timeout: 20_000 }).status === 0;
  if (!importable) return { run: (...args) => awsCommand(url, keys, args), close: () => undefined };
  const script = fileURLToPath(new URL("aws_cli.py", import.meta.url));
  const child = spawn("python3", [script], { env: environment(url, keys), stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(...args) {
      child.stdin.write(`${JSON.stringify(args)}\n`);
      const line = await lines.next();
      if (line.done) throw new Error("the aws CLI's process ended");
      return JSON.parse(line.value) as CliAnswer;
    },
    close: () => child.stdin.end(),
  };
}
