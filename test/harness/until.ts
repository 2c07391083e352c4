import { setTimeout as sleep } from "node:timers/promises";

/** Waits for what a test means, however long it takes: what never comes is the end of the test's time. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
}
