/**
 * The hot operations with few connections, against the floor with as many. Requests that come alone cannot take their
 * steps together (src/http/turn-end.ts); here is what that costs.
 */
import { stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { eachOperation } from "./each-operation.ts";
import { warmMs } from "./hot.ts";
import { closedLoop } from "./load.ts";
import { Measured } from "./process.ts";
import { against, alternate } from "./rounds.ts";
import type { Contestant } from "./rounds.ts";

const counts = [1, 4, 16];
const rounds = 7;
const roundMs = 500;

export async function runConnections(): Promise<Row[]> {
  const rows: Row[] = [];
  await eachOperation([], async ({ name }, process, pool) => {
    const probe = await Connection.open(process.port);
    const bare = await Measured.floor(await probe.ask(pool.first));
    probe.close();
    try {
      for (const count of counts) rows.push(...(await compare(name, count, [process, bare], pool)));
    } finally {
      await bare.close();
    }
  });
  return rows;
}

async function compare(
  operation: string,
  count: number,
  processes: readonly Measured[],
  pool: Contestant["pool"],
): Promise<Row[]> {
  const contestants: Contestant[] = [];
  for (const process of processes) {
    contestants.push({ process, pool, connections: await Connection.openAll(process.port, count) });
  }
  for (const { connections } of contestants) await closedLoop(connections, pool, warmMs / 2);
  const [ours = [], floors = []] = await alternate(contestants, rounds, roundMs);
  for (const { connections } of contestants) for (const connection of connections) connection.close();
  const { mine, bottom, throughput, cpu } = against(ours, floors);
  const metric = `${operation}, ${count} connection${count === 1 ? "" : "s"}`;
  return [
    stated("connections", metric, mine.rate, "requests/s", { floor: bottom.rate, ratio: throughput.ratio }),
    stated("connections", `${metric}: CPU time`, mine.cpu, "µs/request", { floor: bottom.cpu, ratio: cpu.ratio }),
  ];
}
