import { setTimeout as sleep } from "node:timers/promises";

import type pg from "pg";

import { UnusableDatabase } from "../../errors.ts";

/** "rolecall" as a number: nodes that start at once take turns at migrating. */
const migrationLock = 7_867_082_531;

const attemptIntervalMs = 250;
/** A migration of its own is done within this; who waits longer is told for whom. */
const quietMs = 3_000;
const noticeIntervalMs = 15_000;
/** A node that starts gives up after this (milliseconds). */
export const migrationPatienceMs = 60_000;

/** An advisory lock is keyed by its number's two halves (PostgreSQL manual, "pg_locks"). */
const selectHolder = `
  select a.pid, a.application_name as name, host(a.client_addr) as address, a.state,
    extract(epoch from now() - coalesce(a.state_change, a.backend_start))::int as seconds
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32) + l.objid::bigint = $1`;

interface Holder {
  readonly pid: number;
  readonly name: string | null;
  readonly address: string | null;
  readonly state: string | null;
  readonly seconds: number | null;
}

/**
 * Waits until this session alone may bring the database to a new schema; it may until the session ends.
 * @param onWait told for whom it waits, now and then
 * @throws UnusableDatabase after `patienceMs`
 */
export async function lockForMigration(
  client: pg.ClientBase,
  onWait: (what: string) => void,
  patienceMs: number,
): Promise<void> {
  const began = performance.now();
  let nextNotice = quietMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
      migrationLock,
    ]);
    if (rows[0]!.taken) return;
    const waited = performance.now() - began;
    if (waited >= patienceMs) throw heldTooLong(await holderOf(client), patienceMs);
    if (waited >= nextNotice) {
      nextNotice = waited + noticeIntervalMs;
      const left = Math.ceil((patienceMs - waited) / 1000);
      onWait(
        `the start waits for the database's migration lock, held by ${name(await holderOf(client))}; it gives up in ${left} s`,
      );
    }
    await sleep(attemptIntervalMs);
  }
}

async function holderOf(client: pg.ClientBase): Promise<Holder | undefined> {
  return (await client.query<Holder>(selectHolder, [migrationLock])).rows[0];
}

function name(holder: Holder | undefined): string {
  if (holder === undefined) return "somebody who has just let go of it";
  const { pid, name: application, address, state, seconds } = holder;
  const since = seconds === null ? "" : `, ${state ?? "there"} for ${seconds} s`;
  return `process ${pid} of the server (${application || "no name"} from ${address ?? "the same machine"}${since})`;
}

function heldTooLong(holder: Holder | undefined, patienceMs: number): UnusableDatabase {
  const remedy =
    holder === undefined
      ? "start again"
      : `end the node that has it, or its session: SELECT pg_terminate_backend(${holder.pid}), and start again`;
  return new UnusableDatabase(
    `its migration lock was held by ${name(holder)} for more than ${patienceMs / 1000} seconds: ${remedy}`,
  );
}
