import { Unavailable } from "../../errors.ts";

/** Asked with whatever begins a read; it looks at a flag in the server's memory. */
export const standbyColumn = "pg_is_in_recovery() as standby";

/**
 * Refuses the answer of a standby: it lags behind its primary by as much as it likes, and a decision on what it has
 * would be one on revoked permissions (PostgreSQL manual, "Hot Standby").
 * @throws Unavailable
 */
export function refuseStandby(row: { readonly standby?: unknown } | undefined): void {
  if (row?.standby === true) {
    throw new Unavailable(
      "PostgreSQL: the server is a standby (it is in recovery), whose data may be old: name the primary",
    );
  }
}
