/**
 * Bytes over real sockets, most of them no HTTP. `ROLECALL_SOCKET_INPUTS` makes it longer (`npm run soak`).
 */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../../harness/http.ts";
import { Random } from "../../harness/random.ts";
import { objection } from "../hostile/oracle.ts";
import { bytesOf, classics, mutilated } from "../hostile/raw.ts";
import { anyPlan, realize } from "../../harness/hostile/requests.ts";
import { seed } from "../../harness/seed.ts";
import { hostileWorld } from "../hostile/world.ts";
import type { HostileWorld } from "../hostile/world.ts";

const inputs = Number(process.env["ROLECALL_SOCKET_INPUTS"] ?? 2000);
const lanes = 16;
/** From the last byte to the end of the connection (milliseconds): longer is a hang, which no timeout of the server ends sooner. */
const patience = 50_000;
const unhurried = { headersTimeout: 600_000, requestTimeout: 600_000, inactivityTimeout: 600_000 };

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld({ sqlite: ":memory:" }, "memory", unhurried);
});
afterAll(() => world.close());

/** Everything that comes back until the server ends the connection; null when it does not. */
function exchange(bytes: string): Promise<string | null> {
  const { hostname, port } = new URL(world.server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let said = "";
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(null);
    }, patience);
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => (said += text));
    // A connection that is reset has ended too.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(said);
    });
    // The other half stays open: only the client's is closed, so that nothing more is waited for.
    socket.end(Buffer.from(bytes, "latin1"));
  });
}

/** Codes of the HTTP layer itself, whose answers have no body. */
const bare = new Set([400, 408, 413, 417, 431]);

function wrong(said: string | null): string | null {
  if (said === null) return "the connection was not ended";
  // Nothing at all is an answer to what is not HTTP.
  if (said === "") return null;
  const first = /^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n([^]*?)\r\n\r\n([^]*)$/.exec(said);
  if (first === null) return `not HTTP: ${said.slice(0, 200)}`;
  const status = Number(first[1]);
  const contentType = /^content-type: (.*)$/im.exec(first[2]!)?.[1]?.trim();
  const length = Number(/^content-length: (\d+)$/im.exec(first[2]!)?.[1] ?? 0);
  if (contentType === undefined && bare.has(status)) return null;
  if (contentType === "application/json" && (status === 200 || status === 503)) return null;
  const body = Buffer.from(first[3]!.slice(0, length), "latin1").toString("utf8");
  // HEAD has a length and no body.
  return body === "" && length > 0 ? null : objection({ status, contentType, body });
}

test.each(classics.map((bytes) => [JSON.stringify(bytes).slice(0, 100), bytes]))("%s", async (_, bytes) => {
  expect(wrong(await exchange(bytes))).toBeNull();
});

test(
  `${inputs} mutilated requests of seed ${seed}`,
  async () => {
    const failures: string[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < inputs && failures.length < 5) {
        const index = next++;
        const random = new Random(Math.imul(seed, 0x9e3779b1) ^ index);
        const plan = realize(anyPlan(random, world.pools, world.tokens), world.signers, Date.now());
        const bytes = random.chance(0.2) ? mutilated(random.pick(classics), random) : mutilated(bytesOf(plan), random);
        const objectionTo = wrong(await exchange(bytes));
        if (objectionTo !== null)
          failures.push(`seed ${seed}, input ${index}: ${objectionTo}\n${JSON.stringify(bytes).slice(0, 1500)}`);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(failures).toEqual([]);
    expect(world.defects).toEqual([]);
    expect((await send(world.server.url, { method: "GET", target: "/health" })).status).toBe(200);
  },
  60_000 + inputs * 10,
);
