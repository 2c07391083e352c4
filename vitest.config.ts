import { defineConfig } from "vitest/config";

const timeouts = { testTimeout: 60_000, hookTimeout: 120_000 };

/** What a reader of HTTP could spoil; all of it runs a second time with the other one (`--http-reader node`). */
const withBothReaders = [
  "test/endpoints/{overload,pipelining,slow-clients}.test.ts",
  "test/e2e/{order-of-checks,presigned,tls,wire}.test.ts",
  "test/hostile/sockets.test.ts",
];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: { name: "all", include: ["test/**/*.test.ts"], globalSetup: ["test/postgres/setup.ts"], ...timeouts },
      },
      {
        test: { name: "node:http", include: withBothReaders, env: { ROLECALL_HTTP_READER: "node" }, ...timeouts },
      },
    ],
  },
});
