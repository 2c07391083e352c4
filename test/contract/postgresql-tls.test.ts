/** PostgreSQL over TLS, its certificate verified: statements go together there as well, and nobody is taken for it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import * as users from "../../src/store/iam/users.ts";
import { openDatabase } from "../../src/store/open.ts";
import { accountDomain } from "../../src/store/sql/domain.ts";
import { UnusableDatabase } from "../../src/store/sql/errors.ts";
import { connection } from "../../src/store/sql/transaction.ts";
import { selfSigned } from "../harness/certificate.ts";
import { createDatabase, startPostgres } from "../harness/postgres/server.ts";
import type { PostgresServer } from "../harness/postgres/server.ts";
import { newAccount, newUser } from "./records.ts";

const certificate = selfSigned();
let directory: string;
let server: PostgresServer;
let plain: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rolecall-tls-"));
  server = await startPostgres(certificate);
  plain = await createDatabase(verified(server.url, certificate.cert), "tls").then(withoutTls);
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** @param authority PEM of who has signed the server's certificate */
function verified(url: string, authority: string): string {
  const file = join(directory, "authority.pem");
  writeFileSync(file, authority);
  return `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`;
}

function withoutTls(url: string): string {
  return url.replace(/\?.*/, "");
}

test("writes that wait together, and what goes to the server together, are what they are without it", async () => {
  const db = await openDatabase({ postgresql: verified(plain, certificate.cert) });
  try {
    const account = await newAccount(db);
    const tags = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: "v".repeat(200) }));
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        db.write((tx) => users.create(tx, newUser(account, `u-${index}`, { tags })), { account }),
      ),
    );
    const found = await db.read((tx) => Promise.all(made.map(({ id }) => users.byId(tx, id))));
    expect(found.map((user) => user?.name)).toEqual(made.map(({ name }) => name));
    expect((await db.revision(accountDomain(account))).number).toBe(1 + 40);
    const session = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    expect(await db.read((tx) => tx[connection].one({ name: "", sql: session }, []) as Promise<unknown>)).toEqual({
      ssl: true,
    });
  } finally {
    await db.close();
  }
});

test("a server with another certificate is not used, nor one without TLS asked for where it wants it", async () => {
  const stranger = openDatabase({ postgresql: verified(plain, selfSigned().cert) });
  await expect(stranger).rejects.toBeInstanceOf(UnusableDatabase);
  await expect(openDatabase({ postgresql: plain })).rejects.toBeInstanceOf(UnusableDatabase);
});
