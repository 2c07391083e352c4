/** What an organization owns is as fresh as what an account owns, at each node, and costs one write to move. */
import { expect, test } from "vitest";

import { OrganizationPlaces } from "../../src/authorization/organization-places.ts";
import { openDatabase } from "../../src/store/open.ts";
import * as organizations from "../../src/store/organizations/organizations.ts";
import * as places from "../../src/store/organizations/places.ts";
import type { Database } from "../../src/store/sql/database.ts";
import { accountDomain, organizationDomain } from "../../src/store/sql/domain.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount } from "./records.ts";

onEachBackend("places in an organization", (suite, backend) => {
  let made = 0;

  /** An organization of three accounts, two of them in one unit. */
  async function organization(db: Database) {
    const id = `o-${String(++made).padStart(10, "a")}`;
    const [manager, one, two] = [await newAccount(db), await newAccount(db), await newAccount(db)];
    const root = `${id}/r-ab12/`;
    const unit = `${root}ou-ab12-11111111/`;
    await db.write(async (tx) => {
      await organizations.create(tx, { id, managementAccount: manager, rootId: "r-ab12", createdAt: 1 });
      await places.put(tx, { id: manager, organizationId: null }, id, root);
      for (const account of [one, two]) await places.put(tx, { id: account, organizationId: null }, id, unit);
    });
    return { id, manager, one, two, root, unit };
  }

  /** The node that writes, and another where the database has several. */
  async function nodes(work: (writer: Database, reader: Database) => Promise<void>): Promise<void> {
    if (backend.name === "sqlite") return work(suite.db, suite.db);
    const other = await openDatabase(suite.location, { shared: backend.shared });
    await work(suite.db, other).finally(() => other.close());
  }

  test("an account that is moved is elsewhere for the next request at every node", () =>
    nodes(async (writer, reader) => {
      const { id, one, two, root, unit } = await organization(writer);
      const known = new OrganizationPlaces(1_000_000);
      const path = async (account: string) => (await reader.glance((tx) => known.of(tx, account)))?.path;
      expect(await path(one)).toBe(unit);
      const before = await reader.revision(accountDomain(one));
      await writer.write((tx) => places.put(tx, { id: one, organizationId: id }, id, root));
      expect(await path(one)).toBe(root);
      expect(await path(two)).toBe(unit);
      // It is the organization that changed.
      expect(await reader.revision(accountDomain(one))).toEqual(before);
    }));

  test("a unit that is moved takes its accounts along in one write that raises one revision", () =>
    nodes(async (writer, reader) => {
      const { id, manager, one, two, root, unit } = await organization(writer);
      const known = new OrganizationPlaces(1_000_000);
      const all = () =>
        Promise.all(
          [manager, one, two].map(async (account) => (await reader.glance((tx) => known.of(tx, account)))?.path),
        );
      expect(await all()).toEqual([root, unit, unit]);
      const domains = [...[manager, one, two].map(accountDomain), organizationDomain(id)];
      const before = await reader.revisions(domains);
      const moved = `${root}ou-ab12-22222222/ou-ab12-11111111/`;
      await writer.write((tx) => places.moveUnit(tx, id, unit, moved));
      expect(await all()).toEqual([root, moved, moved]);
      const after = await reader.revisions(domains);
      const raised = domains.filter((domain) => after.get(domain)!.number !== before.get(domain)!.number);
      expect(raised).toEqual([organizationDomain(id)]);
    }));

  test("an account that changes its organization is in the other for the next request at every node", () =>
    nodes(async (writer, reader) => {
      const [former, next] = [await organization(writer), await organization(writer)];
      const known = new OrganizationPlaces(1_000_000);
      const place = async () => reader.glance((tx) => known.of(tx, former.one));
      expect(await place()).toEqual({ id: former.id, path: former.unit });
      await writer.write((tx) => places.put(tx, { id: former.one, organizationId: former.id }, next.id, next.root));
      expect(await place()).toEqual({ id: next.id, path: next.root });
      // Nothing is read for what is known.
      const free = await newAccount(writer);
      expect(await reader.glance((tx) => known.of(tx, free))).toBeNull();
      expect(await place()).toEqual({ id: next.id, path: next.root });
    }));

  test("what is put where nothing lies leaves nothing behind when its transaction fails", async () => {
    const { db } = suite;
    const { id, one, unit } = await organization(db);
    const known = new OrganizationPlaces(1_000_000);
    const failing = db.write(async (tx) => {
      await places.moveUnit(tx, id, unit, `${id}/r-ab12/ou-ab12-99999999/`);
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await db.glance((tx) => known.of(tx, one))).toEqual({ id, path: unit });
  });
});
