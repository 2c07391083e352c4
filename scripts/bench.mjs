/**
 * `npm run bench`: installs and compiles where needed, then measures. What follows `--` goes to bench/main.ts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "dist-bench");

function run(program, options) {
  const { status, error } = spawnSync(program, options, {
    cwd: root,
    stdio: ["inherit", 2, "inherit"],
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(root, "node_modules"))) run("npm", ["ci"]);
run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.bench.json"]);

// The compiled sources find the data and the manifest where they are in the repository: beside src.
mkdirSync(output, { recursive: true });
for (const [name, type] of [
  ["data", "junction"],
  ["package.json", "file"],
]) {
  if (!existsSync(join(output, name))) symlinkSync(join(root, name), join(output, name), type);
}

const bench = spawnSync(process.execPath, ["--expose-gc", join(output, "bench", "main.js"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
if (bench.error) throw bench.error;
process.exitCode = bench.status ?? 1;
