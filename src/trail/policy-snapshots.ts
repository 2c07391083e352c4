import { createHash } from "node:crypto";
import { compile, print, sourceOf } from "../policy/index.ts";
import type { Bindings, CompiledPolicy, Policies, PolicyKind } from "../policy/types.ts";

/** A policy in a private record: which document it was, and what else made it mean what it meant. */
export interface PolicyReference {
  /** SHA-256 of the document's text, in hexadecimal; the document is kept under it, once for all records. */
  readonly sha256: string;
  readonly id?: string;
  readonly bindings?: Bindings;
}

/** `Policies` by reference; layers that did not apply are absent. */
export interface RecordedPolicies {
  readonly identity: readonly PolicyReference[];
  readonly resource?: PolicyReference & { readonly kind: PolicyKind };
  readonly boundaries?: readonly PolicyReference[];
  readonly session?: readonly PolicyReference[];
  readonly scps?: readonly (readonly PolicyReference[])[];
  readonly rcps?: readonly (readonly PolicyReference[])[];
  readonly endpoint?: PolicyReference;
}

/** A document that a denial refers to. */
export interface PolicyDocument {
  readonly text: string;
  /** Unique id of the user or role that brought it, or the account of a root. */
  readonly owner: string;
}

/** Documents by their hash. */
export type PolicyDocuments = ReadonlyMap<string, PolicyDocument>;

interface Document {
  readonly sha256: string;
  readonly text: string;
}

/** By the parsed document, which callers with the same policy share: printed and hashed at its first denial only. */
const printed = new WeakMap<object, Document>();

function documentOf(policy: CompiledPolicy): Document {
  const { document } = sourceOf(policy);
  const known = printed.get(document);
  if (known !== undefined) return known;
  const text = print(document);
  const made = { sha256: sha256(text), text };
  printed.set(document, made);
  return made;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What a record says of the policies that decided. @param documents takes the documents that it refers to */
export function recordPolicies(policies: Policies, documents: Map<string, string>): RecordedPolicies {
  const refer = (policy: CompiledPolicy): PolicyReference => {
    const { sha256: hash, text } = documentOf(policy);
    documents.set(hash, text);
    const { bindings } = sourceOf(policy);
    return {
      sha256: hash,
      ...(policy.id === undefined ? {} : { id: policy.id }),
      ...(bindings === undefined ? {} : { bindings }),
    };
  };
  const { identity, resource, boundaries, session, scps, rcps, endpoint } = policies;
  return {
    identity: identity.map(refer),
    ...(resource ? { resource: { ...refer(resource), kind: resource.kind } } : {}),
    ...(boundaries ? { boundaries: boundaries.map(refer) } : {}),
    ...(session ? { session: session.map(refer) } : {}),
    ...(scps ? { scps: scps.map((level) => level.map(refer)) } : {}),
    ...(rcps ? { rcps: rcps.map((level) => level.map(refer)) } : {}),
    ...(endpoint ? { endpoint: refer(endpoint) } : {}),
  };
}

/** The hashes of all documents that a record refers to. */
export function hashesIn({
  identity,
  resource,
  boundaries,
  session,
  scps,
  rcps,
  endpoint,
}: RecordedPolicies): string[] {
  const one = [resource, endpoint].filter((reference) => reference !== undefined);
  const many = [identity, boundaries ?? [], session ?? [], ...(scps ?? []), ...(rcps ?? [])];
  return [...one, ...many.flat()].map(({ sha256: hash }) => hash);
}

/**
 * The policies of a record, compiled again.
 *
 * @param kept documents by their hash
 * @returns null when a document is not kept (any more)
 */
export function recalledPolicies(recorded: RecordedPolicies, kept: ReadonlyMap<string, string>): Policies | null {
  if (hashesIn(recorded).some((hash) => !kept.has(hash))) return null;
  const one = ({ sha256: hash, id, bindings }: PolicyReference, kind: PolicyKind): CompiledPolicy => {
    const options = { ...(id === undefined ? {} : { id }), ...(bindings === undefined ? {} : { bindings }) };
    return compile(kept.get(hash)!, kind, options);
  };
  const many = (references: readonly PolicyReference[], kind: PolicyKind) =>
    references.map((reference) => one(reference, kind));
  const levels = (list: readonly (readonly PolicyReference[])[], kind: PolicyKind) =>
    list.map((level) => many(level, kind));
  const { identity, resource, boundaries, session, scps, rcps, endpoint } = recorded;
  return {
    identity: many(identity, "identity"),
    resource: resource === undefined ? null : one(resource, resource.kind),
    boundaries: boundaries === undefined ? null : many(boundaries, "boundary"),
    session: session === undefined ? null : many(session, "session"),
    scps: scps === undefined ? null : levels(scps, "scp"),
    rcps: rcps === undefined ? null : levels(rcps, "rcp"),
    endpoint: endpoint === undefined ? null : one(endpoint, "endpoint"),
  };
}
