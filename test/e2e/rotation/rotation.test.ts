/** Keys are replaced while everything goes on, and what was sealed with one that is gone is gone. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../harness/until.ts";
import { TestClock } from "../../harness/deterministic.ts";
import type { RunningServer } from "../../../src/server/server.ts";
import { sealingKeyId } from "../../../src/seal/key-ring.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import * as accessKeys from "../../../src/store/iam/access-keys.ts";
import { accountId } from "../../long/durability/subject.ts";
import { caller, refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase, starter } from "../../harness/places.ts";
import { trust } from "../../harness/world.ts";
import { verifyWithoutPause } from "./load.ts";

const interval = 200;
const hour = 3_600_000;

interface Key {
  readonly Ring: string;
  readonly KeyId: string;
  readonly State: string;
}

async function keysOf(who: Caller, ring: string): Promise<Key[]> {
  const { body } = await who.rolecall("ListKeys");
  return (body.Keys as Key[]).filter(({ Ring }) => Ring === ring);
}

/** The ids of the ring keys that the stored secrets are sealed with. */
async function sealedWith(server: RunningServer): Promise<string[]> {
  const { database } = server.environment();
  const keys = await database.read((tx) => accessKeys.secrets.page(tx, { after: "", limit: 1000 }));
  return [...new Set(keys.map((key) => sealingKeyId(key.sealedSecret)))];
}

onEachDatabase("rotation under load", (start, backend) => {
  test("not one verification fails, secrets are sealed anew, and their former key is retired", async () => {
    const { location: database } = await backend.place();
    const secret = masterKey(randomBytes(32), "the test");
    const shared = { database, masterKey: secret, first: { id: accountId }, ringInterval: interval };
    const servers = [await start(shared)];
    if (backend.name === "postgresql") servers.push(await start(shared));
    const administrator = servers[0]!.created[0]!;
    const admin = caller(servers[0]!.url, administrator);
    const RoleName = "assumed";
    const { Role } = await admin.iam.createRole({ RoleName, AssumeRolePolicyDocument: trust({ AWS: accountId }) });
    const urls = servers.map(({ url }) => url);
    const load = verifyWithoutPause(urls, administrator, Role!.Arn!, "made");
    const rotated: string[] = [];
    for (let round = 0; round < 2; round++) {
      await sleep(300);
      const former = { tokens: await keysOf(admin, "tokens"), secrets: await keysOf(admin, "secrets") };
      const { KeyIds } = (await admin.rolecall("RotateKeys")).body as { KeyIds: [string, string] };
      rotated.push(...KeyIds);
      // The new key for tokens seals.
      await until(async () => {
        const keys = await keysOf(admin, "tokens");
        return keys.some(({ KeyId, State }) => KeyId === KeyIds[0] && State === "promoted");
      });
      // The former key for secrets is retired.
      await until(async () => {
        const keys = await keysOf(admin, "secrets");
        return keys.every(({ KeyId, State }) => State === (KeyId === KeyIds[1] ? "promoted" : "retired"));
      });
      expect(await sealedWith(servers[0]!)).toEqual([KeyIds[1]]);
      // What the former key for tokens sealed is still good: it only opens now.
      expect((await keysOf(admin, "tokens")).map(({ KeyId, State }) => `${KeyId} ${State}`)).toEqual([
        ...former.tokens.map(({ KeyId }) => `${KeyId} distributed`),
        `${KeyIds[0]} promoted`,
      ]);
    }
    // Every session and every key that was given out meanwhile, at every node.
    await load.stop();
    for (const [index, keys] of load.credentials.entries()) {
      const who = caller(urls[index % urls.length]!, keys);
      expect((await who.sts.getCallerIdentity({})).Account).toBe(accountId);
    }
    expect(load.failures.slice(0, 3)).toEqual([]);
    expect(new Set(rotated).size).toBe(4);
    console.log(
      `${backend.name}: ${load.count} calls and ${load.credentials.length} credentials through two rotations`,
    );
    expect(load.credentials.length).toBeGreaterThan(20);
  });
});

describe("a key that is retired", () => {
  const start = starter();

  test("goes after the longest session, and a token that it sealed is refused", async () => {
    const clock = new TestClock(Date.now());
    const server = await start({ clock, clockSkew: 100 * hour });
    const admin = caller(server.url, server.created[0]!);
    // GetSessionToken's 36 hours are the longest there is; root may not have so many.
    const { Credentials } = await admin.sts.getSessionToken({ DurationSeconds: 36 * 3600 });
    const session = caller(server.url, sessionKeys(Credentials)).sts;
    const former = server.environment().tokens.promoted!.id;
    const { KeyIds } = (await admin.rolecall("RotateKeys", { Ring: "tokens" })).body as { KeyIds: string[] };
    const { ringKeeper, tokens } = server.environment();
    await ringKeeper.tend();
    expect(tokens.keyIds).toEqual([former, KeyIds[0]]);
    clock.advance(35 * hour);
    await ringKeeper.tend();
    // Within its life nothing refuses it, whatever was rotated.
    expect((await session.getCallerIdentity({})).Account).toBe(server.operatorAccount);
    clock.advance(1.2 * hour);
    await ringKeeper.tend();
    expect(tokens.keyIds).toEqual([KeyIds[0]]);
    // No longer that it expired: nobody can read any more what it says.
    expect(await refusal(session.getCallerIdentity({}))).toMatch(/^InvalidClientTokenId 403/);
  });

  test("the order of keys is the order of their making, whatever the clocks of the nodes say", async () => {
    const clock = new TestClock(Date.now());
    const server = await start({ clock });
    const { database, ringKeeper, tokens } = server.environment();
    const made: string[] = [];
    for (const offset of [-60_000, 0, 0]) {
      clock.advance(offset);
      made.push(await database.write((tx) => ringKeeper.distribute(tx, "tokens")));
    }
    await ringKeeper.tend();
    expect(tokens.promoted!.id).toBe(made.at(-1));
  });
});
