import type { SettledRole } from "../../authorization/known-roles.ts";
import { validationError } from "./faults.ts";

/** Seconds that a session of a role lasts unless something else is asked for. */
export const defaultDuration = 3600;

/** @param duration in seconds @throws Fault ValidationError where the role's sessions are shorter */
export function requireWithin(duration: number, { maxSessionDuration }: SettledRole): void {
  if (duration <= maxSessionDuration) return;
  throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}
