import type { Verdict } from "../authorization/authorizer.ts";
import type { ContextValue, Layer, Outcome, PolicyKind, Principal } from "../policy/types.ts";
import type { Caller } from "../session/caller.ts";
import type { Session } from "../session/token.ts";
import { recordPolicies } from "./policy-snapshots.ts";
import type { PolicyDocuments, RecordedPolicies } from "./policy-snapshots.ts";

/** Who was decided about. */
export interface RecordedCaller {
  readonly principal: Principal;
  /** Unique id of the user or role whose policies spoke; absent for a root. */
  readonly entity?: string;
  /** Without its secret. */
  readonly session?: Omit<Session, "secretAccessKey">;
}

export interface RecordedRequirement {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly outcome: Outcome;
  readonly layer: Layer | null;
  /** Lower-cased names. */
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Kind of the resource's policy where there was one. */
  readonly resourcePolicy?: PolicyKind;
  /** Whoever the question was about, where that is not the caller (rolecall:Authorize). */
  readonly asked?: RecordedCaller;
  /** Index in `policies`; only in a call where something was denied. */
  readonly policies?: number;
}

/** The private record of a call: what it takes to decide it again. */
export interface Sidecar extends Partial<RecordedCaller> {
  readonly eventID: string;
  readonly requestID: string;
  readonly requirements: readonly RecordedRequirement[];
  /** What the requirements were judged by, each set once. */
  readonly policies?: readonly RecordedPolicies[];
}

export interface SidecarFacts {
  readonly requestId: string;
  readonly caller: Caller | null;
  readonly verdicts: readonly Verdict[];
  readonly asked: readonly Verdict[];
}

/** JSON text, and the policy documents that it refers to. */
export interface SidecarText {
  readonly text: string;
  readonly documents: PolicyDocuments;
}

const noDocuments: PolicyDocuments = new Map();

/**
 * Null when nothing was asked. Policies are kept for calls in which something was denied: denials are what people ask
 * about, they are rare, and what is allowed thousands of times a second stays cheap.
 */
export function sidecarText(facts: SidecarFacts, eventId: string): SidecarText | null {
  const verdicts = [...facts.verdicts, ...facts.asked];
  if (verdicts.length === 0) return null;
  const sets = verdicts.every(({ decision }) => decision.allowed) ? null : new PolicySets();
  const sidecar: Sidecar = {
    eventID: eventId,
    requestID: facts.requestId,
    ...(facts.caller === null ? {} : recordedCaller(facts.caller)),
    requirements: verdicts.map((verdict) => recordedRequirement(verdict, facts.caller, sets)),
    ...(sets === null ? {} : { policies: sets.recorded }),
  };
  return { text: JSON.stringify(sidecar), documents: sets === null ? noDocuments : sets.documents };
}

function recordedRequirement(
  { requirement, decision, context, caller, policies }: Verdict,
  own: Caller | null,
  sets: PolicySets | null,
): RecordedRequirement {
  return {
    action: requirement.action,
    resource: requirement.resource,
    resourceAccount: requirement.resourceAccount,
    outcome: decision.outcome,
    layer: decision.layer,
    context: Object.fromEntries(context),
    ...(policies.resource ? { resourcePolicy: policies.resource.kind } : {}),
    // Inside a write transaction the caller is looked up again: another object, and the same principal.
    ...(caller.accessKeyId === own?.accessKeyId ? {} : { asked: recordedCaller(caller) }),
    ...(sets === null ? {} : { policies: sets.indexOf(policies) }),
  };
}

/** One call asks with the same policies many times: an Authorize has up to a hundred resources. */
class PolicySets {
  readonly recorded: RecordedPolicies[] = [];
  readonly documents = new Map<string, string>();
  readonly #indexes = new Map<string, number>();

  indexOf(policies: Verdict["policies"]): number {
    const recorded = recordPolicies(policies, this.documents);
    const text = JSON.stringify(recorded);
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.recorded.length);
    return this.recorded.push(recorded) - 1;
  }
}

function recordedCaller({ principal, entity, session }: Caller): RecordedCaller {
  return {
    principal,
    ...(entity === null ? {} : { entity: entity.id }),
    ...(session === null ? {} : { session: withoutSecret(session) }),
  };
}

function withoutSecret(session: Session): Omit<Session, "secretAccessKey"> {
  const { secretAccessKey: _secret, ...rest } = session;
  return rest;
}
