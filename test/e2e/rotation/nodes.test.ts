/**
 * Rotation where nodes disagree about the time, stand still, know less than the others or die: nothing that was sealed is
 * lost, and nothing that is good is refused.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import { FormerRingKey } from "../../../src/seal/errors.ts";
import { KeyRing } from "../../../src/seal/key-ring.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import { readRing } from "../../../src/session/rings.ts";
import { StoredSecrets } from "../../../src/session/stored-secrets.ts";
import * as accessKeys from "../../../src/store/iam/access-keys.ts";
import * as keyRings from "../../../src/store/server/key-rings.ts";
import { postgresql } from "../../contract/backends.ts";
import { caller, refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { form, send } from "../../harness/http.ts";
import { onEachDatabase, starter } from "../../harness/places.ts";
import { accountA, deny, document, trust } from "../../harness/world.ts";

const never = 1e9;
const minute = 60_000;
const master = masterKey(randomBytes(32), "the test");
const invalid = /^InvalidClientTokenId 403/;

/** A clock that goes, and is wrong. @param ahead milliseconds */
const wrong = (ahead: number) => ({ now: () => Date.now() + ahead });

const ready = async (server: RunningServer) => {
  const { status, body } = await send(server.url, { method: "GET", target: "/ready" });
  return { code: status, ...(JSON.parse(body) as Record<string, string>) };
};

const states = async ({ environment }: RunningServer, ring: "tokens" | "secrets") => {
  const keys = await environment().database.read((tx) => keyRings.list(tx, ring));
  return keys.map(({ state }) => state);
};

async function session(who: Caller, RoleArn: string, url: string): Promise<Caller> {
  const { Credentials } = await who.sts.assumeRole({ RoleArn, RoleSessionName: "session" });
  return caller(url, sessionKeys(Credentials));
}

/** Secrets that were sealed with a ring learned before, in the transaction that keeps them. */
onEachDatabase("a ring that is behind", (start) => {
  test("seals no secret anew, makes no key, and its former key does not go", async () => {
    const server = await start({ masterKey: master, ringInterval: never });
    const { database, ringKeeper, secrets } = server.environment();
    const admin = caller(server.url, server.created[0]!);
    const behind = new KeyRing(await database.read((tx) => readRing(tx, master, "secrets")));
    await admin.rolecall("RotateKeys", { Ring: "secrets" });
    await ringKeeper.tend();
    expect(await states(server, "secrets")).toEqual(["retired", "promoted"]);
    const before = await database.read((tx) => accessKeys.secrets.page(tx, { after: "", limit: 9 }));
    // What it would seal with its ring is refused by the store, also where what it opens is sealed with the former key.
    const [key] = before;
    const secret = secrets.open(key!.sealedSecret, key!.id);
    const stale = database.write((tx) => accessKeys.secrets.setSealedSecret(tx, key!, behind.seal(secret, key!.id)));
    await expect(stale).rejects.toBeInstanceOf(FormerRingKey);
    await new StoredSecrets(database, behind, () => undefined).resealAll();
    expect(await database.read((tx) => accessKeys.secrets.page(tx, { after: "", limit: 9 }))).toEqual(before);
    // The same in a request: it is told once, reads the ring, and seals with the right one.
    secrets.replace({
      purpose: "secrets",
      keys: (await database.read((tx) => readRing(tx, master, "secrets"))).keys.map((ringKey) => ({
        ...ringKey,
        state: ringKey.state === "retired" ? ("promoted" as const) : ("distributed" as const),
      })),
    });
    await admin.iam.createUser({ UserName: "late" });
    const { AccessKey } = await admin.iam.createAccessKey({ UserName: "late" });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey!;
    const late = caller(server.url, { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! });
    expect((await late.sts.getCallerIdentity({})).Account).toBe(server.operatorAccount);
  });

  test("what cannot be opened is said: readiness, log, until it is gone", async () => {
    const errors: string[] = [];
    const onError = (error: unknown): void => void errors.push(String(error));
    const server = await start({ masterKey: master, ringInterval: never, onError });
    const { database, ringKeeper, secrets } = server.environment();
    const admin = caller(server.url, server.created[0]!);
    await admin.iam.createUser({ UserName: "hurt" });
    const { AccessKey } = await admin.iam.createAccessKey({ UserName: "hurt" });
    const key = (await database.read((tx) => accessKeys.byId(tx, AccessKey!.AccessKeyId!)))!;
    const damaged = Uint8Array.from(key.sealedSecret, (byte, index) => (index < 5 ? byte : byte ^ 1));
    await database.write((tx) => accessKeys.secrets.setSealedSecret(tx, key, damaged));
    await ringKeeper.tend();
    expect(await ready(server)).toMatchObject({ code: 503, rings: "cannot open" });
    expect(errors).toEqual([expect.stringContaining(`1 secrets cannot be opened, those of ${key.id}`)]);
    await admin.iam.deleteAccessKey({ UserName: "hurt", AccessKeyId: key.id });
    await ringKeeper.tend();
    await expect.poll(() => ready(server)).toMatchObject({ code: 200, rings: "ok" });
    // A ring key that the master key does not open.
    const ringKey = secrets.promoted!.id;
    await database.write((tx) => keyRings.setSealedKey(tx, "secrets", ringKey, new Uint8Array(60)));
    await ringKeeper.tend();
    await expect.poll(() => ready(server)).toMatchObject({ code: 503, rings: "cannot seal" });
  });

  test("strangers who make key ids up cost a look a second, whatever they send", async () => {
    const server = await start({ masterKey: master, ringInterval: never });
    const looks = vi.spyOn(server.environment().node, "learn");
    const real = (await caller(server.url, server.created[0]!).sts.getSessionToken({})).Credentials!;
    const began = performance.now();
    const asked = Array.from({ length: 300 }, async (_, index) => {
      const token = Buffer.from(real.SessionToken!, "base64url");
      token.writeUInt32BE(index % 3 === 0 ? 7 : 1000 + index, 1);
      const keys = { ...sessionKeys(real), sessionToken: token.toString("base64url") };
      const { status, body } = await send(
        server.url,
        form(server.url, { Action: "GetCallerIdentity" }, keys, { service: "sts" }),
      );
      return `${status} ${/<Code>(\w+)/.exec(body)?.[1]}`;
    });
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["403 InvalidClientTokenId"]));
    expect(looks.mock.calls.length).toBeGreaterThan(0);
    expect(looks.mock.calls.length).toBeLessThanOrEqual(2 + (performance.now() - began) / 1000);
  });
});

describe("several nodes on one PostgreSQL", () => {
  const start = starter(postgresql);

  /** Two nodes that look at nothing by themselves, with a role and its administrator at each. */
  async function pair(options: Parameters<typeof start>[0], other: Parameters<typeof start>[0] = {}) {
    const { location: database } = await postgresql.place();
    const shared = { database, masterKey: master, first: { id: accountA }, ringInterval: never, ...options };
    const one = await start(shared);
    const two = await start({ ...shared, ...other });
    const keys = one.created[0]!;
    const admin = caller(one.url, keys);
    const { Role } = await admin.iam.createRole({
      RoleName: "hat",
      AssumeRolePolicyDocument: trust({ AWS: accountA }),
    });
    return { one, two, admin, adminAtTwo: caller(two.url, keys), role: Role!.Arn! };
  }

  test("a key seals once every node has it; one that stood still is not waited for, and catches up first", async () => {
    // Long enough for the first two steps on a busy machine.
    const lease = 4000;
    const { one, two, admin, adminAtTwo, role } = await pair({ nodeLease: lease });
    await admin.rolecall("RotateKeys");
    const keepers = [one, two].map((node) => node.environment().ringKeeper);
    await two.environment().node.renew();
    await admin.rolecall("RotateKeys");
    await keepers[0]!.tend();
    // The other node has the first new key, not the second.
    expect((await states(one, "tokens")).at(-1)).toBe("distributed");
    await expect
      .poll(async () => {
        await keepers[0]!.tend();
        return (await states(one, "tokens")).at(-1);
      })
      .toBe("promoted");
    expect(await states(one, "secrets")).toEqual(["retired", "retired", "promoted"]);
    expect(two.environment().tokens.keyIds).not.toContain(one.environment().tokens.promoted!.id);
    // Nobody counts on it any more: it reads the rings before it does anything, and what the others sealed is good there.
    const { node } = two.environment();
    await expect.poll(() => node.isCurrent(performance.now())).toBe(false);
    const fresh = await session(admin, role, two.url);
    expect((await fresh.sts.getCallerIdentity({})).Account).toBe(accountA);
    expect(node.isCurrent(performance.now())).toBe(true);
    const back = await session(adminAtTwo, role, one.url);
    expect((await back.sts.getCallerIdentity({})).Account).toBe(accountA);
    expect((await adminAtTwo.iam.listRoles({})).Roles).toHaveLength(1);
  });

  test("a key that a node does not know makes it read the ring before it refuses", async () => {
    const { one, two, admin, role } = await pair({});
    const { tokens, secrets } = two.environment();
    const former = await one
      .environment()
      .database.read(async (tx) => [await readRing(tx, master, "tokens"), await readRing(tx, master, "secrets")]);
    await admin.rolecall("RotateKeys");
    await two.environment().node.renew();
    await one.environment().ringKeeper.tend();
    tokens.replace(former[0]!);
    secrets.replace(former[1]!);
    const fresh = await session(admin, role, two.url);
    expect((await fresh.sts.getCallerIdentity({})).Account).toBe(accountA);
    secrets.replace(former[1]!);
    await admin.iam.createUser({ UserName: "new" });
    const { AccessKey } = await admin.iam.createAccessKey({ UserName: "new" });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey!;
    const made = caller(two.url, { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! });
    expect((await made.sts.getCallerIdentity({})).Account).toBe(accountA);
  });

  test("clocks that are minutes off decide nothing: signatures, sessions, revocation and rotation go by the database's", async () => {
    const errors: string[] = [];
    const onError = (error: unknown): void => void errors.push(String(error));
    const { one, two, admin, adminAtTwo, role } = await pair(
      { clock: wrong(5 * minute), clockSkew: minute, onError },
      { clock: wrong(-5 * minute) },
    );
    expect(errors.map((line) => /is (-?\d+)\.\d s ahead/.exec(line)?.[1])).toEqual(
      ["300", "-300"].map((off) => expect.stringMatching(off === "300" ? /^(299|300)$/ : /^-(299|300)$/)),
    );
    for (const [who, url] of [
      [admin, two.url],
      [adminAtTwo, one.url],
    ] as const) {
      const asked = Date.now();
      const { Credentials } = await who.sts.assumeRole({ RoleArn: role, RoleSessionName: "off", DurationSeconds: 900 });
      const issued = Credentials!.Expiration!.getTime() - 15 * minute;
      expect(issued).toBeGreaterThan(asked - 5000);
      expect(issued).toBeLessThan(Date.now() + 5000);
      const hat = caller(url, sessionKeys(Credentials));
      expect((await hat.sts.getCallerIdentity({})).Account).toBe(accountA);
      // What was issued before now ends, wherever it was issued, and what is issued later is good.
      await sleep(1100);
      const before = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
      await admin.iam.putRolePolicy({
        RoleName: "hat",
        PolicyName: "revoked",
        PolicyDocument: document(deny("*", "*", { Condition: { DateLessThan: { "aws:TokenIssueTime": before } } }), {
          Effect: "Allow",
          Action: "iam:ListRoles",
          Resource: "*",
        }),
      });
      expect(await refusal(hat.iam.listRoles({}))).toMatch(/^AccessDenied 403/);
      expect((await (await session(who, role, url)).iam.listRoles({})).Roles).toHaveLength(1);
    }
    await admin.rolecall("RotateKeys");
    await two.environment().node.renew();
    await one.environment().ringKeeper.tend();
    expect(await states(two, "tokens")).toEqual(["distributed", "promoted"]);
    expect((await (await session(adminAtTwo, role, one.url)).iam.listRoles({})).Roles).toHaveLength(1);
    expect(await ready(one)).toMatchObject({ code: 200 });
    expect(await ready(await start({ clock: wrong(-20 * minute), onError }))).toMatchObject({
      code: 503,
      clock: "is off",
    });
  });

  test("a node that was ended is not waited for", async () => {
    const { one, two, admin } = await pair({});
    await two.close();
    await admin.rolecall("RotateKeys", { Ring: "tokens" });
    await one.environment().ringKeeper.tend();
    expect(await states(one, "tokens")).toEqual(["distributed", "promoted"]);
    expect(
      await refusal(
        caller(one.url, { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" }).sts.getCallerIdentity({}),
      ),
    ).toMatch(invalid);
  });
});
