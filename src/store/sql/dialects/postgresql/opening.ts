/** How a transaction begins: in one message with what it has to know, or to hold, before anything else. */
import pg from "pg";

import type { Domain } from "../../domain.ts";
import { standbyColumn } from "./standby.ts";

/** A single query is its own transaction and needs no more round trips. */
export type Mode = "single" | "read" | "write" | "write committed";

const begin: Record<Mode, string | null> = {
  single: null,
  read: "begin isolation level repeatable read, read only",
  write: "begin isolation level serializable, read write",
  "write committed": "begin isolation level read committed, read write",
};

/** How long a batch of several domains waits for a lock of somebody else's, in all that it does (milliseconds). */
const strangersPatienceMs = 200;

export interface Wanted {
  /** Of which a read brings the revision along, and whose rows a write locks. */
  readonly domains: readonly Domain[];
  /** Whether a write locks what is free and leaves the rest, instead of waiting. */
  readonly onlyFree: boolean;
}

/** @returns null where there is nothing to begin */
export function openingOf(mode: Mode, { domains, onlyFree }: Wanted): string | null {
  const text = begin[mode];
  if (text === null) return null;
  if (mode === "read") return `${text}; ${snapshotRevisions(domains)}`;
  if (domains.length === 0) return text;
  if (!onlyFree) return `${text}; ${lock(domains)}`;
  const patience = domains.length > 1 ? `; set local lock_timeout = ${strangersPatienceMs}` : "";
  return `${text}${patience}; ${lock(domains)} skip locked`;
}

/** Whether it is a standby, and the revisions of domains. */
function snapshotRevisions(domains: readonly Domain[]): string {
  const ids = domains.length === 0 ? "null" : listed(domains);
  return `select ${standbyColumn}, id, revision as number, stamp from (select) one left join domains on id in (${ids})`;
}

/** Waits for whoever writes to the domains. */
function lock(domains: readonly Domain[]): string {
  return `select id, revision as number, stamp from domains where id in (${listed(domains)}) for no key update`;
}

function listed(domains: readonly Domain[]): string {
  return domains.map((domain) => pg.escapeLiteral(domain)).join(", ");
}
