/**
 * Lists from their first page to their last, a hundred to a page as clients ask: what a page costs at the beginning of a
 * list and at its end, and beside one of a list that is only a page long. Three loads in alternating rounds.
 */
import { createIds } from "../../src/clock/ids.ts";
import { SystemRandom } from "../../src/clock/random.ts";
import { iamArn } from "../../src/arn/arn.ts";
import * as instanceProfiles from "../../src/store/iam/instance-profiles.ts";
import * as policies from "../../src/store/iam/policies.ts";
import * as users from "../../src/store/iam/users.ts";
import type { Database, Tx } from "../../src/store/sql/database.ts";
import { atLeast, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { warmMs } from "./hot.ts";
import { closedLoop, Pool } from "./load.ts";
import { openServer } from "./open.ts";
import { Measured } from "./process.ts";
import { finished, queryCall } from "./requests.ts";
import { alternate, pairedRatio, summary } from "./rounds.ts";
import type { Contestant } from "./rounds.ts";
import { makeWorld } from "./seed.ts";
import type { World } from "./seed.ts";

type Make = (tx: Tx, account: string, index: number) => Promise<unknown>;

interface Listed {
  readonly operation: string;
  /** How many there are in the large world; a hundred in the small one. */
  readonly count: number;
  /** Null for roles, which every world has. */
  readonly make: Make | null;
  readonly parameters?: Readonly<Record<string, string>>;
}

const ids = createIds(new SystemRandom());
const common = (account: string, index: number) => ({ account, name: `listed-${index}`, path: "/", createdAt: 0 });
const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] });

const lists: readonly Listed[] = [
  {
    operation: "ListUsers",
    count: 10_000,
    make: (tx, account, index) => users.create(tx, { ...common(account, index), id: ids.uniqueId("AIDA", account) }),
  },
  { operation: "ListRoles", count: 10_000, make: null },
  {
    operation: "ListPolicies",
    count: 5000,
    parameters: { Scope: "Local" },
    make: (tx, account, index) => {
      const arn = iamArn("aws", account, "policy", `listed-${index}`, "/");
      return policies.create(tx, {
        ...common(account, index),
        id: ids.uniqueId("ANPA", account),
        arn,
        document: policy,
      });
    },
  },
  {
    operation: "ListInstanceProfiles",
    count: 1000,
    make: (tx, account, index) =>
      instanceProfiles.create(tx, { ...common(account, index), id: ids.uniqueId("AIPA", account) }),
  },
];

const small = 100;
const pageSize = 100;
const batch = 1000;
const connectionCount = 4;
const rounds = 7;
const roundMs = 500;
/** A page at the end, and one of a list of thousands, may cost a tenth more than the first of a short one. */
const goal = 0.9;

export async function runLists(): Promise<Row[]> {
  const worlds = [await makeWorld(small), await makeWorld(10_000)];
  const servers: Measured[] = [];
  try {
    for (const world of worlds) {
      await fill(world);
      servers.push(await Measured.server(world.place));
    }
    const rows: Row[] = [];
    for (const list of lists) rows.push(...(await compare(list, worlds, servers)));
    return rows;
  } finally {
    for (const server of servers) await server.close();
    for (const world of worlds) world.remove();
  }
}

/** What a world of roles does not have. */
async function fill({ place, account, roles }: World): Promise<void> {
  const server = await openServer(place);
  const { database } = server.environment();
  for (const { make, count } of lists) {
    if (make !== null) await many(database, account, roles === small ? small : count, make);
  }
  await server.close(0);
}

async function many(database: Database, account: string, count: number, make: Make): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    await database.write(async (tx) => {
      for (let index = from; index < Math.min(count, from + batch); index++) await make(tx, account, index);
    });
  }
}

async function compare(list: Listed, worlds: readonly World[], servers: readonly Measured[]): Promise<Row[]> {
  const short = await pagesOf(list, worlds[0]!, servers[0]!);
  const long = await pagesOf(list, worlds[1]!, servers[1]!);
  const share = Math.ceil(long.length / 10);
  const contestants: Contestant[] = [];
  for (const [process, pool] of [
    [servers[0]!, short.slice(0, 1)],
    [servers[1]!, long.slice(0, share)],
    // The very last may be short.
    [servers[1]!, long.slice(-share - 1, -1)],
  ] as const) {
    contestants.push({
      process,
      connections: await Connection.openAll(process.port, connectionCount),
      pool: new Pool(pool),
    });
  }
  for (const { connections, pool } of contestants) await closedLoop(connections, pool, warmMs);
  const [one = [], first = [], last = []] = await alternate(contestants, rounds, roundMs);
  for (const { connections } of contestants) for (const connection of connections) connection.close();
  const metric = `${list.operation} of ${list.count.toLocaleString("en-US")}`;
  const ratio = (own: typeof one, floor: typeof one) => pairedRatio(floor, own, (round) => round.cpu).ratio;
  const row = (what: string, own: typeof one, floor: typeof one) => {
    const compared = { floor: summary(floor).cpu, ratio: ratio(own, floor) };
    return atLeast("lists", `${metric}: ${what}`, summary(own).cpu, "µs/page", compared, goal);
  };
  return [
    row(`a page at the beginning, beside the only page of ${small}`, first, one),
    row("a page at the end, beside one at the beginning", last, first),
    stated("lists", `${metric}: pages at the end`, summary(last).rate, "pages/s"),
  ];
}

/** A signed request for each page, by walking to the end once. */
async function pagesOf({ operation, parameters }: Listed, { administrator }: World, { port }: Measured) {
  const connection = await Connection.open(port);
  const requests: Buffer[] = [];
  for (let marker: string | undefined, index = 0; index === 0 || marker !== undefined; index++) {
    const page = { Action: operation, MaxItems: `${pageSize}`, ...parameters, ...(marker && { Marker: marker }) };
    requests.push(finished(queryCall("iam", administrator, page), port, index));
    const answer = await connection.ask(requests.at(-1)!);
    if (answer.status !== 200) throw new Error(`${operation} answered ${answer.status}: ${answer.body}`);
    marker = /<Marker>([^<]+)<\/Marker>/.exec(answer.body)?.[1];
  }
  connection.close();
  return requests;
}
