import type { SearchContext } from "../../operation/context.ts";
import type { Policies } from "../../policy/types.ts";
import type { ReadBudget } from "../../trail/backward-lines.ts";
import { isSeenFromOutside, markOf, readRecord } from "../../trail/find.ts";
import type { RecordedEvent, RecordId } from "../../trail/find.ts";
import { hashesIn, recalledPolicies } from "../../trail/policy-snapshots.ts";
import { readSidecar } from "../../trail/sidecar.ts";
import type { Sidecar } from "../../trail/sidecar.ts";
import { SidecarTooLong } from "../../trail/source.ts";
import type { Place, Scan, ScannedRecord, SidecarSearch } from "../../trail/source.ts";
import { validation } from "./faults.ts";
import { pageTokens } from "./page-token.ts";
import { VisibleAccounts } from "./trail-access.ts";

/** A record, its sidecar, and the policies that this refers to. */
export interface RecordedCall {
  readonly event: RecordedEvent;
  /** Null where nothing was decided, and for the record of the resource's account. */
  readonly sidecar: Sidecar | null;
  /** As `Sidecar.policies`; null where a document is no longer kept. */
  readonly recalled: readonly (Policies | null)[];
  /** How many of its requirements earlier calls have explained. */
  readonly explained: number;
  /** The token with which a next call explains the others. @param explained how many are explained by then */
  readonly goOnAfter: (explained: number) => string;
}

/** Where the next call goes on. */
interface Progress {
  readonly place: Place;
  /** The place among the sidecars, once the record is found. */
  readonly before?: number;
  readonly explained?: number;
}

/**
 * Bytes that one call reads of the records, and as many of their sidecars: some hundred milliseconds of a processor. Only
 * lines that have the id are read as JSON.
 */
const readable = 33_554_432;
/** The records of one call are written together: how many bytes before one of them to look for the caller's. */
const nearby = 262_144;

interface Wanted {
  readonly id: RecordId;
  readonly own: string;
  readonly isVisible: (account: string) => Promise<boolean>;
}

interface Match {
  readonly record: ScannedRecord;
  readonly event: RecordedEvent;
}

/** The record of a call, as far as the caller may see it; where to go on; or null where the whole trail has none. */
export async function findCall(
  id: RecordId,
  {
    AccountId: wanted,
    NextToken: token,
  }: { readonly AccountId?: string | undefined; readonly NextToken?: string | undefined },
  context: SearchContext,
): Promise<RecordedCall | { readonly goOn: string } | null> {
  const { trail, account, environment } = context;
  const tokens = pageTokens<Progress>(environment.tokens, `ExplainRequest ${account}`);
  const progress = token === undefined ? null : tokens.read(token);
  if (progress === null) await trail.flush();
  const accounts = new VisibleAccounts(context, "ExplainRequest");
  const isVisible = async (owner: string): Promise<boolean> =>
    wanted === undefined ? owner === account || accounts.includes(owner) : owner === wanted;
  const budget = { left: readable };
  const scan = await trail.scan(progress?.place ?? null, budget);
  try {
    const match = await findRecord(scan, budget, { id, own: account, isVisible });
    if (match === null) return scan.place === null ? null : { goOn: tokens.write({ place: scan.place }) };
    const { record, event } = match;
    const place = { day: record.day, ends: { [record.file]: record.end } };
    const found = await sidecarOf(match, progress?.before ?? null, context);
    if ("before" in found) return { goOn: tokens.write({ place, before: found.before }) };
    const sidecar = found.text === null ? null : readSidecar(found.text);
    return {
      event,
      sidecar,
      recalled: sidecar === null || found.text === null ? [] : await recalled(sidecar, record.file, found.end, context),
      explained: progress?.explained ?? 0,
      goOnAfter: (explained) =>
        tokens.write({ place, explained, ...(found.text === null ? {} : { before: found.end }) }),
    };
  } finally {
    await scan.close();
  }
}

/**
 * The newest record that the caller may see: that of the account that called, which stands before those of the accounts
 * that the call was about; of these that of its own account. What the caller may not see is passed over as if it were not
 * there.
 */
async function findRecord(scan: Scan, budget: ReadBudget, { id, own, isVisible }: Wanted): Promise<Match | null> {
  const mark = markOf(id);
  let outside: Match | null = null;
  let end = Number.NEGATIVE_INFINITY;
  while (budget.left > end) {
    const record = await scan.next();
    if (record === null) break;
    if (!record.whole || !record.bytes.includes(mark)) continue;
    const event = readRecord(record.bytes.toString("utf8"), id);
    if (event === null || !(await isVisible(event.recipientAccountId))) continue;
    if (!isSeenFromOutside(event)) return { record, event };
    if (outside === null) end = budget.left - nearby;
    if (outside === null || event.recipientAccountId === own) outside = { record, event };
  }
  return outside;
}

/** @throws Fault ValidationException */
async function sidecarOf(
  { record, event }: Match,
  before: number | null,
  { trail }: SearchContext,
): Promise<SidecarSearch> {
  try {
    return await trail.sidecar(record.file, event.eventID, before, { left: readable });
  } catch (error) {
    if (error instanceof SidecarTooLong)
      throw validation("Not explained: what was decided there is too long to be read.");
    throw error;
  }
}

/** @param end of the sidecar in the file beside the one of the record */
async function recalled(
  { policies = [] }: Sidecar,
  file: string,
  end: number,
  { trail }: SearchContext,
): Promise<RecordedCall["recalled"]> {
  if (policies.length === 0) return [];
  const kept = await trail.documents(file, end, policies.flatMap(hashesIn));
  return policies.map((recorded) => recalledPolicies(recorded, kept));
}
