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

/** A record, its sidecar, and the policies that this refers to. */
export interface RecordedCall {
  readonly event: RecordedEvent;
  /** Null where nothing was decided, and for the record of the resource's account. */
  readonly sidecar: Sidecar | null;
  /** As `Sidecar.policies`; null where a document is no longer kept. */
  readonly recalled: readonly (Policies | null)[];
  /**
   * Whether it is shown to the account whose resource's policy was asked, and not to the one that called. The sidecar then
   * has what was asked about its resources alone.
   */
  readonly asResource: boolean;
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

/** Whose records are looked at, and what the search is for. */
export interface CallSearch {
  /** The operation that searches: its tokens are good for no other. */
  readonly name: string;
  readonly token: string | undefined;
  /** Whether the one who asks may see what an account's callers did. */
  readonly isVisible: (account: string) => Promise<boolean>;
  /** Also what others were refused by a policy of the caller's own account. */
  readonly asResource: boolean;
}

interface Wanted extends CallSearch {
  readonly id: RecordId;
  readonly own: string;
}

interface Match {
  readonly record: ScannedRecord;
  readonly event: RecordedEvent;
  readonly isVisible: boolean;
}

/** The record of a call, as far as the caller may see it; where to go on; or null where the whole trail has none. */
export async function findCall(
  id: RecordId,
  search: CallSearch,
  context: SearchContext,
): Promise<RecordedCall | { readonly goOn: string } | null> {
  const { trail, account, environment } = context;
  const tokens = pageTokens<Progress>(environment.tokens, `${search.name} ${account}`);
  const progress = search.token === undefined ? null : tokens.read(search.token);
  if (progress === null) await trail.flush();
  const budget = { left: readable };
  const scan = await trail.scan(progress?.place ?? null, budget);
  try {
    const match = await findRecord(scan, budget, { ...search, id, own: account });
    if (match === null) return scan.place === null ? null : { goOn: tokens.write({ place: scan.place }) };
    const { record, event, isVisible } = match;
    const place = { day: record.day, ends: { [record.file]: record.end } };
    const found = await sidecarOf(match, progress?.before ?? null, context);
    if ("before" in found) return { goOn: tokens.write({ place, before: found.before }) };
    const whole = found.text === null ? null : readSidecar(found.text);
    const sidecar = whole === null || isVisible ? whole : ofResources(whole, account);
    if (sidecar === null && !isVisible) return null;
    return {
      event,
      sidecar,
      asResource: !isVisible,
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
 * there. A call that was refused has a record with the one who called alone, as on AWS; who knows its id and owns the
 * resource that it was about is shown that side of it.
 */
async function findRecord(scan: Scan, budget: ReadBudget, wanted: Wanted): Promise<Match | null> {
  const { id, own } = wanted;
  const mark = markOf(id);
  let outside: Match | null = null;
  let refused: Match | null = null;
  let end = Number.NEGATIVE_INFINITY;
  while (budget.left > end) {
    const record = await scan.next();
    if (record === null) break;
    if (!record.whole || !record.bytes.includes(mark)) continue;
    const event = readRecord(record.bytes.toString("utf8"), id);
    if (event === null) continue;
    const isVisible = await wanted.isVisible(event.recipientAccountId);
    const match = { record, event, isVisible };
    if (isVisible && !isSeenFromOutside(event)) return match;
    if (!isVisible && !(wanted.asResource && mayBeAbout(own, record, event))) continue;
    if (outside === null && refused === null) end = budget.left - nearby;
    if (!isVisible) refused = match;
    else if (outside === null || event.recipientAccountId === own) outside = match;
  }
  return outside ?? refused;
}

/** Whether it is worth a look at what was asked: the record of a refusal that names something of the account. */
function mayBeAbout(account: string, { bytes }: ScannedRecord, event: RecordedEvent): boolean {
  return event.errorCode === "AccessDenied" && !isSeenFromOutside(event) && bytes.includes(`::${account}:`);
}

/** What was asked of an account's policies; null unless it was refused, by them or by those of the one who called. */
function ofResources(sidecar: Sidecar, account: string): Sidecar | null {
  const requirements = sidecar.requirements.filter(
    ({ resourceAccount, resourcePolicy, asked }) =>
      resourceAccount === account && resourcePolicy !== undefined && asked === undefined,
  );
  return requirements.some(({ outcome }) => outcome !== "Allowed") ? { ...sidecar, requirements } : null;
}

/** @throws Fault ValidationException */
async function sidecarOf(
  { record, event, isVisible }: Match,
  before: number | null,
  { trail }: SearchContext,
): Promise<SidecarSearch> {
  try {
    return await trail.sidecar(record.file, event.eventID, before, { left: readable });
  } catch (error) {
    if (!(error instanceof SidecarTooLong)) throw error;
    if (!isVisible) return { text: null };
    throw validation("Not explained: what was decided there is too long to be read.");
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
