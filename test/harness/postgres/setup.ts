/** vitest globalSetup: one PostgreSQL server for all test files; each suite makes a database of its own on it. */
import type { TestProject } from "vitest/node";

import { startPostgres } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<undefined | (() => Promise<void>)> {
  // What the root project provides, every project of a run has: the first that needs the server starts it for all.
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().postgresUrl !== undefined) return undefined;
  const server = await startPostgres();
  root.provide("postgresUrl", server.url);
  return () => server.stop();
}
