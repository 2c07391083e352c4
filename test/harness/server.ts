import { randomBytes } from "node:crypto";
import { systemClock } from "../../src/clock/clock.ts";
import type { Clock } from "../../src/clock/clock.ts";
import { SystemRandom } from "../../src/clock/random.ts";
import { startServer } from "../../src/server/server.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { defaultQuotas } from "../../src/operation/quotas.ts";
import { masterKey } from "../../src/seal/master-key.ts";

export interface TestServerOptions extends Partial<ServerOptions> {
  readonly clock?: Clock;
}

/** Suites that run with both readers of HTTP do so by this variable (vitest.config.ts). */
const httpReader = process.env["ROLECALL_HTTP_READER"] === "node" ? "node" : "lane";

/** A whole server on a free port, in memory unless told otherwise; errors that nobody expects fail the test. */
export async function startTestServer(options: TestServerOptions = {}): Promise<RunningServer> {
  return startServer({
    host: "127.0.0.1",
    port: 0,
    tls: null,
    database: { sqlite: ":memory:" },
    dataDirectory: null,
    masterKey: masterKey(randomBytes(32), "the test"),
    partition: "aws",
    quotas: defaultQuotas,
    compatibility: "strict",
    // Most tests are about the sentence before it (test/e2e/rolecall/authorization-id.test.ts is about this one).
    wayToAsk: null,
    consoleUrl: null,
    externalAccounts: new Set(),
    servicePrincipals: [],
    clockSkew: 15 * 60_000,
    first: {},
    accounts: [],
    keep: async () => {},
    version: "test",
    clock: systemClock,
    random: new SystemRandom(),
    httpReader,
    // Thrown outside of the server, which must still answer; vitest reports it and the run fails.
    onError: (error) =>
      queueMicrotask(() => {
        throw error;
      }),
    ...options,
  });
}
