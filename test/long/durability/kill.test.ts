/**
 * A server that is killed at any moment: what it acknowledged is there, nothing is half done, the trail has each change
 * once, and the next start needs no hand. `ROLECALL_SOAK_ROUNDS` makes it longer (`npm run soak`), `ROLECALL_SEED`
 * repeats a run.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { DatabaseLocation } from "../../../src/store/sql/database.ts";
import { postgresql, sqlite } from "../../contract/backends.ts";
import type { Backend } from "../../contract/backends.ts";
import { compileProgram } from "../../harness/program.ts";
import type { Program } from "../../harness/program.ts";
import { caller } from "../../harness/clients.ts";
import { startTestServer } from "../../harness/server.ts";
import { Random } from "../../harness/random.ts";
import { Ledger, startLoad } from "./load.ts";
import type { NodeOptions } from "./node.ts";
import { seed } from "../../harness/seed.ts";
import { accountId, groupNames, policyText, sharedPolicy } from "./subject.ts";
import { judge } from "./verdict.ts";

const rounds = Number(process.env["ROLECALL_SOAK_ROUNDS"] ?? 5);
/** Rounds on the same data: an account holds so many users. */
const roundsOfOneLife = 10;
const lanes = 6;

let program: Program;
beforeAll(() => {
  program = compileProgram("test/long/durability/node.ts");
});
afterAll(() => program.remove());

/** One set of data through many lives of its server. */
class Life {
  readonly ledger = new Ledger();
  readonly #directory = mkdtempSync(join(tmpdir(), "rolecall-kill-"));
  readonly #secret = randomBytes(32);
  readonly #database: DatabaseLocation;
  readonly #random: Random;
  readonly #administrator: SigningCredentials = {
    accessKeyId: "AKIATESTADMINISTRATOR",
    secretAccessKey: randomBytes(20).toString("hex"),
  };

  constructor(database: DatabaseLocation, random: Random) {
    this.#database = database;
    this.#random = random;
  }

  async begin(): Promise<void> {
    // Killed while it makes its tables and its first account, too: whoever comes next finds all or nothing.
    const child = this.#spawn();
    await sleep(this.#random.below(700));
    await this.#kill(child);
    await this.#within(async (server) => {
      const { iam } = caller(server.url, this.#administrator);
      for (const GroupName of groupNames) await iam.createGroup({ GroupName });
      await iam.createPolicy({ PolicyName: sharedPolicy, PolicyDocument: policyText(0) });
    });
  }

  /** Load, a kill, kills of starts, and a start to look at what is there. @returns what is wrong */
  async round(number: number): Promise<string[]> {
    const { ledger } = this;
    const administrator = this.#administrator;
    const child = this.#spawn();
    const [url] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
    const load = startLoad({
      url,
      administrator,
      ledger,
      random: this.#random,
      lanes,
      prefix: `r${number}`,
      mortal: true,
    });
    const enough = ledger.acknowledged.size + 5 + this.#random.below(60);
    while (ledger.acknowledged.size < enough && child.exitCode === null) await sleep(2);
    await sleep(this.#random.below(20));
    await this.#kill(child);
    await load.stop();
    const starting = this.#spawn();
    await sleep(this.#random.below(700));
    await this.#kill(starting);
    let wrong: string[] = [];
    await this.#within(async (server) => {
      expect(server.created).toEqual([]);
      wrong = await judge(server, administrator, ledger);
    });
    return wrong;
  }

  #first(): NodeOptions["first"] {
    return { id: accountId, key: this.#administrator };
  }

  end(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #spawn() {
    const options: NodeOptions = {
      database: this.#database,
      directory: this.#directory,
      secret: this.#secret.toString("hex"),
      first: this.#first(),
    };
    return program.spawn([JSON.stringify(options)]);
  }

  async #kill(child: ReturnType<Program["spawn"]>): Promise<void> {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    // What a dead client had sent, PostgreSQL may still be about to commit.
    if ("postgresql" in this.#database) await untilAlone(this.#database.postgresql);
  }

  async #within(work: (server: RunningServer) => Promise<void>): Promise<void> {
    const server = await startTestServer({
      database: this.#database,
      dataDirectory: this.#directory,
      masterKey: masterKey(this.#secret, "the test"),
      first: this.#first(),
    });
    try {
      await work(server);
    } finally {
      await server.close(0);
    }
  }
}

async function untilAlone(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const others = "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    while ((await client.query(others)).rowCount !== 0) await sleep(10);
  } finally {
    await client.end();
  }
}

describe.each([sqlite, postgresql])("killed again and again, on $name", (backend: Backend) => {
  test(
    `${rounds} rounds of seed ${seed}`,
    async () => {
      const random = new Random(seed);
      let acknowledged = 0;
      for (let first = 0; first < rounds; first += roundsOfOneLife) {
        const place = await backend.place();
        const life = new Life(place.location, random);
        try {
          await life.begin();
          for (let number = first; number < Math.min(rounds, first + roundsOfOneLife); number++) {
            expect(await life.round(number), `round ${number} of seed ${seed}`).toEqual([]);
          }
          acknowledged += life.ledger.acknowledged.size;
        } finally {
          life.end();
          place.remove();
        }
      }
      console.log(`${backend.name}: ${rounds} kills, ${acknowledged} acknowledged changes, none lost (seed ${seed})`);
      expect(acknowledged).toBeGreaterThan(rounds * 5);
    },
    30_000 + rounds * 15_000,
  );
});
