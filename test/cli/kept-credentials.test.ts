/** When a role is put on once more, by a clock of the test's own. */
import { beforeEach, expect, test } from "vitest";
import { KeptCredentials } from "../../src/cli/credentials/kept-credentials.ts";
import type { RoleCredentials } from "../../src/cli/credentials/role-credentials.ts";

const minute = 60_000;
let now: number;
let made: number;
let lifetime: number;
let fails: boolean;
let said: unknown[];
let kept: KeptCredentials;

async function obtain(): Promise<RoleCredentials> {
  if (fails) throw new Error("nobody is there");
  made++;
  const Expiration = new Date(now + lifetime).toISOString();
  return { AccessKeyId: `key ${made}`, SecretAccessKey: "", Token: "", Expiration, AccountId: "111122223333" };
}

beforeEach(() => {
  [now, made, lifetime, fails, said] = [Date.parse("2026-11-28T12:00:00Z"), 0, 60 * minute, false, []];
  kept = new KeptCredentials(
    obtain,
    () => now,
    (error) => said.push(error),
  );
});

const key = async (): Promise<string> => (await kept.get()).AccessKeyId;
const later = async (minutes: number): Promise<string> => {
  now += minutes * minute;
  return key();
};

test("those of an hour are renewed a quarter of an hour before their end", async () => {
  expect([await key(), await later(44.9), await later(0.1)]).toEqual(["key 1", "key 1", "key 2"]);
});

test("short ones in the last third of their time", async () => {
  lifetime = 15 * minute;
  expect([await key(), await later(9.9), await later(0.1)]).toEqual(["key 1", "key 1", "key 2"]);
});

test("who asks at the same time gets the same", async () => {
  expect(await Promise.all([key(), key(), key()])).toEqual(["key 1", "key 1", "key 1"]);
  now += 50 * minute;
  expect(await Promise.all([key(), key()])).toEqual(["key 2", "key 2"]);
});

test("that they could not be renewed is told, and the former ones are given as long as they are good", async () => {
  await key();
  fails = true;
  expect(await later(45)).toBe("key 1");
  expect(await later(0.1), "not tried anew at once").toBe("key 1");
  expect(said).toHaveLength(1);
  expect(await later(1)).toBe("key 1");
  expect(said).toHaveLength(2);
  await expect(later(20)).rejects.toThrow("nobody is there");
  fails = false;
  expect(await key()).toBe("key 2");
});

test("the first ones that cannot be had are told by the fault alone", async () => {
  fails = true;
  await expect(key()).rejects.toThrow("nobody is there");
  expect(said).toEqual([]);
});
