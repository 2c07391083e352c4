/** Where the server's time goes: self time by room and by function, from the sampling profiler of V8. */
import type { Profiler } from "node:inspector";
import { Connection } from "./connection.ts";
import { eachOperation } from "./each-operation.ts";
import { connectionCount, warmMs } from "./hot.ts";
import { closedLoop } from "./load.ts";

const profileMs = 6000;
const functionsShown = 45;

/** Prints a breakdown of each operation. */
export function profileHot(names: readonly string[]): Promise<void> {
  return eachOperation(names, async ({ name }, server, pool) => {
    const connections = await Connection.openAll(server.port, connectionCount);
    await closedLoop(connections, pool, warmMs);
    await server.startProfile();
    const { requests } = await closedLoop(connections, pool, profileMs);
    console.log(`\n${name}\n${breakdown(await server.stopProfile(), requests)}`);
    for (const connection of connections) connection.close();
  });
}

/**
 * Self time by room, with what Node and packages did for a room counted to it, and by function. The profiler samples by
 * the clock on the wall: on a busy machine shares are good and microseconds are too many.
 * @param requests answered while the profile was taken
 */
export function breakdown(profile: Profiler.Profile, requests: number): string {
  const rooms = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const { node, owner, time } of owned(profile)) {
    const { functionName, url, lineNumber } = node.callFrame;
    // Waiting, and the inspector's own work while it stops the profile.
    if (functionName === "(idle)" || (functionName === "dispatch" && url === "")) continue;
    busy += time;
    const place = placeOf(url, functionName);
    const ours = owner === null ? "no room" : placeOf(owner.callFrame.url, "").room;
    add(rooms, ours, time);
    const caller = owner === null || owner === node ? "" : ` < ${owner.callFrame.functionName} (${ours})`;
    add(
      functions,
      `${place.room.padEnd(22)} ${functionName || "(anonymous)"} ${place.file}:${lineNumber + 1}${caller}`,
      time,
    );
  }
  const line = ([name, time]: [string, number]): string =>
    `  ${((100 * time) / busy).toFixed(1).padStart(5)} %  ${(time / requests).toFixed(2).padStart(7)} µs  ${name}`;
  const largest = (times: ReadonlyMap<string, number>, count: number): string =>
    [...times]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(line)
      .join("\n");
  const total = `${(busy / requests).toFixed(1)} µs a request on the main thread, profiler included`;
  return `${total}\n by room, with what it calls in Node and in packages\n${largest(rooms, 30)}\n by function (self time)\n${largest(functions, functionsShown)}`;
}

interface Owned {
  readonly node: Profiler.ProfileNode;
  /** The nearest caller that is a function of src; null where there is none (node:http itself, the garbage collector). */
  readonly owner: Profiler.ProfileNode | null;
  /** Microseconds of the node itself. */
  readonly time: number;
}

function owned({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Owned[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map<number, number>();
  for (const [index, id] of samples.entries()) times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  const found: Owned[] = [];
  const visit = (node: Profiler.ProfileNode, above: Profiler.ProfileNode | null): void => {
    const owner = placeOf(node.callFrame.url, "").room.startsWith("src/") ? node : above;
    found.push({ node, owner, time: times.get(node.id) ?? 0 });
    for (const child of node.children ?? []) visit(byId.get(child)!, owner);
  };
  visit(nodes[0]!, null);
  return found;
}

/** A room of src, a package, a part of Node, or what V8 does by itself. */
function placeOf(url: string, functionName: string): { room: string; file: string } {
  const file = url.slice(url.lastIndexOf("/") + 1);
  const own = /\/dist-bench\/(src\/[^/]+|bench)/.exec(url);
  if (own !== null) return { room: own[1]!, file };
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (dependency !== null) return { room: `package ${dependency[1]}`, file };
  if (url.startsWith("node:")) return { room: url.replace(/^(node:internal\/[^/]+|node:[^/]+).*/, "$1"), file };
  return { room: functionName.startsWith("(") ? functionName : "native", file };
}

function add(times: Map<string, number>, key: string, time: number): void {
  times.set(key, (times.get(key) ?? 0) + time);
}
