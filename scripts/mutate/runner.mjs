/**
 * Runs tests for Stryker, in its own process and without a test framework's start for each mutant: that start takes a
 * second, and most mutants die of the first test that is tried. The tests are those that `npm test` runs.
 *
 * Every mutant gets modules of its own, so that nothing which the engine remembers of one reaches another.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { loadTests } from "./tests.mjs";

const directories = ["test/json", "test/policy", "test/reference"];
/** What measures time says nothing of code that counts its own steps. */
const skipped = /linear/;
/** As many of the tests that killed last are tried first: neighbours die of the same tests. */
const mostKillers = 24;
/**
 * The quickest tests that take this share of the time of all, and no more, are tried on a mutant. The few slow ones go
 * over everything once more and would make up most of a run; a mutant that only they would notice counts as survived.
 */
const share = 0.08;
/** Milliseconds from which on a test is tried after the quick ones of other files. */
const slow = 5;
const lengthy = 200;

// The same tests for every mutant, and a short run of the oracle.
process.env.ROLECALL_SEED ??= "1";
process.env.ROLECALL_COMPARISONS ??= "300";

/** What instrumented code looks at and writes to (Stryker puts a helper into each file). */
const stryker = (globalThis.__stryker__ ??= {});

/** What the first run learned, for the processes that run mutants: they come later, and anew after one that hung. */
const memory = ".tests-of-mutants.json";

/** Test statuses of Stryker's interface. */
const success = 0;
const failed = 1;

class Runner {
  /** The tests in the order in which they are tried: `file`, `id`, milliseconds of its run (`time`) and of its file's `load`. */
  #tests = [];
  #total = 0;
  /** Ids of tests that killed, the latest first. */
  #killers = [];

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    const results = [];
    const tests = [];
    for (const directory of directories) {
      for (const name of readdirSync(directory, { recursive: true })) {
        if (name.endsWith(".test.ts")) await firstRun(`${directory}/${name}`, results, tests);
      }
    }
    // Quick ones of files that load quickly first.
    const rank = ({ time }) => (time < slow ? 0 : 1);
    tests.sort((a, b) => rank(a) - rank(b) || a.load - b.load || a.time - b.time);
    writeFileSync(memory, JSON.stringify(tests));
    return { status: "complete", tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ testFilter, activeMutant, hitLimit }) {
    Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    if (this.#tests.length === 0) {
      this.#tests = JSON.parse(readFileSync(memory, "utf8"));
      for (const { time } of this.#tests) this.#total += time;
    }
    const loaded = new Map();
    let nrOfTests = 0;
    for (const { file, id } of this.#chosen(testFilter)) {
      let failureMessage = null;
      try {
        if (!loaded.has(file)) loaded.set(file, new Map((await load(file)).map((test) => [test.id, test])));
        const test = loaded.get(file).get(id);
        // Titles may be made of what the engine gives.
        failureMessage = test === undefined ? `there is no test ${id}` : await failureOf(test);
      } catch (error) {
        failureMessage = `loading fails: ${error}`;
      }
      nrOfTests++;
      if (stryker.hitCount > hitLimit) return { status: "timeout", reason: `Hit limit reached (${hitLimit})` };
      if (failureMessage === null) continue;
      this.#killers = [id, ...this.#killers.filter((other) => other !== id)].slice(0, mostKillers);
      return { status: "killed", killedBy: [id], failureMessage, nrOfTests };
    }
    return { status: "survived", nrOfTests };
  }

  /** The tests for a mutant: those that killed others, and then the quick ones first. */
  *#chosen(filter) {
    const ids = new Set(filter);
    const wanted = this.#tests.filter(({ file, id }) => filter === undefined || ids.has(id) || ids.has(file));
    const killers = this.#killers
      .map((id) => wanted.find((one) => one.id === id))
      .filter((one) => one !== undefined && one.time < slow);
    yield* killers;
    let left = this.#total * share;
    for (const one of wanted) {
      left -= one.time;
      if (left < 0) return;
      if (!killers.includes(one)) yield one;
    }
  }
}

/**
 * Learns which mutants the tests of a file reach. Those reached while the file is loaded are covered by all of its tests:
 * one more entry stands for them, which saves Stryker from trying every test there is.
 */
async function firstRun(file, results, tests) {
  const fileName = resolve(file);
  const run = async (test) => {
    const started = performance.now();
    const failureMessage = await failureOf(test);
    const timeSpentMs = performance.now() - started;
    const shown = { id: test.id, name: test.id, fileName, timeSpentMs };
    return failureMessage === null ? { ...shown, status: success } : { ...shown, status: failed, failureMessage };
  };
  const began = performance.now();
  const first = [];
  stryker.currentTestId = file;
  for (const test of await load(file)) {
    stryker.currentTestId = test.id;
    first.push(await run(test));
  }
  stryker.currentTestId = undefined;
  results.push(...first, { id: file, name: file, fileName, timeSpentMs: performance.now() - began, status: success });
  // Once more, the quickest first: a test that needs another one before it would be a false witness. The lengthy ones are
  // hardly ever tried.
  const times = new Map(first.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
  const coverage = stryker.mutantCoverage;
  // What is reached now has been told already, and would seem to belong to no test.
  stryker.mutantCoverage = { static: {}, perTest: {} };
  const loading = performance.now();
  const again = await load(file);
  const loadTime = performance.now() - loading;
  for (const test of again.toSorted((a, b) => times.get(a.id) - times.get(b.id))) {
    let time = times.get(test.id);
    if (time < lengthy) {
      const result = await run(test);
      if (result.status === failed) results.push(result);
      time = Math.min(time, result.timeSpentMs);
    }
    tests.push({ file, id: test.id, time, load: loadTime });
  }
  stryker.mutantCoverage = coverage;
}

/** The tests of a file, each with an `id` of its own. */
async function load(path) {
  const seen = new Map();
  const tests = [];
  for (const { name, run } of await loadTests(resolve(path))) {
    if (skipped.test(name)) continue;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    tests.push({ id: `${path}#${name}${times > 1 ? ` (${times})` : ""}`, run });
  }
  return tests;
}

async function failureOf({ run }) {
  try {
    await run();
    return null;
  } catch (error) {
    return String(error);
  }
}

function makeRunner() {
  return new Runner();
}
makeRunner.inject = [];

/** The form of Stryker's plugins (@stryker-mutator/api). */
export const strykerPlugins = [{ kind: "TestRunner", name: "policy", factory: makeRunner }];
