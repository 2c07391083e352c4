/** When an issuer is asked for its keys, and how long they are good. */
import { beforeEach, expect, test } from "vitest";
import { Checks } from "../../../src/federation/checks.ts";
import { FetchLine } from "../../../src/federation/oidc/fetch-line.ts";
import type { FetchedKeys } from "../../../src/federation/oidc/issuer-documents.ts";
import { IssuerFailure } from "../../../src/federation/oidc/issuer-failure.ts";
import type { FailureKind } from "../../../src/federation/oidc/issuer-failure.ts";
import { IssuerKeys } from "../../../src/federation/oidc/issuer-keys.ts";
import { KeySet } from "../../../src/federation/oidc/key-set.ts";
import { readJson } from "../../../src/json/read.ts";
import { publicJwk, signingKey } from "../../harness/oidc-issuer.ts";

const minute = 60_000;
const [first, second] = [signingKey("first"), signingKey("second")];
const provider = { account: "111122223333", name: "issuer.example", thumbprints: ["a", "b"], issuerKeys: null };

/** What the issuer has, or why it has not; and how often it was asked. */
let issuer: { keys: readonly (typeof first)[] | FailureKind; asked: number; wait: Promise<void> | null };
let now = 0;
let failures: string[] = [];
let keys: IssuerKeys;

beforeEach(() => {
  issuer = { keys: [first], asked: 0, wait: null };
  now = 0;
  failures = [];
  keys = new IssuerKeys({
    fetch: { keysOf: answer },
    cacheBytes: 8_000_000,
    onFailure: (url, { kind }) => failures.push(`${url} ${kind}`),
    now: () => now,
  });
});

async function answer(): Promise<FetchedKeys> {
  issuer.asked++;
  await issuer.wait;
  if (typeof issuer.keys === "string") throw new IssuerFailure(issuer.keys, "it is gone", { wanted: "an issuer" });
  const list = readJson(JSON.stringify(issuer.keys.map(publicJwk)));
  return { keys: new KeySet(list.kind === "array" ? list.items : []), verification: "IAMTrustStore" };
}

const asking = (kid = "first", of: Parameters<IssuerKeys["keyFor"]>[0] = provider) =>
  keys.keyFor(of, { kid, alg: "ES256" }, new Checks());
/** Whether a key is there at once, comes, or does not. */
async function outcomeOf(kid = "first", of = provider): Promise<string> {
  try {
    const found = asking(kid, of);
    return found instanceof Promise ? await found.then(() => "waited for") : "at once";
  } catch (error) {
    return (error as { code: string }).code;
  }
}
/** Until what was begun beside a request has ended. */
const settled = async () => {
  while (keys.underWay > 0) await new Promise((resolve) => setImmediate(resolve));
};

test("all who wait for an issuer wait for one question", async () => {
  let go = (): void => {};
  issuer.wait = new Promise((resolve) => (go = resolve));
  const waiting = Array.from({ length: 50 }, () => asking());
  expect(keys.figures.waiting).toBe(50);
  go();
  expect(new Set(await Promise.all(waiting)).size).toBe(1);
  expect([issuer.asked, keys.figures.waiting, keys.size]).toEqual([1, 0, 1]);
});

test("keys grow old: they are used, fetched beside a request, waited for", async () => {
  expect(await outcomeOf()).toBe("waited for");
  now = 5 * minute - 1;
  expect([await outcomeOf(), issuer.asked]).toEqual(["at once", 1]);
  now = 5 * minute;
  expect([await outcomeOf(), issuer.asked]).toEqual(["at once", 2]);
  await settled();
  now += 60 * minute;
  expect([await outcomeOf(), issuer.asked]).toEqual(["waited for", 3]);
});

test("a key that the issuer has withdrawn ends with the next fetch", async () => {
  await asking();
  issuer.keys = [second];
  now = 60 * minute;
  expect(await outcomeOf()).toBe("InvalidIdentityToken");
});

test.each<FailureKind>(["unreachable", "timeout", "answer", "certificate", "address", "busy"])(
  "while an issuer cannot be asked (%s), its keys are good for a day",
  async (kind) => {
    await asking();
    issuer.keys = kind;
    now = 23 * 60 * minute;
    expect(await outcomeOf()).toBe("waited for");
    now = 24 * 60 * minute;
    const over = ["certificate", "address", "answer"].includes(kind) ? "InvalidIdentityToken" : "IDPCommunicationError";
    expect(await outcomeOf()).toBe(over);
  },
);

test("an issuer that failed is left alone for a moment, whoever asks", async () => {
  issuer.keys = "unreachable";
  const checks = new Checks();
  await expect(keys.keyFor(provider, { kid: "first", alg: "ES256" }, checks)).rejects.toMatchObject({ status: 400 });
  expect(checks.made).toEqual([{ name: "issuer's keys", passed: false, wanted: "an issuer", seen: "it is gone" }]);
  issuer.keys = [first];
  now = 9999;
  expect([await outcomeOf(), issuer.asked]).toEqual(["IDPCommunicationError", 1]);
  now = 10_000;
  expect([await outcomeOf(), issuer.asked]).toEqual(["waited for", 2]);
  expect(failures).toEqual(["https://issuer.example unreachable"]);
  expect(keys.figures).toMatchObject({ fetches: { unreachable: 1, fetched: 1 }, lookups: { failed: 2, fetched: 1 } });
});

test("that there was no turn is not remembered: it says nothing of the issuer", async () => {
  issuer.keys = "busy";
  expect(await outcomeOf()).toBe("IDPCommunicationError");
  issuer.keys = [first];
  expect(await outcomeOf()).toBe("waited for");
});

test("invented key ids have an issuer asked five times at once, then once in ten seconds", async () => {
  await asking();
  for (let index = 0; index < 100; index++) expect(await outcomeOf(`invented-${index}`)).toBe("InvalidIdentityToken");
  expect(issuer.asked).toBe(1 + 5);
  now = 10_000;
  for (let index = 0; index < 100; index++) await outcomeOf(`invented-${index}`);
  expect(issuer.asked).toBe(1 + 6);
  expect(await outcomeOf()).toBe("at once");
  // A rotation is seen nevertheless, once there is an allowance.
  issuer.keys = [second];
  now = 20_000;
  expect([await outcomeOf("second"), issuer.asked]).toEqual(["waited for", 1 + 7]);
});

test("an issuer that has new keys each time is asked no more often", async () => {
  for (let second = 0; second < 60; second++) {
    now = second * 1000;
    issuer.keys = [signingKey(`of-${second}`)];
    await outcomeOf(`of-${second}`);
  }
  expect(issuer.asked).toBeLessThanOrEqual(1 + 5 + 6);
});

test("a provider whose thumbprints change is another one at once", async () => {
  await asking();
  issuer.keys = "certificate";
  expect(await outcomeOf("first", { ...provider, thumbprints: ["c"] })).toBe("InvalidIdentityToken");
  expect(await outcomeOf()).toBe("at once");
});

test("keys that are given are used at once, and the issuer is never asked", async () => {
  const given = { ...provider, issuerKeys: JSON.stringify({ keys: [publicJwk(second)] }) };
  expect(asking("second", given)).toMatchObject({ type: "public" });
  expect(() => asking("first", given)).toThrow("Couldn't retrieve verification key");
  expect([issuer.asked, keys.verificationOf(given), keys.figures.lookups.given]).toEqual([0, undefined, 1]);
});

const bounds = { most: 3, mostOfAccount: 2, mostWaiting: 2, patience: 60_000 };

test("an account whose issuers hang leaves room for others, in their order", async () => {
  const line = new FetchLine(bounds);
  const began: string[] = [];
  const enter = (account: string) => line.enter(account).then(() => began.push(account));
  await Promise.all([enter("a"), enter("a")]);
  const waiting = enter("a");
  await enter("b");
  expect([began, line.underWay]).toEqual([["a", "a", "b"], 3]);
  const behind = enter("c");
  await expect(line.enter("d")).rejects.toMatchObject({ kind: "busy" });
  line.leave("b");
  await behind;
  line.leave("a");
  await waiting;
  expect(began).toEqual(["a", "a", "b", "c", "a"]);
});

test("who waits too long for a turn gives up", async () => {
  const line = new FetchLine({ ...bounds, patience: 1 });
  await Promise.all([line.enter("a"), line.enter("a")]);
  await expect(line.enter("a")).rejects.toMatchObject({ kind: "busy" });
  line.leave("a");
  await line.enter("a");
});
