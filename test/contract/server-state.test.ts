import { setImmediate as nextTurn } from "node:timers/promises";

import { expect, test } from "vitest";

import * as accounts from "../../src/store/organizations/accounts.ts";
import { Conflict, NotFound } from "../../src/store/sql/errors.ts";
import * as keyRings from "../../src/store/server/key-rings.ts";
import * as places from "../../src/store/organizations/places.ts";
import * as organizations from "../../src/store/organizations/organizations.ts";
import * as outbox from "../../src/store/server/outbox.ts";
import * as quotas from "../../src/store/iam/quotas.ts";
import * as settings from "../../src/store/server/settings.ts";
import { outboxCount } from "../harness/outbox-count.ts";
import { onEachBackend } from "./backends.ts";
import { newAccount } from "./records.ts";

onEachBackend("accounts", (suite) => {
  const account = (id: string, more: Partial<accounts.NewAccount> = {}) => ({
    id,
    name: "n",
    partition: "aws",
    createdAt: 1,
    ...more,
  });

  test("ids, emails and aliases are unique; pages go by id", async () => {
    const { db } = suite;
    const first = account("000000000003", { email: "a@example.com", alias: "first" });
    const created = await db.write((tx) => accounts.create(tx, first));
    await db.write((tx) => accounts.create(tx, account("000000000001")));
    await db.write((tx) => accounts.create(tx, account("000000000002")));
    for (const [constraint, clashing] of [
      ["id", account("000000000003")],
      ["email", account("000000000004", { email: "a@example.com" })],
      ["alias", account("000000000004", { alias: "first" })],
    ] as const) {
      await expect(db.write((tx) => accounts.create(tx, clashing))).rejects.toMatchObject({ constraint });
    }
    await db.read(async (tx) => {
      expect(await accounts.byId(tx, "000000000003")).toEqual(created);
      expect(await accounts.byAlias(tx, "first")).toEqual(created);
      expect(await accounts.byEmail(tx, "a@example.com")).toEqual(created);
      expect(await accounts.count(tx)).toBe(3);
      const page = await accounts.list(tx, { limit: 2 });
      expect(page.map(({ id }) => id)).toEqual(["000000000001", "000000000002"]);
      const next = await accounts.list(tx, { limit: 2, after: "000000000002" });
      expect(next.map(({ id }) => id)).toEqual(["000000000003"]);
    });
    const taking = db.write((tx) => accounts.setAlias(tx, "000000000001", "first"));
    await expect(taking).rejects.toMatchObject({ constraint: "alias" });
    await db.write((tx) => accounts.setAlias(tx, "000000000003", null));
    await db.write((tx) => accounts.setAlias(tx, "000000000001", "first"));
    await expect(db.write((tx) => accounts.setAlias(tx, "999999999999", "x"))).rejects.toBeInstanceOf(NotFound);
  });

  test("an account takes its place in an organization", async () => {
    const { db } = suite;
    const id = await newAccount(db);
    const organization = { id: "o-a1b2c3d4e5", managementAccount: id, rootId: "r-ab12", createdAt: 4 };
    await db.write((tx) => organizations.create(tx, organization));
    await expect(db.write((tx) => organizations.create(tx, organization))).rejects.toBeInstanceOf(Conflict);
    const place = { organizationId: organization.id, organizationPath: "o-a1b2c3d4e5/r-ab12/" };
    const free = { id, organizationId: null };
    await db.write((tx) => places.put(tx, free, organization.id, place.organizationPath));
    await db.read(async (tx) => {
      expect(await accounts.byId(tx, id)).toMatchObject(place);
      expect(await organizations.byId(tx, organization.id)).toEqual({
        ...organization,
        rootCredentials: false,
        rootSessions: false,
      });
      expect(await organizations.byManagementAccount(tx, id)).toEqual({
        ...organization,
        rootCredentials: false,
        rootSessions: false,
      });
    });
    const nowhere = db.write((tx) => places.put(tx, free, "o-missing", "o-missing/r-ab12/"));
    await expect(nowhere).rejects.toBeInstanceOf(NotFound);
    const nobody = { ...free, id: "999999999999" };
    const missing = db.write((tx) => places.put(tx, nobody, organization.id, place.organizationPath));
    await expect(missing).rejects.toBeInstanceOf(NotFound);
  });
});

onEachBackend("quotas", (suite) => {
  test("no more is taken than the limit, one at a time or all at once", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const take = () => db.write((tx) => quotas.take(tx, account, "users", 5));
    const taken = await Promise.all(Array.from({ length: 12 }, take));
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await take()).toBe(false);
    await db.write((tx) => quotas.release(tx, account, "users"));
    expect(await take()).toBe(true);
    expect(await db.write((tx) => quotas.take(tx, account, "none", 0))).toBe(false);
    await db.write((tx) => quotas.release(tx, account, "never"));
    await db.read(async (tx) => {
      expect(await quotas.all(tx, account)).toEqual(new Map([["users", 5]]));
    });
  });

  test("what is taken in a transaction that fails is not taken", async () => {
    const { db } = suite;
    const account = await newAccount(db);
    const failing = db.write(async (tx) => {
      await quotas.take(tx, account, "users", 1);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await db.write((tx) => quotas.take(tx, account, "users", 1))).toBe(true);
  });
});

onEachBackend("key rings", (suite) => {
  test("keys are added, promoted, sealed anew, removed; the check value of the master key is kept", async () => {
    const { db } = suite;
    const key = {
      purpose: "tokens" as const,
      id: "k1",
      state: "distributed" as const,
      sealedKey: new Uint8Array([0, 1, 255]),
      createdAt: 1,
      changedAt: 1,
      seals: 3,
    };
    await db.write((tx) => keyRings.add(tx, key));
    await db.write((tx) => keyRings.add(tx, { ...key, purpose: "secrets" }));
    await expect(db.write((tx) => keyRings.add(tx, key))).rejects.toBeInstanceOf(Conflict);
    await db.write(async (tx) => {
      await keyRings.setState(tx, "tokens", "k1", "promoted", 9);
      await keyRings.addSeals(tx, "tokens", "k1", 4);
      await keyRings.setSealedKey(tx, "tokens", "k1", new Uint8Array([7]));
    });
    const [ring, ...rest] = await db.read((tx) => keyRings.list(tx, "tokens"));
    expect(rest).toEqual([]);
    expect({ ...ring, sealedKey: [...ring!.sealedKey] }).toEqual({
      ...key,
      state: "promoted",
      changedAt: 9,
      seals: 7,
      sealedKey: [7],
    });
    await db.write((tx) => keyRings.remove(tx, "tokens", "k1"));
    await expect(db.write((tx) => keyRings.remove(tx, "tokens", "k1"))).rejects.toBeInstanceOf(NotFound);
    await expect(db.write((tx) => keyRings.setState(tx, "tokens", "k1", "promoted", 1))).rejects.toBeInstanceOf(
      NotFound,
    );
    expect(await db.read((tx) => keyRings.list(tx, "secrets"))).toHaveLength(1);
    expect(await db.read((tx) => keyRings.masterKeyCheck(tx))).toBeNull();
    await db.write((tx) => keyRings.setMasterKeyCheck(tx, new Uint8Array([1])));
    await db.write((tx) => keyRings.setMasterKeyCheck(tx, new Uint8Array([2, 3])));
    expect([...(await db.read((tx) => keyRings.masterKeyCheck(tx)))!]).toEqual([2, 3]);
  });
});

onEachBackend("outbox", (suite) => {
  const event = (eventId: string) => ({ eventId, account: "100000000000", at: 3, record: '{"a":1}', private: "{}" });

  test("records are drained oldest first and stay until they are kept", async () => {
    const { db } = suite;
    for (const id of ["b", "a", "c"]) await db.write(async (tx) => outbox.append(tx, event(id)));
    await expect(db.write(async (tx) => outbox.append(tx, event("a")))).rejects.toBeInstanceOf(Conflict);
    const full = async () => {
      throw new Error("disk full");
    };
    await expect(outbox.drain(db, 2, full)).rejects.toThrow("disk full");
    expect(await db.read((tx) => outboxCount(tx))).toBe(3);
    const kept: string[] = [];
    const keep = async (records: readonly { eventId: string }[]) => {
      kept.push(...records.map(({ eventId }) => eventId));
    };
    expect(await outbox.drain(db, 2, keep)).toBe(2);
    expect(await outbox.drain(db, 2, keep)).toBe(1);
    expect(await outbox.drain(db, 2, keep)).toBe(0);
    expect(kept).toEqual(["b", "a", "c"]);
  });

  test("it is emptied while it is filled, by several where several nodes share it: each record is kept once", async () => {
    const { db } = suite;
    const sent = Array.from({ length: 60 }, (_, index) => `event-${index}`);
    const kept: string[] = [];
    const keep = async (records: readonly { eventId: string }[]) => {
      kept.push(...records.map(({ eventId }) => eventId));
    };
    const empty = async () => {
      while (kept.length < sent.length) {
        // Reads of SQLite answer within a turn of the event loop: a loop of them has to let it turn.
        if ((await outbox.drain(db, 5, keep)) === 0) await nextTurn();
      }
    };
    const fill = async (own: string[]) => {
      for (const id of own) await db.write(async (tx) => outbox.append(tx, event(id)));
    };
    const nodes = db.dialect === "postgresql" ? 3 : 1;
    await Promise.all([fill(sent.slice(0, 30)), fill(sent.slice(30)), ...Array.from({ length: nodes }, empty)]);
    expect(kept.toSorted()).toEqual(sent.toSorted());
    expect(await db.read((tx) => outboxCount(tx))).toBe(0);
  });

  test("the record of a change that fails is not kept", async () => {
    const { db } = suite;
    const before = await db.read((tx) => outboxCount(tx));
    const failing = db.write(async (tx) => {
      outbox.append(tx, event("lost"));
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await db.read((tx) => outboxCount(tx))).toBe(before);
  });
});

onEachBackend("settings", (suite) => {
  test("set, replace", async () => {
    const { db } = suite;
    expect(await db.read((tx) => settings.get(tx, "first"))).toBeNull();
    await db.write((tx) => settings.set(tx, "first", "1"));
    await db.write((tx) => settings.set(tx, "first", "2"));
    expect(await db.read((tx) => settings.get(tx, "first"))).toBe("2");
  });
});
