/**
 * Rotations of three nodes on one PostgreSQL whose clocks are ten minutes apart, under load, with one of them held up,
 * stopped or killed in the middle: no signature and no session fails, and no secret is lost. `npm run soak` runs it.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresql } from "../../contract/backends.ts";
import type { NodeOptions } from "../durability/node.ts";
import { accountId } from "../durability/subject.ts";
import { caller } from "../../harness/clients.ts";
import { send } from "../../harness/http.ts";
import { dataDirectory } from "../../harness/places.ts";
import { compileProgram } from "../../harness/program.ts";
import type { Program } from "../../harness/program.ts";
import { trust } from "../../harness/world.ts";
import { verifyWithoutPause } from "../../e2e/rotation/load.ts";

const rounds = Number(process.env["ROLECALL_ROTATION_ROUNDS"] ?? 0);
const minute = 60_000;

/** The way to PostgreSQL of one node, which can be held: what it sends and is answered waits. */
async function holdable(target: URL): Promise<{ url: string; hold(ms: number): Promise<void>; close(): void }> {
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = createConnection(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined).on("close", () => sockets.delete(from));
      from.pipe(to);
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((listener.address() as AddressInfo).port);
  return {
    url: url.href,
    async hold(ms) {
      const held = [...sockets];
      for (const socket of held) socket.pause();
      await sleep(ms);
      for (const socket of held) socket.resume();
    },
    close: () => listener.close(),
  };
}

class NodeProcess {
  readonly #program: Program;
  readonly #options: NodeOptions;
  child!: ChildProcess;
  url = "";

  constructor(made: Program, options: NodeOptions) {
    this.#program = made;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.child = this.#program.spawn([JSON.stringify(this.#options)]);
    [this.url] = (await once(createInterface({ input: this.child.stdout! }), "line")) as [string];
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}

let program: Program | null = null;
const nodes: NodeProcess[] = [];
let way: Awaited<ReturnType<typeof holdable>>;
const key = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

beforeAll(async () => {
  if (rounds === 0) return;
  program = compileProgram("test/long/durability/node.ts");
  const { location } = await postgresql.place();
  const { postgresql: url } = location as { postgresql: string };
  way = await holdable(new URL(url));
  const common = { secret: randomBytes(32).toString("hex"), first: { id: accountId, key } };
  for (const [database, ahead] of [
    [url, 5 * minute],
    [url, -5 * minute],
    [way.url, 20_000],
  ] as const) {
    const node = new NodeProcess(program, {
      ...common,
      database: { postgresql: database },
      directory: dataDirectory(),
      ahead,
    });
    await node.start();
    nodes.push(node);
  }
}, minute);
afterAll(async () => {
  for (const node of nodes) await node.kill();
  way?.close();
  program?.remove();
});

test.skipIf(rounds === 0)(
  "no verification fails and no secret is lost, whatever happens to a node",
  async () => {
    const [one, two, victim] = nodes as [NodeProcess, NodeProcess, NodeProcess];
    const troubles: readonly (readonly [string, () => Promise<void>])[] = [
      [
        "two statements held",
        async () => {
          await way.hold(8200);
          await way.hold(7100);
        },
      ],
      [
        "stopped beyond its lease",
        async () => {
          victim.child.kill("SIGSTOP");
          await sleep(25_000);
          victim.child.kill("SIGCONT");
        },
      ],
      [
        "killed in the middle, and another started",
        async () => {
          await victim.kill();
          await victim.start();
        },
      ],
    ];
    const admin = caller(one.url, key);
    const { Role } = await admin.iam.createRole({
      RoleName: "hat",
      AssumeRolePolicyDocument: trust({ AWS: accountId }),
    });
    const ringOf = async (ring: string) =>
      ((await admin.rolecall("ListKeys")).body.Keys as { Ring: string; KeyId: string; State: string }[]).filter(
        ({ Ring }) => Ring === ring,
      );
    for (let round = 0; round < rounds; round++) {
      const [name, trouble] = troubles[round % troubles.length]!;
      const load = verifyWithoutPause([one.url, two.url], key, Role!.Arn!, `round-${round}`);
      await sleep(500);
      // Two rotations at once, from two nodes.
      const rotated = await Promise.all([one, two].map(({ url }) => caller(url, key).rolecall("RotateKeys")));
      const newest = rotated.map(({ body }) => body.KeyIds as [string, string]);
      const happening = sleep(round % 2 === 0 ? 0 : 4000).then(trouble);
      const deadline = Date.now() + 2 * minute;
      for (const [index, ring] of (["tokens", "secrets"] as const).entries()) {
        for (;;) {
          const keys = await ringOf(ring);
          const promoted = keys.find(({ State }) => State === "promoted")!;
          const sealed = ring === "tokens" || keys.every(({ State }) => State === "promoted" || State === "retired");
          if (sealed && newest.some((ids) => ids[index] === promoted.KeyId)) break;
          if (Date.now() > deadline) throw new Error(`${name}: ${ring} stand at ${JSON.stringify(keys)}`);
          await sleep(200);
        }
      }
      await happening;
      await load.stop();
      expect(load.failures.slice(0, 3), name).toEqual([]);
      let checked = 0;
      for (const { url } of nodes) {
        for (const keys of load.credentials.slice(-200)) {
          expect((await caller(url, keys).sts.getCallerIdentity({})).Account, `${name} at ${url}`).toBe(accountId);
          checked++;
        }
        const { status, body } = await send(url, { method: "GET", target: "/ready" });
        expect(`${status} ${body}`, name).toContain("200");
      }
      console.log(`${name}: ${load.count} calls under way, ${checked} afterwards, none failed`);
    }
  },
  36_000_000,
);
