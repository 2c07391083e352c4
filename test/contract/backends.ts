/** The databases, real ones: every contract test runs on each, and on SQLite as workers share it. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, inject } from "vitest";

import { TestClock } from "../harness/deterministic.ts";
import type { Database, DatabaseLocation } from "../../src/store/sql/database.ts";
import { openDatabase } from "../../src/store/open.ts";
import { createDatabase } from "../harness/postgres/server.ts";

export interface Place {
  readonly location: DatabaseLocation;
  remove(): void;
}

export interface Backend {
  readonly name: "sqlite" | "shared sqlite" | "postgresql";
  /** Whether SQLite is opened as several processes share it. */
  readonly shared?: boolean;
  /** An empty database that nobody has opened yet. */
  place(): Promise<Place>;
}

export const sqlite: Backend = {
  name: "sqlite",
  async place() {
    const directory = mkdtempSync(join(tmpdir(), "rolecall-store-"));
    return {
      location: { sqlite: join(directory, "test.db") },
      remove: () => rmSync(directory, { recursive: true, force: true }),
    };
  },
};

export const sharedSqlite: Backend = { ...sqlite, name: "shared sqlite", shared: true };

export const postgresql: Backend = {
  name: "postgresql",
  async place() {
    const name = `t_${randomBytes(8).toString("hex")}`;
    return { location: { postgresql: await createDatabase(inject("postgresUrl"), name) }, remove: () => undefined };
  },
};

/** A context whose database is opened before the suite and closed after it. */
export interface Suite {
  readonly db: Database;
  readonly location: DatabaseLocation;
  readonly clock: TestClock;
}

/** Runs a suite once on each backend, on a database of its own. */
export function onEachBackend(name: string, suite: (context: Suite, backend: Backend) => void): void {
  describe.each([sqlite, sharedSqlite, postgresql])(`${name} on $name`, (backend) => {
    const clock = new TestClock();
    let place: Place | undefined;
    let db: Database | undefined;
    beforeAll(async () => {
      place = await backend.place();
      db = await openDatabase(place.location, { clock, shared: backend.shared });
    });
    afterAll(async () => {
      await db?.close();
      place?.remove();
    });
    suite(
      {
        get db() {
          return db!;
        },
        get location() {
          return place!.location;
        },
        clock,
      },
      backend,
    );
  });
}
