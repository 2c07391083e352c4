/**
 * Policies that are read together, seen as one: which of their statements speak of an action. What is remembered is
 * where to look, never an outcome: principal, resource and conditions are asked anew every time.
 */
import { compiled } from "./compile.ts";
import type { Compiled } from "./compile.ts";
import type { CompiledStatement } from "./statement.ts";
import type { CompiledPolicy, DeterminingStatement, PolicyKind } from "./types.ts";

/** A statement that speaks of the action. */
export interface Candidate {
  readonly statement: CompiledStatement;
  /** A list of one: most layers have one statement that matters, and its own list serves then. */
  readonly determining: readonly [DeterminingStatement];
}

/** Actions remembered by one set; its memory then starts afresh. */
const mostActions = 4096;
/** Sets remembered by the policy that comes first in them; those of other callers with the same first policy. */
const mostSets = 8;

export class PolicySet {
  readonly #members: readonly Compiled[];
  readonly #kind: PolicyKind;
  readonly #memory = new Map<string, readonly Candidate[]>();

  constructor(members: readonly Compiled[], kind: PolicyKind) {
    this.#members = members;
    this.#kind = kind;
  }

  has(policies: readonly CompiledPolicy[], kind: PolicyKind): boolean {
    const members = this.#members;
    if (members.length !== policies.length || this.#kind !== kind) return false;
    for (let index = 0; index < members.length; index++) if (members[index] !== policies[index]) return false;
    return true;
  }

  /** @param action lower-cased */
  candidates(action: string): readonly Candidate[] {
    const remembered = this.#memory.get(action);
    if (remembered !== undefined) return remembered;
    const found: Candidate[] = [];
    for (const { rules, statements, determining } of this.#members) {
      for (const index of rules.actions.statementsFor(action))
        found.push({ statement: statements[index]!, determining: determining[index]! });
    }
    if (this.#memory.size >= mostActions) this.#memory.clear();
    this.#memory.set(action, found.length === 0 ? nobody : found);
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

function remember(members: readonly Compiled[], kind: PolicyKind): PolicySet {
  for (const member of members) {
    if (member.kind !== kind) throw new TypeError(`a policy of kind ${member.kind} stands where ${kind} is wanted`);
  }
  const set = new PolicySet(members, kind);
  const { sets } = members[0]!;
  if (sets.length >= mostSets) sets.length = 0;
  sets.push(set);
  return set;
}
