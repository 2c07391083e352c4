/** vitest globalSetup: one PostgreSQL server for all test files; each suite makes a database of its own on it. */
import type { TestProject } from "vitest/node";

import { startPostgres } from "../postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}
