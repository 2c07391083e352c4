/** Where the servers of a suite keep their data: each suite runs on both databases. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { postgresql, sqlite } from "../contract/backends.ts";
import type { Backend, Place } from "../contract/backends.ts";
import { startTestServer } from "./server.ts";
import type { TestServerOptions } from "./server.ts";

/** Starts a server on a database of its own, unless the options name one; it is closed after the suite. */
export type Start = (options?: TestServerOptions) => Promise<RunningServer>;

/** A starter of servers for one suite; what it started is closed behind the suite. */
export function starter(backend: Backend = sqlite): Start {
  const servers: RunningServer[] = [];
  const places: Place[] = [];
  afterAll(async () => {
    for (const server of servers) await server.close(0);
    for (const place of places) place.remove();
  });
  return async (options = {}) => {
    let { database } = options;
    if (database === undefined) {
      const place = await backend.place();
      places.push(place);
      database = place.location;
    }
    const server = await startTestServer({ ...options, database });
    servers.push(server);
    return server;
  };
}

export function onEachDatabase(name: string, suite: (start: Start, backend: Backend) => void): void {
  describe.each([sqlite, postgresql])(`${name} on $name`, (backend) => suite(starter(backend), backend));
}

/** A data directory that is gone after the suite. */
export function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-e2e-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
