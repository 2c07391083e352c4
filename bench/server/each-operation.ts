import { hotOperations, callersOf, poolOf } from "./operations.ts";
import type { HotOperation } from "./operations.ts";
import type { Pool } from "./load.ts";
import { Measured } from "./process.ts";
import { makeWorld } from "./seed.ts";

/**
 * One server with a hundred roles, and the requests of each hot operation for it, one operation after the other.
 * @param names of the operations; all where it is empty
 */
export async function eachOperation(
  names: readonly string[],
  work: (operation: HotOperation, server: Measured, pool: Pool) => Promise<void>,
): Promise<void> {
  const world = await makeWorld(100);
  const server = await Measured.server(world.place);
  try {
    const callers = await callersOf(world, server.port);
    for (const operation of hotOperations) {
      if (names.length > 0 && !names.includes(operation.name)) continue;
      await work(operation, server, poolOf(operation, callers, world, server.port));
    }
  } finally {
    await server.close();
    world.remove();
  }
}
