/**
 * A PostgreSQL server of its own for tests: real, durable (fsync on), in a temporary directory, on a free port of the
 * loopback. Ready in one to two seconds, also as root (PostgreSQL itself refuses root, so it runs as another user).
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pg from "pg";

import type { Certificate } from "../certificate.ts";
import type { RunAs } from "./binaries.ts";
import { binariesFor, run, runAs } from "./binaries.ts";

export interface PostgresServer {
  /** Of the database `postgres`, as superuser. */
  readonly url: string;
  /** Makes an empty database. @returns its URL */
  createDatabase(name: string): Promise<string>;
  /** Ends every connection at once and starts again on the same port with the same data. */
  restart(): Promise<void>;
  /** The same as a hot standby, which it is until `select pg_promote()`. */
  restartAsStandby(): Promise<void>;
  /** `restart`, with work done while there is no server. */
  away(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** @param certificate with which it serves TLS, and refuses whoever comes without */
export async function startPostgres(certificate?: Certificate): Promise<PostgresServer> {
  const as = runAs();
  const root = mkdtempSync(join(tmpdir(), "rolecall-postgres-"));
  const removeRoot = () => rmSync(root, { recursive: true, force: true });
  try {
    chmodSync(root, 0o755);
    const bin = await binariesFor(as, root);
    const password = randomBytes(16).toString("hex");
    const data = await initialize(bin, root, password, as);
    if (certificate !== undefined) serveTls(data, certificate, as);
    const port = await freePort();
    const server = new Server(bin, data, port, as);
    await server.start();
    process.once("exit", removeRoot);
    return operations(server, `postgresql://postgres:${password}@127.0.0.1:${port}`, () => {
      process.off("exit", removeRoot);
      removeRoot();
    });
  } catch (error) {
    removeRoot();
    throw error;
  }
}

function operations(server: Server, base: string, removeRoot: () => void): PostgresServer {
  const url = `${base}/postgres`;
  return {
    url,
    createDatabase: (name) => createDatabase(url, name),
    async restart() {
      await server.stop();
      await server.start();
    },
    async restartAsStandby() {
      await server.stop();
      server.markStandby();
      await server.start();
    },
    async away(work) {
      await server.stop();
      try {
        await work();
      } finally {
        await server.start();
      }
    },
    async stop() {
      await server.stop();
      removeRoot();
    },
  };
}

/** Makes an empty database on a server. @param url of any database there. @returns the new one's URL */
export async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const created = new URL(url);
  created.pathname = `/${name}`;
  return created.href;
}

async function initialize(bin: string, root: string, password: string, as: RunAs): Promise<string> {
  const home = join(root, "home");
  mkdirSync(home, { mode: 0o700 });
  const passwordFile = join(home, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.uid !== undefined) {
    chownSync(home, as.uid, as.gid!);
    chownSync(passwordFile, as.uid, as.gid!);
  }
  const data = join(home, "data");
  // Only the making of the cluster goes without fsync; the server itself has it on.
  const options = ["-U", "postgres", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--no-locale"];
  await run(join(bin, "initdb"), ["-D", data, ...options, "--no-sync"], as);
  return data;
}

function serveTls(data: string, { cert, key }: Certificate, as: RunAs): void {
  for (const [name, text] of [
    ["server.crt", cert],
    ["server.key", key],
    ["pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n"],
  ] as const) {
    const file = join(data, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (as.uid !== undefined) chownSync(file, as.uid, as.gid!);
  }
  appendFileSync(join(data, "postgresql.conf"), "ssl = on\n");
}

/**
 * Runs the server and listens on standard input beside it: a line names the signal to end it with, and when the test
 * process is gone, however it went, the end of input ends the server too.
 */
const keeper = `
exec 3<&0
"$@" 3<&- & server=$!
{ read -r signal <&3; kill -"\${signal:-QUIT}" $server; } & listener=$!
wait $server; code=$?
kill $listener 2>/dev/null
exit $code`;

class Server {
  readonly #command: string[];
  readonly #as: RunAs;
  readonly #data: string;
  #process: ChildProcess | undefined;

  constructor(bin: string, data: string, port: number, as: RunAs) {
    const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on"];
    this.#command = [join(bin, "postgres"), "-D", data, ...settings.flatMap((setting) => ["-c", setting])];
    this.#as = as;
    this.#data = data;
  }

  /** Whoever finds this file follows another server, even one that is never named. */
  markStandby(): void {
    const signal = join(this.#data, "standby.signal");
    writeFileSync(signal, "");
    if (this.#as.uid !== undefined) chownSync(signal, this.#as.uid, this.#as.gid!);
  }

  async start(): Promise<void> {
    const child = spawn("/bin/sh", ["-c", keeper, "sh", ...this.#command], {
      ...this.#as,
      cwd: "/",
      stdio: ["pipe", "ignore", "pipe"],
    });
    this.#process = child;
    await ready(child);
    // The server must not keep the test process alive.
    child.unref();
    for (const stream of [child.stdin, child.stderr]) (stream as unknown as { unref(): void }).unref();
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    child.stdin!.end("INT\n");
    await exited;
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      if (log === "ready") return;
      log += text;
      if (!/ready to accept (read-only )?connections/.test(log)) return;
      log = "ready";
      resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${log}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
