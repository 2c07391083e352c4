/**
 * Policies that are read together, seen as one: which of their statements speak of an action. What is remembered is
 * where to look, never an outcome: principal, resource and conditions are asked anew every time.
 */
import { compiled } from "./compiled.ts";
import type { Candidate, Compiled, StatementSet } from "./compiled.ts";
import type { CompiledPolicy, PolicyKind } from "../types.ts";

/** Bytes that all sets together remember, as they are estimated; then every memory starts afresh. */
const mostRemembered = 12_000_000;
/** What an action takes beside its text and its statements, and one of those. */
const actionBytes = 100;
const statementBytes = 8;
/** Sets remembered by the policy that comes first in them: callers may share their first policy and differ after it. */
const mostSets = 8;

let remembered = 0;
let generation = 0;
/** The generation whose memories were cleared before it. */
let cleared = 0;
/** Those of this generation. They may be gone before it is: nothing is held here that nobody else holds. */
let memories: WeakRef<Map<string, unknown>>[] = [];

/** Of all sets, also those that are not asked again: what they remember counts no more. */
function clearMemories(): void {
  for (const memory of memories) memory.deref()?.clear();
  memories = [];
  cleared = generation;
}

export class PolicySet implements StatementSet {
  readonly #members: readonly Compiled[];
  readonly #kind: PolicyKind;
  readonly #memory = new Map<string, readonly Candidate[]>();
  #generation = -1;

  constructor(members: readonly Compiled[], kind: PolicyKind) {
    this.#members = members;
    this.#kind = kind;
  }

  get remembered(): number {
    return this.#memory.size;
  }

  has(policies: readonly CompiledPolicy[], kind: PolicyKind): boolean {
    const members = this.#members;
    if (members.length !== policies.length || this.#kind !== kind) return false;
    for (let index = 0; index < members.length; index++) if (members[index] !== policies[index]) return false;
    return true;
  }

  /** @param action lower-cased */
  candidates(action: string): readonly Candidate[] {
    if (cleared !== generation) clearMemories();
    if (this.#generation !== generation) {
      this.#generation = generation;
      memories.push(new WeakRef(this.#memory));
    }
    return this.#memory.get(action) ?? this.#search(action);
  }

  #search(action: string): readonly Candidate[] {
    const found: Candidate[] = [];
    for (const { rules, candidates } of this.#members) {
      for (const index of rules.actions.statementsFor(action)) found.push(candidates[index]!);
    }
    remembered += actionBytes + action.length + statementBytes * found.length;
    if (remembered > mostRemembered) {
      generation++;
      remembered = 0;
    } else this.#memory.set(action, found.length === 0 ? nobody : found);
    return found;
  }
}

const nobody: readonly Candidate[] = [];

/**
 * The statements of policies of one kind that speak of an action. The array may be made anew for each request: a set
 * is known by its members.
 *
 * @throws TypeError for what `compile` did not make, and for a policy of another kind: one that names no principals
 *   would grant to everyone where principals are named
 */
export function candidatesOf(
  policies: readonly CompiledPolicy[],
  kind: PolicyKind,
  action: string,
): readonly Candidate[] {
  const first = policies[0];
  if (first === undefined) return nobody;
  for (const set of (first as Compiled).sets ?? []) if (set.has(policies, kind)) return set.candidates(action);
  return remember(policies.map(compiled), kind).candidates(action);
}

function remember(members: readonly Compiled[], kind: PolicyKind): StatementSet {
  for (const member of members) {
    if (member.kind !== kind) throw new TypeError(`a policy of kind ${member.kind} stands where ${kind} is wanted`);
  }
  const set = new PolicySet(members, kind);
  const { sets } = members[0]!;
  if (sets.length >= mostSets) sets.length = 0;
  sets.push(set);
  return set;
}
