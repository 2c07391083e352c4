import { defineConfig } from "vitest/config";

/**
 * For `npm run mutate`: the tests of the policy engine and a short run of the oracle against it. No database, no
 * server; each mutant runs the tests that reach it.
 */
export default defineConfig({
  test: {
    include: ["test/policy/**/*.test.ts", "test/reference/**/*.test.ts"],
    // What measures time says nothing of code that counts its own steps.
    testNamePattern: /^(?!.*linear)/,
    env: { ROLECALL_FUZZ_COUNT: "2000" },
    testTimeout: 60_000,
  },
});
