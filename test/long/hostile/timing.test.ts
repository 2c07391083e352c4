/**
 * How long refusals take, by what is wrong (docs/hostile-input.md has the method and the figures). The samples of two
 * cases are taken in turn, so that whatever slows the machine slows both. `ROLECALL_TIMING_SAMPLES` makes it finer.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { postgresql, sqlite } from "../../contract/backends.ts";
import type { Backend } from "../../contract/backends.ts";
import { allow, trust, worldOf } from "../../harness/world.ts";
import { account, otherAccount } from "../../harness/hostile/inputs.ts";
import { Door } from "./in-process.ts";
import { realize } from "../../harness/hostile/requests.ts";
import type { Plan, Sendable } from "../../harness/hostile/requests.ts";
import { hostileWorld } from "./world.ts";
import type { HostileWorld } from "./world.ts";

const samples = Number(process.env["ROLECALL_TIMING_SAMPLES"] ?? 300);
const warmUp = 100;

const plan: Plan = {
  method: "POST",
  target: "/",
  headers: [
    ["host", "127.0.0.1:7653"],
    ["content-type", "application/x-www-form-urlencoded"],
  ],
  body: "Action=GetCallerIdentity&Version=2011-06-15",
  signing: { as: 0, service: "sts", region: "us-east-1", offset: 0, form: "header" },
  tampering: [],
};

const signedBy = (keys: SigningCredentials, body = plan.body): Sendable =>
  realize({ ...plan, body }, [keys], Date.now());

/** An AssumeRole of a role of the other account. */
const assuming = (name: string): string =>
  new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: `arn:aws:iam::${otherAccount}:role/${name}`,
    RoleSessionName: "session",
  }).toString();

/** The request with one digit of its signature changed. */
function offAt(request: Sendable, position: number): Sendable {
  const change = (signature: string) =>
    `${signature.slice(0, position)}${signature[position] === "0" ? "1" : "0"}${signature.slice(position + 1)}`;
  const headers = request.headers.map(
    ([name, value]) =>
      [name, name.toLowerCase() === "authorization" ? value.replace(/[0-9a-f]{64}$/, change) : value] as const,
  );
  return { ...request, headers };
}

interface Comparison {
  /** Medians in microseconds. */
  readonly first: number;
  readonly second: number;
  /** Welch's t of the samples below their 90th percentile: beyond ±4.5 two distributions are told apart. */
  readonly t: number;
}

async function compare(door: Door, first: () => Sendable, second: () => Sendable): Promise<Comparison> {
  const taken: [number[], number[]] = [[], []];
  for (let index = 0; index < warmUp + samples; index++) {
    // Which goes first changes from pair to pair.
    for (const which of index % 2 === 0 ? [0, 1] : [1, 0]) {
      const request = (which === 0 ? first : second)();
      const started = process.hrtime.bigint();
      const answer = await door.pass(request);
      const took = Number(process.hrtime.bigint() - started) / 1000;
      if (answer?.status !== 403) throw new Error(`not refused: ${answer?.status}`);
      if (index >= warmUp) taken[which]!.push(took);
    }
    if (index % 32 === 0) await new Promise(setImmediate);
  }
  const [a, b] = taken.map((times) => times.sort((x, y) => x - y).slice(0, Math.floor(times.length * 0.9))) as [
    number[],
    number[],
  ];
  const [ma, mb, va, vb] = [mean(a), mean(b), variance(a), variance(b)];
  return { first: median(a), second: median(b), t: (ma - mb) / Math.sqrt(va / a.length + vb / b.length) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)]!;
function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

const worlds = new Map<Backend, HostileWorld>();
beforeAll(async () => {
  for (const backend of [sqlite, postgresql]) {
    worlds.set(backend, await hostileWorld((await backend.place()).location, "memory"));
  }
});
afterAll(() => Promise.all([...worlds.values()].map((world) => world.close())));

test.each([sqlite, postgresql])("refusals on $name", async (backend) => {
  const world = worlds.get(backend)!;
  const door = await Door.of(world.server.url);
  const { user, a } = worldOf(world.server);
  const known = (await user(a, "known")).keys;
  const inactive = (await user(a, "inactive")).keys;
  await a.iam.updateAccessKey({ UserName: "inactive", AccessKeyId: inactive.accessKeyId, Status: "Inactive" });
  let serial = 0;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  // Another one each time: what nobody has asked for yet.
  const unknown = (): SigningCredentials => {
    serial++;
    const tail = Array.from({ length: 4 }, (_, place) => alphabet[(serial >> (5 * place)) & 31]).join("");
    return { accessKeyId: `${known.accessKeyId.slice(0, 16)}${tail}`, secretAccessKey: "unknown" };
  };
  const good = signedBy(known);
  const early = offAt(good, 0);
  const late = offAt(good, 63);
  const dormant = signedBy(inactive);
  const session = world.signers.find(({ sessionToken }) => sessionToken !== undefined)!;
  const token = session.sessionToken!;
  const brokenAt = (position: number) =>
    signedBy({
      ...session,
      sessionToken: `${token.slice(0, position)}${token[position] === "A" ? "B" : "A"}${token.slice(position + 1)}`,
    });
  const [tokenEarly, tokenLate] = [brokenAt(20), brokenAt(token.length - 10)];

  const administrator = world.server.created.find(({ accountId }) => accountId === otherAccount)!;
  const other = worldOf(world.server).as(administrator);
  const Condition = { StringEquals: { "sts:ExternalId": "x" } };
  const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key${index}`, Value: "value" }));
  for (const [RoleName, AssumeRolePolicyDocument] of [
    ["silent", trust({ AWS: otherAccount }, "sts:AssumeRole", { Condition })],
    ["naming", trust({ AWS: account }, "sts:AssumeRole", { Condition })],
  ] as const) {
    await other.iam.createRole({ RoleName, AssumeRolePolicyDocument, Tags: tags });
  }
  const willing = (await user(a, "willing", allow("sts:*"))).keys;
  const [silent, naming, missing] = ["silent", "naming", "missing"].map((name) => signedBy(willing, assuming(name)));

  const rows: Record<string, Comparison> = {
    "signature: first digit wrong | last digit wrong": await compare(
      door,
      () => early,
      () => late,
    ),
    "token: changed near its beginning | near its end": await compare(
      door,
      () => tokenEarly,
      () => tokenLate,
    ),
    "unknown key | known key, wrong signature": await compare(
      door,
      () => signedBy(unknown()),
      () => early,
    ),
    "unknown key | inactive key": await compare(
      door,
      () => signedBy(unknown()),
      () => dormant,
    ),
    "AssumeRole elsewhere: role that trusts nobody of the account | missing role": await compare(
      door,
      () => silent!,
      () => missing!,
    ),
    "AssumeRole elsewhere: role that trusts the account, on a condition | missing role": await compare(
      door,
      () => naming!,
      () => missing!,
    ),
  };
  console.log(`timing on ${backend.name}, ${samples} pairs`, rows);
  // What a guesser could use: where the first difference stands. A machine that is busy spreads both; a difference that
  // could be used would be there in every sample.
  for (const [name, { first, second, t }] of Object.entries(rows).slice(0, 2)) {
    const shown = Math.abs(t) > 20 && Math.abs(first - second) > Math.max(15, first * 0.15);
    expect(shown, `${name}: ${first} and ${second} µs, t ${t}`).toBe(false);
  }
});
