/** What `npm start` and `npm test` do first on a fresh clone, and skip when there is nothing to do. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with a clear word where Node is too old: what follows would fail in unclear ones. */
export function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(
    `rolecall needs Node ${major}.${minor} or newer; this is ${process.version}. Get one from https://nodejs.org.`,
  );
  process.exit(1);
}

/** Installs dependencies when there are none or package-lock.json is newer than they are. */
export function install() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && modified(installed) >= modified(join(root, "package-lock.json"))) return;
  console.error("installing dependencies …");
  if (npm(["ci"], "pipe")) return;
  // `npm ci` refuses a lock file that lacks optional packages of other platforms, as one made against a registry that
  // does not carry those does. `npm install` keeps to the versions of the lock file too.
  if (!npm(["install", "--no-save"], "inherit")) process.exit(1);
}

/** @returns whether it succeeded */
function npm(args, stdio) {
  // npm is a script on Windows, which only a shell finds.
  const { status } = spawnSync("npm", args, { cwd: root, stdio, shell: process.platform === "win32" });
  return status === 0;
}

/** Compiles src/ to dist/ when a source or the compiler's settings changed since. */
export function build() {
  const stamp = join(root, "dist", ".built");
  const inputs = [
    ...filesUnder(join(root, "src")),
    ...["tsconfig.json", "tsconfig.build.json", "package-lock.json"].map((name) => join(root, name)),
  ];
  if (existsSync(stamp) && inputs.every((file) => modified(file) <= modified(stamp))) return;
  console.error("building …");
  // Taken before the build: what changes while it runs is newer.
  const started = new Date();
  tool("tsc", ["-p", "tsconfig.build.json"]);
  writeFileSync(stamp, `${started.toISOString()}\n`);
}

/** Runs a program of node_modules; ends this process with its code when it fails. */
export function tool(name, args) {
  const manifest = join(root, "node_modules", packageOf[name] ?? name, "package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  step(process.execPath, [join(dirname(manifest), typeof bin === "string" ? bin : bin[name]), ...args]);
}

const packageOf = { stryker: "@stryker-mutator/core", tsc: "typescript" };

function step(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function modified(file) {
  return statSync(file).mtimeMs;
}

function filesUnder(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
