import type { Verdict } from "../authorization/authorizer.ts";
import type { RequestContext } from "../authorization/context-keys.ts";
import type { ContextValue, Layer, Outcome, PolicyKind, Principal } from "../policy/types.ts";
import type { Caller } from "../session/caller.ts";
import type { Session } from "../session/token.ts";
import { quoted, quotedAfter } from "../wire/json-text.ts";
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

/**
 * A sidecar as it is written. What several requirements share stands there once, and they have its index: an Authorize
 * asks about a hundred resources with one context, and all that it holds came from outside.
 */
interface WrittenSidecar extends Omit<Sidecar, "requirements"> {
  readonly requirements: readonly WrittenRequirement[];
  readonly contexts?: readonly RecordedRequirement["context"][];
  readonly callers?: readonly RecordedCaller[];
}

/** Records of former versions have the context and the caller themselves in the places of indexes. */
interface WrittenRequirement extends Omit<RecordedRequirement, "context" | "asked"> {
  readonly context: number | RecordedRequirement["context"];
  readonly asked?: number | RecordedCaller;
}

/** What `sidecarText` wrote, of this version or a former one. */
export function readSidecar(text: string): Sidecar {
  const { requirements, contexts = [], callers = [], ...rest } = JSON.parse(text) as WrittenSidecar;
  return {
    ...rest,
    requirements: requirements.map(({ context, asked, ...requirement }) => ({
      ...requirement,
      context: typeof context === "number" ? contexts[context]! : context,
      ...(asked === undefined ? {} : { asked: typeof asked === "number" ? callers[asked]! : asked }),
    })),
  };
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
  const { caller, verdicts, asked } = facts;
  if (verdicts.length === 0 && asked.length === 0) return null;
  const shared = new SharedParts(!(verdicts.every(isAllowed) && asked.every(isAllowed)));
  let requirements = "";
  for (const verdict of verdicts) requirements += requirementText(verdict, caller, shared, requirements === "");
  for (const verdict of asked) requirements += requirementText(verdict, caller, shared, requirements === "");
  const text =
    `{"eventID":"${eventId}","requestID":"${facts.requestId}"${caller === null ? "" : callerMembers(caller)},` +
    `"requirements":[${requirements}]${shared.members()}}`;
  return { text, documents: shared.sets === null ? noDocuments : shared.sets.documents };
}

function isAllowed({ decision }: Verdict): boolean {
  return decision.allowed;
}

/** A RecordedRequirement, with a comma before it unless it is the first. */
function requirementText(verdict: Verdict, own: Caller | null, shared: SharedParts, first: boolean): string {
  const { requirement, decision, caller, policies } = verdict;
  return (
    quotedAfter(first ? '{"action":"' : ',{"action":"', requirement.action) +
    quotedAfter(',"resource":"', requirement.resource) +
    quotedAfter(',"resourceAccount":"', requirement.resourceAccount) +
    (decision.layer === null
      ? `,"outcome":"${decision.outcome}","layer":null,"context":`
      : `,"outcome":"${decision.outcome}","layer":"${decision.layer}","context":`) +
    shared.contextIndex(verdict.context) +
    (policies.resource ? `,"resourcePolicy":"${policies.resource.kind}"` : "") +
    // Inside a write transaction the caller is looked up again: another object, and the same principal.
    (caller.accessKeyId === own?.accessKeyId ? "" : `,"asked":${shared.callerIndex(caller)}`) +
    (shared.sets === null ? "}" : `,"policies":${shared.sets.indexOf(policies)}}`)
  );
}

/** What requirements refer to by index. The few that there are of each are told apart by what they are, not what they say. */
class SharedParts {
  /** Null where everything was allowed. */
  readonly sets: PolicySets | null;
  readonly #contexts: RequestContext[] = [];
  readonly #callers: Caller[] = [];

  constructor(denied: boolean) {
    this.sets = denied ? new PolicySets() : null;
  }

  contextIndex(context: RequestContext): number {
    return indexIn(this.#contexts, context);
  }

  callerIndex(caller: Caller): number {
    return indexIn(this.#callers, caller);
  }

  /** The members of a WrittenSidecar that hold them, each with a comma before it. */
  members(): string {
    let contexts = "";
    for (const { base, own } of this.#contexts) {
      contexts += `${contexts === "" ? ',"contexts":[{' : ",{"}${contextMembers(base, own)}}`;
    }
    let callers = "";
    for (const caller of this.#callers) {
      callers += `${callers === "" ? ',"callers":[{' : ",{"}${callerMembers(caller).slice(1)}}`;
    }
    return (
      `${contexts}]${callers === "" ? "" : `${callers}]`}` +
      (this.sets === null ? "" : `,"policies":${JSON.stringify(this.sets.recorded)}`)
    );
  }
}

function indexIn<T>(list: T[], item: T): number {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
}

type ContextEntries = ReadonlyMap<string, ContextValue>;

function contextMembers(base: ContextEntries, own: ContextEntries): string {
  for (const key of own.keys()) if (base.has(key)) return entryTexts(new Map([...base, ...own]), "");
  let text = baseTexts.get(base);
  if (text === undefined) {
    text = entryTexts(base, "");
    baseTexts.set(base, text);
  }
  return entryTexts(own, text);
}

/** What a caller's every context has in common, as JSON. */
const baseTexts = new WeakMap<ContextEntries, string>();

/** @param text what stands before them */
function entryTexts(entries: ContextEntries, text: string): string {
  for (const [key, value] of entries) {
    const before = text === "" ? beforeValue(key).slice(1) : beforeValue(key);
    text += typeof value === "string" ? quotedAfter(before, value) : before.slice(0, -1) + JSON.stringify(value);
  }
  return text;
}

/** `,"aws:sourceip":"` */
function beforeValue(key: string): string {
  const known = beforeValues.get(key);
  if (known !== undefined) return known;
  const before = `,${quoted(key)}:"`;
  if (beforeValues.size < keyLimit) beforeValues.set(key, before);
  return before;
}

/** Nearly all keys are AWS's; those of tags, and those that a service gives, are a client's, so there is an end. */
const beforeValues = new Map<string, string>();
const keyLimit = 2000;

/** One call asks with the same policies many times: an Authorize has up to a hundred resources. */
class PolicySets {
  readonly recorded: RecordedPolicies[] = [];
  readonly documents = new Map<string, string>();
  readonly #indexes = new Map<string, number>();
  #last: { readonly policies: Verdict["policies"]; readonly index: number } | null = null;

  indexOf(policies: Verdict["policies"]): number {
    if (this.#last?.policies !== policies) this.#last = { policies, index: this.#indexByMeaning(policies) };
    return this.#last.index;
  }

  #indexByMeaning(policies: Verdict["policies"]): number {
    const recorded = recordPolicies(policies, this.documents);
    const text = JSON.stringify(recorded);
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.recorded.length);
    return this.recorded.push(recorded) - 1;
  }
}

/** The members of a RecordedCaller with a comma before them; a caller is the same object until something changes. */
function callerMembers(caller: Caller): string {
  let members = membersOfCallers.get(caller);
  if (members === undefined) {
    members = `,${JSON.stringify(recordedCaller(caller)).slice(1, -1)}`;
    membersOfCallers.set(caller, members);
  }
  return members;
}

const membersOfCallers = new WeakMap<Caller, string>();

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
