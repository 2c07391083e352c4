/**
 * Brings a database to this version's schema, inside one transaction. On PostgreSQL the caller holds an advisory lock,
 * so that two nodes that start at once do not both migrate.
 */
import { UnusableDatabase } from "../errors.ts";
import { unversioned } from "../query.ts";
import { integer, text } from "../table/column.ts";
import { queriesOf } from "../table/queries.ts";
import { table } from "../table/table.ts";
import type { Connection, Tx } from "../transaction.ts";
import { connection } from "../transaction.ts";
import { initial } from "./0001-initial.ts";
import { stamps } from "./0002-stamps.ts";
import { ringReferences } from "./0003-ring-references.ts";
import { domains } from "./0004-domains.ts";
import { tagKeys } from "./0005-tag-keys.ts";
import { instanceProfiles } from "./0006-instance-profiles.ts";
import { sshPublicKeys } from "./0007-ssh-public-keys.ts";
import { oidcProviders } from "./0008-oidc-providers.ts";
import { passwords } from "./0009-passwords.ts";
import { mfaDevices } from "./0010-mfa-devices.ts";
import { accountPreferences } from "./0011-account-preferences.ts";
import { signInAttempts } from "./0012-sign-in-attempts.ts";
import { samlProviders } from "./0013-saml-providers.ts";
import { certificates } from "./0014-certificates.ts";
import { delegationRequests } from "./0015-delegation-requests.ts";
import { serviceCredentials } from "./0016-service-credentials.ts";
import { issuerKeys } from "./0017-issuer-keys.ts";
import { outboundKeys } from "./0018-outbound-keys.ts";
import { mfaCodes } from "./0019-mfa-codes.ts";
import { usedAssertions } from "./0020-used-assertions.ts";
import { rootFeatures } from "./0021-root-features.ts";
import type { Migration } from "./migration.ts";
import { toolkitOf } from "./migration.ts";

/** In the order in which they run. */
export const migrations: readonly Migration[] = [
  initial,
  stamps,
  ringReferences,
  domains,
  tagKeys,
  instanceProfiles,
  sshPublicKeys,
  oidcProviders,
  passwords,
  mfaDevices,
  accountPreferences,
  signInAttempts,
  samlProviders,
  certificates,
  delegationRequests,
  serviceCredentials,
  issuerKeys,
  outboundKeys,
  mfaCodes,
  usedAssertions,
  rootFeatures,
];

export const applications = table("schema_migrations", { name: text, appliedAt: integer });
const { read, write } = queriesOf(applications);

const selectApplied = read((db) => db.selectFrom("schema_migrations").select("name").orderBy("name"));
const insertApplied = write((db, p: { name: string; at: number }) =>
  db.insertInto("schema_migrations").values({ name: p.name, applied_at: p.at }),
);
const ledger =
  'create table if not exists "schema_migrations" ("name" text primary key not null, "applied_at" bigint not null)';

/** @throws UnusableDatabase when the database has migrations that this version does not know: it is newer */
export async function migrate(tx: Tx, at: number): Promise<void> {
  const target = tx[connection];
  await target.run({ name: "", sql: ledger }, []);
  const applied = new Set((await selectApplied.all(tx, {})).map((row) => row.name));
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new UnusableDatabase(
      `it was written by a newer version of rolecall (it has ${unknown.join(", ")}): start that version or a newer one, ` +
        "or put a backup of before in its place",
    );
  }
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    await apply(target, migration);
    await insertApplied.run(tx, unversioned, { name: migration.name, at });
  }
}

async function apply(target: Connection, migration: Migration): Promise<void> {
  for (const statement of migration.up(toolkitOf(target.dialect))) {
    await target.run({ name: "", sql: statement.compile().sql }, []);
  }
}
