import type { Fault } from "../../../contracts/fault.ts";
import { Conflict } from "../../../store/sql/errors.ts";

/** What is made or renamed, unless its name is taken: then the fault that says so. */
export async function unlessTaken<T>(change: Promise<T>, taken: () => Fault): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof Conflict && error.constraint === "name") throw taken();
    throw error;
  }
}
