import { join } from "node:path";
import { systemClock } from "../../src/clock/clock.ts";
import { SystemRandom } from "../../src/clock/random.ts";
import type { ReaderName } from "../../src/http/figures.ts";
import { startServer } from "../../src/server/server.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { defaultQuotas } from "../../src/operation/quotas.ts";
import { masterKey, masterKeyBytes } from "../../src/seal/master-key.ts";

/** Where a server's data lie. */
export interface Place {
  /** The trail's, and SQLite's. */
  readonly directory: string;
  /** Instead of SQLite. */
  readonly postgresql?: string;
  /** The default where it is absent. */
  readonly httpReader?: ReaderName;
}

/** More roles than an account may have by default: growth is what is measured. */
export const quotas = { ...defaultQuotas, rolesPerAccount: 10_000_000 };

/** The master key of the bench's worlds, which is none. */
export const benchKey = new Uint8Array(masterKeyBytes).fill(7);

/** The server as it runs in production, trail on disk; only its master key is none. */
export function openServer(place: Place): Promise<RunningServer> {
  const { directory, postgresql, httpReader } = place;
  return startServer({
    host: "127.0.0.1",
    port: 0,
    tls: null,
    database: postgresql === undefined ? { sqlite: join(directory, "rolecall.db") } : { postgresql },
    dataDirectory: directory,
    masterKey: masterKey(benchKey, "the bench"),
    partition: "aws",
    quotas,
    // The most that a session may hold.
    compatibility: "aws",
    wayToAsk: null,
    consoleUrl: null,
    externalAccounts: new Set(),
    servicePrincipals: [],
    clockSkew: 15 * 60_000,
    first: {},
    accounts: [],
    keep: async () => {},
    version: "bench",
    httpReader,
    clock: systemClock,
    random: new SystemRandom(),
    onError: (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  });
}
