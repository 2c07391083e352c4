/**
 * Several servers on one PostgreSQL: no request that starts after an acknowledged change is decided by the state before
 * it, whichever server made the change and whichever is asked. What that costs a request is measured beside it.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { RunningServer } from "../../../src/server/server.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { accountDomain } from "../../../src/store/sql/domain.ts";
import { openDatabase } from "../../../src/store/open.ts";
import { onEachBackend, postgresql } from "../../contract/backends.ts";
import { seed } from "../../harness/seed.ts";
import { accountId } from "../durability/subject.ts";
import { form, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { Random } from "../../harness/random.ts";
import { RoleSubject, UserSubject } from "./permissions.ts";
import type { Nodes, Subject } from "./permissions.ts";

const nodes = 3;
const steps = Number(process.env["ROLECALL_FRESHNESS_STEPS"] ?? 40);

describe(`${nodes} servers on one PostgreSQL`, () => {
  const start = starter(postgresql);
  const random = new Random(seed);
  let servers: RunningServer[];
  let administrator: SigningCredentials;

  beforeAll(async () => {
    const { location: database } = await postgresql.place();
    const shared = { database, masterKey: masterKey(randomBytes(32), "the test"), first: { id: accountId } };
    servers = [];
    for (let count = 0; count < nodes; count++) servers.push(await start(shared));
    administrator = servers[0]!.created[0]!;
  });

  const ask = (node: number, service: string, parameters: Record<string, string>, keys: SigningCredentials) => {
    const { url } = servers[node]!;
    return send(url, form(url, parameters, keys, { service }));
  };

  test(
    `every change holds everywhere for the next request, seed ${seed}`,
    async () => {
      const cluster: Nodes = { count: nodes, ask, administrator };
      const subjects = [
        new UserSubject(cluster, "ann", random.fork()),
        new UserSubject(cluster, "bob", random.fork()),
        new RoleSubject(cluster, "reader", random.fork()),
        new RoleSubject(cluster, "writer", random.fork()),
      ];
      const outcomes = new Map<string, number>();
      await Promise.all(subjects.map((subject) => walk(subject, outcomes)));
      console.log(`freshness: ${steps * subjects.length} changes, ${nodes} probes each:`, Object.fromEntries(outcomes));
      // What is seen must be worth seeing: every kind of outcome, often.
      for (const outcome of ["allowed", "AccessDenied", "InvalidClientTokenId"]) {
        expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(steps / 4);
      }
    },
    60_000 + steps * 2000,
  );

  async function walk(subject: Subject, outcomes: Map<string, number>): Promise<void> {
    await subject.begin();
    for (let step = 0; step < steps; step++) {
      const before = subject.expected();
      // Asked while the change is under way: either state is right, and what a cache takes from it must not stay.
      const meanwhile = everywhere(subject);
      meanwhile.catch(() => undefined);
      const what = await subject.change();
      const after = subject.expected();
      const probes = await everywhere(subject);
      for (const [node, probe] of probes.entries()) {
        outcomes.set(probe, (outcomes.get(probe) ?? 0) + 1);
        if (probe !== after) throw new Error(`after ${what}, node ${node} says ${probe}, not ${after} (seed ${seed})`);
      }
      const possible = [before, after, ...subject.passing];
      for (const probe of await meanwhile) expect(possible, `during ${what}`).toContain(probe);
    }
  }

  function everywhere(subject: Subject): Promise<string[]> {
    return Promise.all(Array.from({ length: nodes }, (_, node) => subject.probe(node)));
  }
});

onEachBackend("what freshness costs a request", (context, backend) => {
  test("the read of a revision, alone and with fifty who wait for the same", async () => {
    const queries = vi.spyOn(pg.Client.prototype, "query");
    // Another connection, so that this is not the one that made the tables.
    const database = await openDatabase(context.location);
    try {
      const microseconds = async (count: number, at: number): Promise<number> => {
        const began = performance.now();
        for (let done = 0; done < count; done += at) {
          await Promise.all(Array.from({ length: at }, () => database.revision(accountDomain(accountId))));
        }
        return ((performance.now() - began) * 1000) / count;
      };
      await microseconds(200, 1);
      const alone = await microseconds(500, 1);
      queries.mockClear();
      const shared = await microseconds(5000, 50);
      // One read for all who began to wait before it began.
      expect(queries.mock.calls.length).toBeLessThanOrEqual(5000 / 50 + 1);
      console.log(`${backend.name}: ${alone.toFixed(1)} µs a request alone, ${shared.toFixed(1)} µs with 50 at once`);
    } finally {
      queries.mockRestore();
      await database.close();
    }
  });
});
