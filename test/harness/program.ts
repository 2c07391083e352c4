/** Runs a TypeScript file of this project in a process of its own, to be killed: Node 20 does not run TypeScript. */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Program {
  /**
   * Standard output is a pipe; errors go to this process's own.
   *
   * @param flags of node itself
   * @param through a command line that ends with running what stands behind it
   */
  spawn(options: readonly string[], flags?: readonly string[], through?: readonly string[]): ChildProcess;
  remove(): void;
}

const project = fileURLToPath(new URL("../../", import.meta.url));

/** @param file path inside the project */
export function compileProgram(file: string): Program {
  const out = mkdtempSync(join(tmpdir(), "rolecall-program-"));
  const configuration = {
    extends: join(project, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      allowImportingTsExtensions: false,
      outDir: out,
      rootDir: project,
      typeRoots: [join(project, "node_modules/@types")],
    },
    include: [],
    files: [join(project, file)],
  };
  writeFileSync(join(out, "tsconfig.json"), JSON.stringify(configuration));
  symlinkSync(join(project, "package.json"), join(out, "package.json"));
  symlinkSync(join(project, "node_modules"), join(out, "node_modules"));
  symlinkSync(join(project, "data"), join(out, "data"));
  execFileSync(process.execPath, [join(project, "node_modules/typescript/bin/tsc"), "-p", out]);
  const main = join(out, file.replace(/\.ts$/, ".js"));
  return {
    spawn: (options, flags = [], through = []) => {
      const [command, ...words] = [...through, process.execPath, ...flags, main, ...options];
      return spawn(command!, words, { stdio: ["ignore", "pipe", "inherit"] });
    },
    remove: () => rmSync(out, { recursive: true, force: true }),
  };
}
