/**
 * The states of a request and how it comes from one to another (IAM User Guide, temporary-delegation-building-integration,
 * "Understanding the Request Lifecycle").
 */
import type { Fault } from "../../../contracts/fault.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { change, stateAt } from "../../../store/iam/delegation-requests.ts";
import type { DelegationRequestRecord, StoredState } from "../../../store/iam/delegation-requests.ts";
import { iamFault } from "../entity/faults.ts";

const day = 24 * 60 * 60 * 1000;

/** How long a request waits in a state for what comes next, in milliseconds. */
const lifetimes: Readonly<Record<StoredState, number>> = {
  UNASSIGNED: day,
  ASSIGNED: 7 * day,
  PENDING_APPROVAL: 7 * day,
  ACCEPTED: 7 * day,
  FINALIZED: 7 * day,
  REJECTED: 7 * day,
};

interface Step {
  readonly from: readonly StoredState[];
  readonly to: StoredState;
  /** What is answered in any other state: AcceptDelegationRequest lists no InvalidInput. */
  readonly refusal: "InvalidInput" | "ConcurrentModification";
}

export const steps = {
  associated: { from: ["UNASSIGNED"], to: "ASSIGNED", refusal: "InvalidInput" },
  // One that waits for approval takes further notes.
  forwarded: { from: ["ASSIGNED", "PENDING_APPROVAL"], to: "PENDING_APPROVAL", refusal: "InvalidInput" },
  accepted: { from: ["ASSIGNED", "PENDING_APPROVAL"], to: "ACCEPTED", refusal: "ConcurrentModification" },
  rejected: { from: ["ASSIGNED", "PENDING_APPROVAL", "ACCEPTED"], to: "REJECTED", refusal: "InvalidInput" },
  sent: { from: ["ACCEPTED"], to: "FINALIZED", refusal: "InvalidInput" },
} as const satisfies Readonly<Record<string, Step>>;

/** What a state begins with, in a new request and in one that changes. */
export function entering(state: StoredState, now: number) {
  return { state, updatedAt: now, expiresAt: now + lifetimes[state] };
}

/**
 * Takes a request a step further.
 *
 * @param to what changes with it
 * @throws Fault InvalidInput or ConcurrentModification where the request is not where the step begins, or any more
 */
export async function take(
  step: keyof typeof steps,
  request: DelegationRequestRecord,
  { tx, request: { now } }: OperationContext,
  to: Parameters<typeof change>[2] = {},
): Promise<void> {
  const { from, to: state, refusal } = steps[step];
  const isThere = now < request.expiresAt && (from as readonly StoredState[]).includes(request.state);
  if (!isThere) throw notInState(request, now, step, refusal);
  const isNew = state !== request.state;
  const history = isNew ? [...request.history, { state, at: now }] : request.history;
  const entered = isNew ? entering(state, now) : { updatedAt: now };
  if (!(await change(tx, request, { ...to, ...entered, history }))) {
    throw iamFault("ConcurrentModification", `The delegation request ${request.id} was changed meanwhile.`);
  }
}

/** The text is ours: only the codes are documented. */
function notInState(request: DelegationRequestRecord, now: number, step: string, refusal: Step["refusal"]): Fault {
  const message = `The delegation request ${request.id} cannot be ${step}: its state is ${stateAt(request, now)}.`;
  return iamFault(refusal, message);
}
