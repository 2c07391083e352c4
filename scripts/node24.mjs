/**
 * `npm run test:node24`: the tests once more on Node 24, whatever Node npm itself runs on. The binary comes inside the npm
 * package `node` and stays in .cache/node24. Left out is what says nothing about a Node version for the time it takes; the
 * comparison of engine and oracle is shortened. What follows `--` goes to vitest.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { build, checkNode, install, root } from "./setup.mjs";

const major = 24;
const cache = join(root, ".cache", `node${major}`);
const binary = join(cache, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Hours of attack and power cuts, and documentation's commands, which are the aws CLI's time. */
const leftOut = ["test/*/hostile/**", "test/long/{durability,concurrency}/**", "test/e2e/docs/**", "test/clients/**"];
const comparisons = "10000";

checkNode();
install();
const version = versionOf(binary) ?? fetchBinary();
console.log(`the tests on Node ${version}`);
build();
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const exclusions = leftOut.flatMap((pattern) => ["--exclude", pattern]);
const { status, error } = spawnSync(binary, [vitest, "run", ...exclusions, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: {
    ROLECALL_COMPARISONS: comparisons,
    ...process.env,
    // What a test starts as "node" is the same one.
    PATH: `${dirname(binary)}${delimiter}${process.env.PATH}`,
  },
});
if (error !== undefined) fail(`${binary} cannot be run: ${error.message}`);
process.exitCode = status ?? 1;

/** `v24.1.0`; null where there is no binary of the right version that runs here. */
function versionOf(program) {
  if (!existsSync(program)) return null;
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const said = stdout?.trim() ?? "";
  return said.startsWith(`v${major}.`) ? said : null;
}

function fetchBinary() {
  console.error(`fetching Node ${major} …`);
  mkdirSync(cache, { recursive: true });
  const words = ["install", "--prefix", cache, "--no-save", "--no-package-lock", `node@${major}`];
  const { status: code } = spawnSync("npm", words, {
    cwd: cache,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (code !== 0) fail(`npm could not install node@${major} into ${cache}: see above`);
  return (
    versionOf(binary) ??
    fail(
      `node@${major} was installed into ${cache}, but ${binary} is no Node ${major} that runs here: ` +
        "were install scripts of npm packages turned off? Remove the directory to fetch it anew",
    )
  );
}

function fail(message) {
  console.error(`test:node24: ${message}`);
  process.exit(1);
}
