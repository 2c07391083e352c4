/**
 * `npm run soak`: all that is tried by chance, from another seed each time, and the long forms of test/long, for a night
 * or before a release. Every count, and the seed, can be given as a variable of the environment; what follows `--` goes to
 * vitest (a file, to run that one alone).
 */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const counts = {
  /** Decisions of the engine and the oracle; a thirtieth of them for each property. */
  ROLECALL_COMPARISONS: "5000000",
  /** Inputs of the fuzzer, through the pipeline; a fiftieth of them on PostgreSQL. */
  ROLECALL_FUZZ_INPUTS: "1000000",
  /** Mutilated requests over real sockets. */
  ROLECALL_SOCKET_INPUTS: "50000",
  /** Requests that each of 32 connections sends ahead, and megabytes of them on one. */
  ROLECALL_PIPELINED: "20000",
  ROLECALL_AHEAD_MEGABYTES: "200",
  /** SIGKILLs on each database. */
  ROLECALL_SOAK_ROUNDS: "100",
  /** Rotations of nodes whose clocks differ, with one of them held up, stopped or killed in the middle. */
  ROLECALL_ROTATION_ROUNDS: "12",
  /** Changes and probes of several servers on one PostgreSQL. */
  ROLECALL_FRESHNESS_STEPS: "2000",
  /** Minutes of a mixed load, on each database, after which memory must rest, and its requests a second. */
  ROLECALL_MEMORY_MINUTES: "60",
  ROLECALL_MEMORY_REQUESTS: "700",
  /** Heap to be exhausted on purpose, and the sessions to do it with. */
  ROLECALL_HEAP_MEGABYTES: "512",
  ROLECALL_HEAP_SESSIONS: "20000",
  /** Times that each policy and request made for each other is asked about, and timed. */
  ROLECALL_EFFORT_ROUNDS: "5",
  /** Pairs of refusals whose times are compared. */
  ROLECALL_TIMING_SAMPLES: "10000",
};

const seed = process.env.ROLECALL_SEED ?? String(Date.now() % 2 ** 31);
const given = process.argv.slice(2);
const chosen = given.length > 0 ? given : ["--project", "unit", "--project", "long", "--project", "node:http"];
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
console.log(`soak: seed ${seed}`);
const soak = spawnSync(process.execPath, [vitest, "run", "--testTimeout=36000000", ...chosen], {
  cwd: root,
  stdio: "inherit",
  env: { ...counts, ...process.env, ROLECALL_SEED: seed },
});
if (soak.error) throw soak.error;
process.exitCode = soak.status ?? 1;
if (soak.status !== 0) console.error(`soak: ROLECALL_SEED=${seed} npm run soak -- FILE repeats what failed there`);
