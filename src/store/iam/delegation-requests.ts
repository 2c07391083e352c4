/**
 * Requests for temporary access: one account asks, a principal of another decides. A row belongs to both, and no cache
 * depends on it.
 */
import { Conflict } from "../sql/errors.ts";
import { unversioned } from "../sql/query.ts";
import { flag, integer, json, key, optional, text, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { ChangeOf, NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";

/** As it is kept; that a request has expired follows from the time. */
export type StoredState = "UNASSIGNED" | "ASSIGNED" | "PENDING_APPROVAL" | "ACCEPTED" | "FINALIZED" | "REJECTED";
export type RequestState = StoredState | "EXPIRED";

export interface TemplateParameter {
  readonly name: string;
  readonly values: readonly string[];
  readonly type: "string" | "stringList";
}

/** Who accepted, and as what: the identity that the delegated credentials are of. */
export interface Approver {
  readonly arn: string;
  readonly kind: "user" | "role";
  /** Unique id of the user or role; the account's for its root. */
  readonly issuerId: string;
  readonly sessionName: string;
  readonly tags: readonly { readonly key: string; readonly value: string; readonly transitive: boolean }[];
  readonly sourceIdentity?: string;
}

const members = {
  id: key,
  requestorAccount: key,
  /** `aws:userid` of who created it. */
  requestorId: text,
  /** The account's name. */
  requestorName: text,
  /** Unique among those of the requestor's account. */
  workflowId: key,
  description: text,
  requestMessage: optional(text),
  templateArn: text,
  parameters: json<readonly TemplateParameter[]>(),
  /** The template with its parameters filled in: what is asked for. */
  policy: text,
  /** The boundaries that roles made with it must have. */
  boundaryArns: json<readonly string[]>(),
  notificationChannel: text,
  redirectUrl: optional(text),
  /** Seconds. */
  sessionDuration: integer,
  onlySendByOwner: flag,
  ownerAccount: optional(key),
  ownerArn: optional(key),
  /** `aws:userid` of the owner: a user made again under his name is somebody else. */
  ownerId: optional(text),
  state: word<StoredState>("key"),
  /** Every state that it was in, and since when. */
  history: json<readonly { readonly state: StoredState; readonly at: number }[]>(),
  notes: optional(text),
  rejectionReason: optional(text),
  approver: optional(json<Approver>()),
  createdAt: integer,
  updatedAt: integer,
  expiresAt: integer,
  /** When the token was released: the time of the delegated session runs from here. */
  sentAt: optional(integer),
};
export const delegationRequests = table("delegation_requests", members);

export type DelegationRequestRecord = RecordOf<typeof members>;
export type NewDelegationRequest = NewOf<typeof members>;

const { read, write } = queriesOf(delegationRequests);
const find = finder(delegationRequests, "id");
const insert = inserter(delegationRequests, "requestorAccount", "workflowId");
const update = updater(delegationRequests, "id", "state");

interface OwnedBy {
  readonly [name: string]: string | number;
  readonly account: string;
  readonly after: string;
  readonly limit: number;
}

const selectOwned = read((db, p: OwnedBy, dialect) =>
  delegationRequests
    .selectFrom(db, dialect)
    .where("owner_account", "=", p.account)
    .where("owner_arn", "is not", null)
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
const selectOwnedBy = read((db, p: OwnedBy & { owner: string }, dialect) =>
  delegationRequests
    .selectFrom(db, dialect)
    .where("owner_account", "=", p.account)
    .where("owner_arn", "=", p.owner)
    .where("id", ">", p.after)
    .orderBy("id")
    .limit(p.limit),
);
const selectOpen = read((db, p: { account: string; now: number }) =>
  db
    .selectFrom("delegation_requests")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("requestor_account", "=", p.account)
    .where("expires_at", ">", p.now)
    .where("state", "not in", ["FINALIZED", "REJECTED"]),
);
const dropExpired = write((db, p: { account: string; before: number }) =>
  db.deleteFrom("delegation_requests").where("requestor_account", "=", p.account).where("expires_at", "<", p.before),
);

/** @throws Conflict `workflow` when the requestor's account has a request of that workflow already */
export async function create(tx: Tx, made: NewDelegationRequest): Promise<DelegationRequestRecord> {
  const record = delegationRequests.fresh(made);
  if ((await insert(tx, unversioned, record)) === 0) {
    throw new Conflict("delegation-request", "workflow", made.workflowId);
  }
  return record;
}

export function byId(tx: Tx, id: string): Promise<DelegationRequestRecord | null> {
  return find(tx, { id });
}

/** Those of an account that have an owner, by id. @param page `after`: the id of the last one of the page before */
export async function listOwned(
  tx: Tx,
  account: string,
  page: { readonly owner?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<DelegationRequestRecord[]> {
  const parameters = { account, after: page.after ?? "", limit: page.limit };
  const rows =
    page.owner === undefined
      ? await selectOwned.all(tx, parameters)
      : await selectOwnedBy.all(tx, { ...parameters, owner: page.owner });
  return rows.map(delegationRequests.record);
}

/** How many requests of an account wait for somebody. */
export async function countOpen(tx: Tx, requestorAccount: string, now: number): Promise<number> {
  return (await selectOpen.one(tx, { account: requestorAccount, now }))?.count ?? 0;
}

/** @returns whether it was still in the state that it was read in; otherwise nothing changed */
export async function change(
  tx: Tx,
  { id, state }: Pick<DelegationRequestRecord, "id" | "state">,
  to: ChangeOf<typeof members>,
): Promise<boolean> {
  return (await update(tx, unversioned, { id, state }, to)) > 0;
}

/** Removes an account's requests that expired before a time in milliseconds. */
export async function forgetExpired(tx: Tx, requestorAccount: string, before: number): Promise<void> {
  await dropExpired.run(tx, unversioned, { account: requestorAccount, before });
}

/** The state at a time in milliseconds: what nobody has acted on expires by itself. */
export function stateAt({ state, expiresAt }: DelegationRequestRecord, now: number): RequestState {
  return now < expiresAt ? state : "EXPIRED";
}

/** When delegated access ends, in milliseconds and whole seconds, as a session's end is; null while no token was released. */
export function endOfAccess({ sentAt, sessionDuration }: DelegationRequestRecord): number | null {
  return sentAt === null ? null : (Math.floor(sentAt / 1000) + sessionDuration) * 1000;
}
