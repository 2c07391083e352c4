/**
 * Runs the commands of a document as a reader would paste them: all of its blocks in one shell, beside a server of its
 * own in an empty directory.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Block } from "../../docs/documents.ts";
import { root } from "../../docs/documents.ts";

/** What a block said, and how its last command ended. */
export interface Outcome {
  readonly output: string;
  readonly code: number | null;
  /** Commands that failed. */
  readonly failed: readonly string[];
}

export const awsInstalled = spawnSync("aws", ["--version"], { timeout: 20_000 }).status === 0;

/** Compiles what `npm start` would. @throws Error with what the compiler said */
export function buildOnce(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts", "start.mjs"), "version"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the program cannot be built:\n${stdout}${stderr}`);
}

/** The account that the server begins with, so that outputs can be told beforehand. */
const account = "111122223333";

/** A directory in which `node dist/main.js`, `rolecall` and `examples/` work as in a clone. */
export interface Workplace {
  readonly directory: string;
  run(blocks: readonly Block[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** @param serve whether a server is there; the document starts its own otherwise */
export async function openWorkplace(serve: boolean): Promise<Workplace> {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-docs-"));
  const ports = new Map<string, string>();
  for (const usual of ["7653", "7654"]) ports.set(usual, String(await freePort()));
  mkdirSync(join(directory, "bin"));
  writeFileSync(
    join(directory, "bin", "rolecall"),
    `#!/bin/sh\nexec "${process.execPath}" "${root}dist/main.js" "$@"\n`,
  );
  chmodSync(join(directory, "bin", "rolecall"), 0o755);
  symlinkSync(join(root, "dist"), join(directory, "dist"));
  cpSync(join(root, "examples"), join(directory, "examples"), { recursive: true });
  const environment = {
    PATH: `${join(directory, "bin")}:${process.env["PATH"]}`,
    HOME: directory,
    LANG: "C.UTF-8",
    AWS_PAGER: "",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_MAX_ATTEMPTS: "1",
  };
  const endServer = serve ? await startServer(directory, ports.get("7653")!, environment) : async () => {};
  return {
    directory,
    run: (blocks) => runBlocks(blocks, { directory, ports, environment }),
    async close() {
      await endServer();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startServer(directory: string, port: string, environment: NodeJS.ProcessEnv): Promise<Ending> {
  const words = [join(root, "dist", "main.js"), "--port", port, "--accounts", `${account}=main`];
  const server = spawn(process.execPath, words, {
    cwd: directory,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(server, "close");
  let said = "";
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text;
      if (said.includes("get-caller-identity")) resolve();
    };
    server.stdout.setEncoding("utf8").on("data", hear);
    server.stderr.setEncoding("utf8").on("data", hear);
    void closed.then(() => reject(new Error(`the server ended:\n${said}`)));
  });
  await ready;
  return async () => {
    server.kill("SIGTERM");
    await closed;
  };
}

/** Ends what was started. */
type Ending = () => Promise<void>;

interface Surroundings {
  readonly directory: string;
  readonly ports: ReadonlyMap<string, string>;
  readonly environment: NodeJS.ProcessEnv;
}

const mark = "@@documentation";

/** Milliseconds for all commands of one document, and for its test. */
const shellTimeout = 300_000;
export const documentTimeout = shellTimeout + 20_000;

/** One shell for all: what a block sets, the next one has. */
async function runBlocks(
  blocks: readonly Block[],
  { directory, ports, environment }: Surroundings,
): Promise<readonly Outcome[]> {
  const script = [
    "set -o pipefail",
    `trap 'echo "${mark} failed $BASH_COMMAND"' ERR`,
    ...blocks.flatMap(({ text }) => [`echo "${mark} block"`, toTest(text, ports), `echo "${mark} code $?"`]),
  ].join("\n");
  const shell = spawn("bash", ["--noprofile", "--norc", "-c", `exec 2>&1\n${script}`], {
    cwd: directory,
    env: environment,
    // A group of its own: what a document starts in the background ends with it.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const endGroup = (): void => {
    try {
      process.kill(-shell.pid!, "SIGTERM");
    } catch {
      // Nothing was left.
    }
  };
  // What hangs is told by its block, not by the runner's own limit.
  const patience = setTimeout(endGroup, shellTimeout);
  await once(shell, "exit");
  clearTimeout(patience);
  endGroup();
  const outcomes = toDocument(said, ports).split(`${mark} block\n`).slice(1).map(outcomeOf);
  return blocks.map(
    (_block, index) => outcomes[index] ?? { output: "", code: null, failed: ["the shell ended before"] },
  );
}

function outcomeOf(said: string): Outcome {
  const lines = said.split("\n");
  const marked = (what: string): string[] =>
    lines.filter((line) => line.startsWith(`${mark} ${what} `)).map((line) => line.slice(`${mark} ${what} `.length));
  const [code] = marked("code");
  return {
    output: lines.filter((line) => !line.startsWith(mark)).join("\n"),
    code: code === undefined ? null : Number(code),
    failed: marked("failed"),
  };
}

/** Documents name the usual ports; tests run beside each other. */
function toTest(text: string, ports: ReadonlyMap<string, string>): string {
  return [...ports].reduce((changed, [usual, own]) => changed.replaceAll(usual, own), text);
}

function toDocument(text: string, ports: ReadonlyMap<string, string>): string {
  return [...ports].reduce((changed, [usual, own]) => changed.replaceAll(`:${own}`, `:${usual}`), text);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
