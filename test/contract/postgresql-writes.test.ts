/** Statements that are issued together leave this machine together, over TLS as without it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { poolOf } from "../../src/store/sql/dialects/postgresql/pool.ts";
import { selfSigned } from "../harness/certificate.ts";
import { createDatabase, startPostgres } from "../harness/postgres/server.ts";
import type { PostgresServer } from "../harness/postgres/server.ts";

const certificate = selfSigned();
let directory: string;
let server: PostgresServer;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-writes-"));
  writeFileSync(join(directory, "authority.pem"), certificate.cert);
  server = await startPostgres(certificate);
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const overTls = () => {
  return `${server.url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(join(directory, "authority.pem"))}`;
};
const withoutTls = () => createDatabase(inject("postgresUrl"), "writes");

test.each([
  ["over TLS", overTls],
  ["without TLS", withoutTls],
])("one write %s, however often promises come between", async (_, url) => {
  const pool = poolOf(await url(), 1);
  try {
    const client = await pool.connect();
    const writes = countWrites(client.connection.stream);
    const asked = [client.query("select 1 as n")];
    await Promise.resolve();
    process.nextTick(() => asked.push(client.query({ name: "two", text: "select 2 as n" })));
    await Promise.resolve().then(() => asked.push(client.query("select 3 as n", [])));
    await new Promise(setImmediate);
    const answers = await Promise.all(asked);
    expect(answers.map(({ rows }) => (rows as { n: number }[])[0]!.n).toSorted()).toEqual([1, 2, 3]);
    expect(writes()).toBe(1);
    client.release();
  } finally {
    await pool.end();
  }
});

/** How often a stream is asked to hand something on from now on. */
function countWrites(stream: object): () => number {
  const inner = stream as { _write: (...given: unknown[]) => void; _writev: (...given: unknown[]) => void };
  let count = 0;
  for (const name of ["_write", "_writev"] as const) {
    const handOn = inner[name];
    inner[name] = function (this: unknown, ...given) {
      count++;
      handOn.apply(this, given);
    };
  }
  return () => count;
}
