import { knownContextKey } from "../../policy/context-key.ts";
import type { ContextSource } from "../../policy/context-key.ts";
import type { ContextValue } from "../../policy/types.ts";
import type { Evaluated } from "./denied-request.ts";

type Context = Readonly<Record<string, ContextValue>>;

/** Keys that a whole request has alike. */
const ofRequest: ReadonlySet<ContextSource | undefined> = new Set(["principal", "session", "proof", "request"]);

export interface EvaluationContexts {
  /** What belongs to the request, and is the same in all that was evaluated. */
  readonly shared: Context;
  /** What belongs to each evaluation. */
  readonly own: readonly Context[];
}

/** The contexts of all that was evaluated for a request, as far as the one who asks may see them. */
export function contextsOf(evaluated: readonly Evaluated[]): EvaluationContexts {
  const seen = evaluated.map((one) => new Map(entriesOf(one).map((entry) => [entry.name, entry])));
  const shared = new Map<string, Entry>();
  for (const [name, entry] of seen[0] ?? []) {
    if (entry.ofRequest && seen.every((entries) => isSame(entries.get(name), entry))) shared.set(name, entry);
  }
  const own = seen.map((entries) => contextOf([...entries.values()].filter(({ name }) => !shared.has(name))));
  return { shared: contextOf([...shared.values()]), own };
}

interface Entry {
  readonly name: string;
  readonly value: ContextValue;
  readonly ofRequest: boolean;
}

/**
 * Who owns the resource sees what was asked of it, and nothing of the one who called; who called sees nothing of another
 * account's resource.
 */
function entriesOf({ requirement, sight }: Evaluated): Entry[] {
  return Object.entries(requirement.context).flatMap(([folded, value]) => {
    const known = knownContextKey(folded);
    const source = known?.source;
    const isSeen = source === "resource" ? sight.resource : source === "operation" || sight.principal;
    const name = known === undefined ? folded : spelt(known.name, folded);
    return isSeen ? [{ name, value, ofRequest: ofRequest.has(source) }] : [];
  });
}

/** `aws:RequestTag/team`: of a tag's key the letters are those that comparing has left. */
function spelt(name: string, folded: string): string {
  return name.replace("${TagKey}", folded.slice(folded.indexOf("/") + 1));
}

function isSame(one: Entry | undefined, other: Entry): boolean {
  return one !== undefined && JSON.stringify(one.value) === JSON.stringify(other.value);
}

function contextOf(entries: readonly Entry[]): Context {
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}
