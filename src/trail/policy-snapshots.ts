import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
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

/** Documents by their hash. */
export type PolicyDocuments = ReadonlyMap<string, string>;

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

/**
 * The policies of a record, compiled again.
 *
 * @returns null when a document is no longer kept
 * @throws Error when a document is not what its name says
 */
export async function recalledPolicies(
  recorded: RecordedPolicies,
  kept: Pick<PolicySnapshots, "document">,
): Promise<Policies | null> {
  let complete = true;
  const one = async ({ sha256: hash, id, bindings }: PolicyReference, kind: PolicyKind) => {
    const text = await kept.document(hash);
    complete &&= text !== null;
    const options = { ...(id === undefined ? {} : { id }), ...(bindings === undefined ? {} : { bindings }) };
    return text === null ? nothing : compile(text, kind, options);
  };
  const many = (references: readonly PolicyReference[], kind: PolicyKind) =>
    Promise.all(references.map((reference) => one(reference, kind)));
  const levels = (list: readonly (readonly PolicyReference[])[], kind: PolicyKind) =>
    Promise.all(list.map((level) => many(level, kind)));
  const { identity, resource, boundaries, session, scps, rcps, endpoint } = recorded;
  const policies: Policies = {
    identity: await many(identity, "identity"),
    resource: resource === undefined ? null : await one(resource, resource.kind),
    boundaries: boundaries === undefined ? null : await many(boundaries, "boundary"),
    session: session === undefined ? null : await many(session, "session"),
    scps: scps === undefined ? null : await levels(scps, "scp"),
    rcps: rcps === undefined ? null : await levels(rcps, "rcp"),
    endpoint: endpoint === undefined ? null : await one(endpoint, "endpoint"),
  };
  return complete ? policies : null;
}

const nothing = compile('{"Version":"2012-10-17","Statement":[]}', "identity");

/** Documents in memory at most, and names that are remembered as written. */
const memoryLimit = 2_000;

/**
 * The documents of policies that denials refer to, each kept once under its hash: `trail/private/policies/HASH.json`
 * (mode 0600), or the newest of them in memory (ephemeral).
 */
export class PolicySnapshots {
  /** Null keeps them in memory. */
  readonly #directory: string | null;
  /** In memory the documents; on disk only which are there. */
  readonly #known = new Map<string, string | null>();

  /** @param trailDirectory null for memory only */
  constructor(trailDirectory: string | null) {
    this.#directory = trailDirectory === null ? null : join(trailDirectory, "private", "policies");
  }

  /** Durable when it resolves. */
  async keep(documents: PolicyDocuments): Promise<void> {
    for (const [hash, text] of documents) {
      if (this.#directory === null) this.#remember(hash, text);
      else if (!this.#known.has(hash)) {
        await this.#write(this.#directory, hash, text);
        this.#remember(hash, null);
      }
    }
  }

  #remember(hash: string, text: string | null): void {
    // Set anew, so that what is used goes last.
    this.#known.delete(hash);
    this.#known.set(hash, text);
    if (this.#known.size > memoryLimit) this.#known.delete(this.#known.keys().next().value!);
  }

  /** Under another name first: a file with the name of a hash is whole. */
  async #write(directory: string, hash: string, text: string): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const draft = join(directory, `${hash}.${randomUUID()}.draft`);
    try {
      const file = await open(draft, "wx", 0o600);
      try {
        await file.writeFile(text);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(draft, join(directory, `${hash}.json`));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  /** Null when it is not kept (any more). @throws Error when the file is not what its name says */
  async document(hash: string): Promise<string | null> {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`${hash} is not the name of a policy document`);
    if (this.#directory === null) return this.#known.get(hash) ?? null;
    let text: string;
    try {
      text = await readFile(join(this.#directory, `${hash}.json`), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    if (sha256(text) !== hash) throw new Error(`the policy document ${hash} in the trail was changed`);
    return text;
  }

  clear(): void {
    this.#known.clear();
  }
}
