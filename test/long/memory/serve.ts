/** Starts the server of ./server.ts and keeps what it says of its memory. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { Program } from "../../harness/program.ts";

export interface Served {
  readonly url: string;
  readonly account: string;
  readonly administrator: SigningCredentials;
  readonly child: ChildProcess;
  /** As of the last second, bytes. */
  readonly memory: NodeJS.MemoryUsage;
  /** The most resident memory that was seen, bytes. */
  readonly most: number;
}

/** @param flags of node itself */
export function serve(program: Program, options: readonly string[], flags: readonly string[] = []): Promise<Served> {
  const child = program.spawn(options, flags);
  return new Promise((resolve, reject) => {
    const served = { child, most: 0 } as { child: ChildProcess; most: number; memory: NodeJS.MemoryUsage };
    child.once("exit", (code, signal) => reject(new Error(`the server ended with ${code ?? signal}`)));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const told = JSON.parse(line) as Served | NodeJS.MemoryUsage;
      if ("url" in told) return resolve(Object.assign(served, told));
      served.memory = told;
      served.most = Math.max(served.most, told.rss);
    });
  });
}
