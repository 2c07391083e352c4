import { defineConfig } from "vitest/config";

/** The folders whose tests need more than this process. All others, one for each room of src, are the unit tests. */
const folders = ["contract", "e2e", "long", "clients"];

/** Programs that are started anew for each command take their time on any machine. */
const timeouts: Readonly<Record<string, object>> = { clients: { testTimeout: 900_000 } };
const inFolder = (folder: string) => `test/${folder}/**/*.test.ts`;

/** What a test waits for is there at once on a quiet machine; on a busy one it may take its time. */
const test = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } };
const withDatabase = { ...test, globalSetup: ["test/harness/postgres/setup.ts"] };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...test,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: folders.map(inFolder),
          setupFiles: ["test/harness/unit.ts"],
          // Half of the time would go into loading the same modules anew for each file.
          isolate: false,
        },
      },
      ...folders.map((folder) => ({
        test: { ...withDatabase, ...timeouts[folder], name: folder, include: [inFolder(folder)] },
      })),
      // What a reader of HTTP could spoil runs a second time with the other one (`--http-reader node`).
      {
        test: {
          ...test,
          name: "node:http",
          include: ["test/*/readers/**/*.test.ts"],
          env: { ROLECALL_HTTP_READER: "node" },
        },
      },
    ],
  },
});
