import type { Verdict } from "../authorization/authorizer.ts";
import { contextKeys, foldedName } from "../policy/context-key.ts";
import type { ContextKey } from "../policy/context-key.ts";
import type { ContextValue, Layer, Outcome, PolicyKind, Principal } from "../policy/types.ts";
import { accessKeyOf, comesAgain, payerOf } from "../session/actor.ts";
import type { Actor } from "../session/actor.ts";
import type { Session } from "../session/token.ts";
import { quoted, quotedAfter } from "../wire/json-text.ts";
import { recordPolicies } from "./policy-snapshots.ts";
import type { PolicyDocument, PolicyDocuments, RecordedPolicies } from "./policy-snapshots.ts";

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
 * A sidecar as it is written. What a requirement shares with one before it is the index of that one: an Authorize asks
 * about a hundred resources with one context, and all that it holds came from outside.
 */
interface WrittenSidecar extends Omit<Sidecar, "requirements"> {
  readonly requirements: readonly WrittenRequirement[];
}

interface WrittenRequirement extends Omit<RecordedRequirement, "context" | "asked"> {
  readonly context: RecordedRequirement["context"] | number;
  readonly asked?: RecordedCaller | number;
}

/** What `sidecarText` wrote. */
export function readSidecar(text: string): Sidecar {
  const { requirements: written, ...rest } = JSON.parse(text) as WrittenSidecar;
  const requirements: RecordedRequirement[] = [];
  for (const { context, asked, ...requirement } of written) {
    const who = typeof asked === "number" ? requirements[asked]!.asked! : asked;
    requirements.push({
      ...requirement,
      context: typeof context === "number" ? requirements[context]!.context : context,
      ...(who === undefined ? {} : { asked: who }),
    });
  }
  return { ...rest, requirements };
}

export interface SidecarFacts {
  readonly requestId: string;
  readonly caller: Actor | null;
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
  const sets = verdicts.every(isAllowed) && asked.every(isAllowed) ? null : new PolicySets();
  const before: Verdict[] = [];
  let requirements = "";
  for (const verdict of verdicts) requirements += requirementText(verdict, before, caller, sets);
  for (const verdict of asked) requirements += requirementText(verdict, before, caller, sets);
  const text =
    `{"eventID":"${eventId}","requestID":"${facts.requestId}"${caller === null ? "" : callerMembers(caller)},` +
    `"requirements":[${requirements}]${sets === null ? "" : `,"policies":${JSON.stringify(sets.recorded)}`}}`;
  return { text, documents: sets === null ? noDocuments : sets.documents };
}

function isAllowed({ decision }: Verdict): boolean {
  return decision.allowed;
}

/**
 * A WrittenRequirement, with a comma before it unless it is the first.
 *
 * @param before those that were written; takes this one
 */
function requirementText(verdict: Verdict, before: Verdict[], own: Actor | null, sets: PolicySets | null): string {
  const { requirement, decision, context, caller, policies } = verdict;
  const sameContext = before.findIndex((one) => one.context === context);
  const text =
    quotedAfter(before.length === 0 ? '{"action":"' : ',{"action":"', requirement.action) +
    quotedAfter(',"resource":"', requirement.resource) +
    quotedAfter(',"resourceAccount":"', requirement.resourceAccount) +
    (decision.layer === null
      ? `,"outcome":"${decision.outcome}","layer":null,"context":`
      : `,"outcome":"${decision.outcome}","layer":"${decision.layer}","context":`) +
    (sameContext < 0 ? `{${contextMembers(context.base, context.own, comesAgain(caller))}}` : sameContext) +
    (policies.resource ? `,"resourcePolicy":"${policies.resource.kind}"` : "") +
    (own !== null && isSame(caller, own) ? "" : `,"asked":${askedText(caller, before)}`) +
    (sets === null ? "}" : `,"policies":${sets.indexOf(policies, caller, own)}}`);
  before.push(verdict);
  return text;
}

/** Inside a write transaction the caller is looked up again: another object, and the same actor. */
function isSame(one: Actor, other: Actor): boolean {
  const key = accessKeyOf(one);
  return one === other || (key !== undefined && key === accessKeyOf(other));
}

function askedText(caller: Actor, before: readonly Verdict[]): string {
  const same = before.findIndex((one) => one.caller === caller);
  return same < 0 ? `{${callerMembers(caller).slice(1)}}` : String(same);
}

type ContextEntries = ReadonlyMap<string, ContextValue>;

/** @param keeps whether the base comes again */
function contextMembers(base: ContextEntries, own: ContextEntries, keeps: boolean): string {
  for (const key of own.keys()) if (base.has(key)) return entryTexts(new Map([...base, ...own]), "");
  let text = baseTexts.get(base);
  if (text === undefined) {
    text = entryTexts(base, "");
    if (keeps) baseTexts.set(base, text);
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
  return beforeKnown.get(key) ?? written(key);
}

function written(key: string): string {
  return `,${quoted(key)}:"`;
}

/** Of the keys of rolecall's own table; those of tags, and those that a service gives, are written anew. */
const beforeKnown: ReadonlyMap<string, string> = new Map(
  (Object.keys(contextKeys) as ContextKey[]).map(foldedName).map((key) => [key, written(key)]),
);

/** One call asks with the same policies many times: an Authorize has up to a hundred resources. */
class PolicySets {
  readonly recorded: RecordedPolicies[] = [];
  readonly documents = new Map<string, PolicyDocument>();
  readonly #indexes = new Map<string, number>();
  #last: { readonly policies: Verdict["policies"]; readonly index: number } | null = null;

  /** @param about who was decided about @param own the caller */
  indexOf(policies: Verdict["policies"], about: Actor, own: Actor | null): number {
    if (this.#last?.policies !== policies) this.#last = { policies, index: this.#indexByMeaning(policies, about, own) };
    return this.#last.index;
  }

  #indexByMeaning(policies: Verdict["policies"], about: Actor, own: Actor | null): number {
    const texts = new Map<string, string>();
    const recorded = recordPolicies(policies, texts);
    // A resource's policy came with the caller's question, all others with whoever was decided about.
    for (const [hash, document] of texts) {
      const owner = payerOf(hash === recorded.resource?.sha256 && own !== null ? own : about);
      this.documents.set(hash, { text: document, owner });
    }
    const text = JSON.stringify(recorded);
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.recorded.length);
    return this.recorded.push(recorded) - 1;
  }
}

/** The members of a RecordedCaller with a comma before them; a caller is the same object until something changes. */
function callerMembers(caller: Actor): string {
  let members = membersOfCallers.get(caller);
  if (members === undefined) {
    members = `,${JSON.stringify(recordedCaller(caller)).slice(1, -1)}`;
    if (comesAgain(caller)) membersOfCallers.set(caller, members);
  }
  return members;
}

const membersOfCallers = new WeakMap<Actor, string>();

function recordedCaller({ principal, entity, session }: Actor): RecordedCaller {
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
