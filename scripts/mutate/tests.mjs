/** The tests of a file: what it says by Vitest's `describe`, `it` and `test`, as a list. The rest of Vitest is Vitest's. */
import { format } from "node:util";
import * as vitest from "vitest";
import { Modules } from "./modules.mjs";

/**
 * Loads a file of tests with fresh modules.
 *
 * @returns its tests in order, each with the `name` that says all its suites, and `run`
 */
export async function loadTests(file) {
  const tests = [];
  const suites = [];
  const test = each((name, run) => tests.push({ name: [...suites, name].join(" "), run }));
  const describe = each((name, body) => {
    suites.push(name);
    body();
    suites.pop();
  });
  const unknown = (name) => () => {
    throw new Error(`scripts/mutate/tests.mjs does not know Vitest's ${name}`);
  };
  const others = Object.fromEntries(
    ["beforeAll", "beforeEach", "afterAll", "afterEach", "vi"].map((name) => [name, unknown(name)]),
  );
  await new Modules({ vitest: { ...others, expect: vitest.expect, it: test, test, describe } }).load(file);
  return tests;
}

function each(add) {
  return Object.assign(add, {
    each: (rows) => (name, run) => {
      for (const [index, row] of rows.entries()) {
        const values = Array.isArray(row) ? row : [row];
        // A title may use fewer values than a row has; what is left over belongs to the test alone.
        const used = name.replaceAll("%%", "").match(/%[sdifjoO]/g)?.length ?? 0;
        const fields = name.replaceAll("%#", String(index)).replace(/\$(\w+)/g, (hole, field) => row?.[field] ?? hole);
        const title = format(fields, ...values.slice(0, used));
        add(title, () => run(...values));
      }
    },
  });
}
