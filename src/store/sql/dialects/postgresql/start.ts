/** What can be wrong with a PostgreSQL server at a start, in an operator's words. */
import type pg from "pg";

import { UnusableDatabase } from "../../errors.ts";
import { codeOf, translated } from "./errors.ts";
import { refuseStandby, standbyColumn } from "./standby.ts";

/** 13 is the oldest that rolecall's statements and session settings are written for. */
const oldestVersion = 13;

const facts = `select ${standbyColumn}, current_setting('server_version_num')::int as version,
  current_setting('server_encoding') as encoding`;

/** @throws UnusableDatabase, Unavailable for a standby */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ standby: boolean; version: number; encoding: string }>(facts);
  const [found] = rows;
  refuseStandby(found);
  const { version, encoding } = found!;
  if (version < oldestVersion * 10_000) {
    const running = Math.floor(version / 10_000);
    throw new UnusableDatabase(
      `it runs PostgreSQL ${running}, and rolecall needs ${oldestVersion} or newer: upgrade it`,
    );
  }
  if (encoding !== "UTF8") {
    throw new UnusableDatabase(
      `its encoding is ${encoding}, which has no place for every name: make one with ` +
        "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
    );
  }
}

interface Login {
  readonly user: string;
  readonly database: string;
}

/** By SQLSTATE (PostgreSQL manual, appendix A), or the code of Node.js: what to do about it. */
const remedies: readonly (readonly [codes: RegExp, remedy: (login: Login) => string])[] = [
  [/^28P01$/, () => "check user and password in the URL (in a password @ is written %40, : %3A, / %2F, # %23)"],
  [
    /^28/,
    ({ user, database }) =>
      `let ${user} into ${database} (pg_hba.conf); where that asks for TLS, add ?sslmode=verify-full to the URL`,
  ],
  [/^3D000$/, ({ user, database }) => `make it with CREATE DATABASE ${database} OWNER ${user} ENCODING 'UTF8'`],
  [
    /^(42501|3F000)$/,
    ({ user, database }) =>
      "PostgreSQL 15 and later let only a database's owner create in its schema: " +
      `ALTER DATABASE ${database} OWNER TO ${user}, or GRANT CREATE, USAGE ON SCHEMA public TO ${user}`,
  ],
  [/^42P07$/, () => "it has tables of something else: give rolecall a database of its own"],
  [/^53300$/, () => "it has no connection left: raise max_connections, or lower the number of nodes and workers"],
  [/^57P03$/, () => "it is starting or stopping: try again"],
  [/^25006$/, () => "it takes no changes: name the primary, and see default_transaction_read_only"],
  [/^ENOENT$/, () => "check the paths in the URL (socket, sslrootcert, sslcert, sslkey)"],
  [
    /^(DEPTH_ZERO_|SELF_SIGNED|UNABLE_TO_|CERT_|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH)/,
    () =>
      "name the authority of its certificate in the URL (?sslmode=verify-full&sslrootcert=FILE), and its host as there",
  ],
];
const noTls = /does not support SSL/;

/** What failed while a database was opened, as UnusableDatabase where it is known what to do. */
export function explained(error: unknown, url: string): unknown {
  if (error instanceof UnusableDatabase || !(error instanceof Error)) return error;
  const source = error.cause instanceof Error ? error.cause : error;
  const { username, pathname } = new URL(url);
  const login = { user: decodeURIComponent(username) || "the user", database: decodeURIComponent(pathname.slice(1)) };
  const code = codeOf(source) ?? "";
  const remedy = remedies.find(([codes]) => codes.test(code))?.[1](login);
  if (remedy !== undefined) return new UnusableDatabase(`${source.message}: ${remedy}`, { cause: error });
  if (noTls.test(source.message)) {
    const withoutTls = "turn TLS on there (ssl = on), or take sslmode out of the URL on a network that is your own";
    return new UnusableDatabase(`${source.message}: ${withoutTls}`, { cause: error });
  }
  return translated(error);
}
