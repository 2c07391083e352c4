/** A database of the first schema, as it was released, with what it held. */
import { afterAll, describe, expect, test } from "vitest";
import pg from "pg";
import { initial } from "../../src/store/sql/migrations/0001-initial.ts";
import { toolkitOf } from "../../src/store/sql/migrations/migration.ts";
import * as accounts from "../../src/store/organizations/accounts.ts";
import * as places from "../../src/store/organizations/places.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { accountDomain, organizationDomain } from "../../src/store/sql/domain.ts";
import * as accessKeys from "../../src/store/iam/access-keys.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as policies from "../../src/store/iam/policies.ts";
import * as tags from "../../src/store/iam/tags.ts";
import { SqliteConnection } from "../../src/store/sql/dialects/sqlite/connection.ts";
import * as keyRings from "../../src/store/server/key-rings.ts";
import { postgresql, sqlite } from "./backends.ts";

const hex = (id: string) => `01${id}${"aa".repeat(60)}`;

function placed(account: string, path: string): string {
  return `insert into accounts (id, name, "partition", created_at, revision, organization_id, organization_path)
    values ('${account}', 'a', 'aws', 1, 7, 'o-a1b2c3d4e5', '${path}')`;
}

/** Two secrets of a key that is there, and one whose key a rotation has lost; three accounts of an organization. */
function firstSchema(dialect: "sqlite" | "postgresql"): string[] {
  const bytes = (text: string) => (dialect === "sqlite" ? `x'${text}'` : `'\\x${text}'::bytea`);
  const secret = (id: string, ring: string) =>
    `insert into access_keys (id, account, owner_id, sealed_secret, status, created_at)
      values ('${id}', '111122223333', '111122223333', ${bytes(hex(ring))}, 'Active', 5)`;
  return [
    ...initial.up(toolkitOf(dialect)).map((statement) => statement.compile().sql),
    "create table schema_migrations (name text primary key not null, applied_at bigint not null)",
    "insert into schema_migrations values ('0001-initial', 1)",
    `insert into accounts (id, name, "partition", created_at, revision) values ('111122223333', 'a', 'aws', 1, 1)`,
    `insert into organizations (id, management_account, root_id, created_at)
      values ('o-a1b2c3d4e5', '444455556666', 'r-ab12', 1)`,
    placed("444455556666", "o-a1b2c3d4e5/r-ab12/"),
    placed("444455556667", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"),
    placed("444455556668", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"),
    `insert into changes (account, revision, sequence, kind, entity_id, at)
      values ('444455556666', 7, 0, 'account', '444455556666', 1)`,
    "insert into entities (id, account, kind) values ('111122223333', '111122223333', 'account')",
    `insert into ring_keys (purpose, id, state, sealed_key, created_at, changed_at, seals)
      values ('secrets', 'c0ffee00', 'promoted', ${bytes("0102")}, 1, 1, 9)`,
    "insert into entities (id, account, kind) values ('ANPA1', '111122223333', 'policy')",
    `insert into policies (id, account, arn, name, name_key, path, created_at, updated_at, default_version, next_version, attachable)
      values ('ANPA1', '111122223333', 'arn:aws:iam::111122223333:policy/p', 'p', 'p', '/', 1, 1, 1, 2, 1)`,
    "insert into tags (owner_id, account, key, key_key, value) values ('ANPA1', '111122223333', 'Team', 'team', 'a')",
    secret("AKIA1", "c0ffee00"),
    secret("AKIA2", "c0ffee00"),
    secret("AKIA3", "deadbeef"),
  ];
}

describe.each([sqlite, postgresql])("a database of the first release on $name", (backend) => {
  const ends: (() => void)[] = [];
  afterAll(() => ends.forEach((end) => end()));

  async function upgraded(): Promise<Database> {
    const place = await backend.place();
    ends.push(() => place.remove());
    const statements = firstSchema(backend.name === "sqlite" ? "sqlite" : "postgresql");
    if ("sqlite" in place.location) {
      const connection = new SqliteConnection(place.location.sqlite);
      for (const statement of statements) connection.execute(statement);
      connection.close();
    } else {
      const client = new pg.Client({ connectionString: place.location.postgresql });
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    }
    return openDatabase(place.location);
  }

  test("its accounts keep their revisions and their places in organizations", async () => {
    const db = await upgraded();
    const domains = [accountDomain("111122223333"), accountDomain("444455556667"), organizationDomain("o-a1b2c3d4e5")];
    const revisions = await db.revisions(domains);
    expect(domains.map((domain) => revisions.get(domain))).toEqual([1, 7, 1].map((number) => ({ number, stamp: 0 })));
    const found = await db.read((tx) => accounts.list(tx, { limit: 9 }));
    const unit = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/";
    expect(found.map(({ id, organizationId, organizationPath }) => [id, organizationId, organizationPath])).toEqual([
      ["111122223333", null, null],
      ["444455556666", "o-a1b2c3d4e5", "o-a1b2c3d4e5/r-ab12/"],
      ["444455556667", "o-a1b2c3d4e5", unit],
      ["444455556668", "o-a1b2c3d4e5", unit],
    ]);
    const moved = "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/";
    await db.write((tx) => places.moveUnit(tx, "o-a1b2c3d4e5", unit, moved));
    for (const id of ["444455556667", "444455556668"]) {
      expect(await db.read((tx) => places.pathIn(tx, id, "o-a1b2c3d4e5"))).toBe(moved);
    }
    await db.close();
  });

  test("the tag keys of its policies are told apart by case from now on", async () => {
    const db = await upgraded();
    const policy = { id: "ANPA1", account: "111122223333" };
    await db.write((tx) => tags.put(tx, policy, [{ key: "Team", value: "b" }], tags.exactCase));
    const found = await db.read((tx) => policies.byId(tx, "ANPA1"));
    expect(found?.tags).toEqual([{ key: "Team", value: "b" }]);
    await db.close();
  });

  test("its secrets refer to their ring keys, and nothing is lost on the way", async () => {
    const db = await upgraded();
    const sealed = async (ringKey: string) =>
      (await db.read((tx) => accessKeys.secrets.sealedWith(tx, ringKey, { after: "", limit: 9 }))).map(
        ({ id, sealedSecret }) => [id, Buffer.from(sealedSecret).toString("hex")],
      );
    expect(await sealed("c0ffee00")).toEqual([
      ["AKIA1", hex("c0ffee00")],
      ["AKIA2", hex("c0ffee00")],
    ]);
    expect(await sealed("deadbeef")).toEqual([["AKIA3", hex("deadbeef")]]);
    const ring = await db.read((tx) => keyRings.list(tx, "secrets"));
    expect(ring.map(({ id, state, seals }) => [id, state, seals])).toEqual([
      ["deadbeef", "distributed", 0],
      ["c0ffee00", "promoted", 9],
    ]);
    for (const { id } of ring) {
      await expect(db.write((tx) => keyRings.remove(tx, "secrets", id))).rejects.toMatchObject({
        constraint: "dependents",
      });
    }
    expect(await db.write((tx) => accessKeys.byId(tx, "AKIA2"))).toMatchObject({ status: "Active", createdAt: 5 });
    await db.close();
  });
});
