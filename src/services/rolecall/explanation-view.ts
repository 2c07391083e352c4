import { explain, PolicyEffortError } from "../../policy/index.ts";
import type { Block, Change, Explanation } from "../../policy/index.ts";
import type { Decision, Layer, Outcome, Policies, Request } from "../../policy/types.ts";
import { validation } from "./faults.ts";
import { withoutHiddenValues } from "./hidden-values.ts";
import { showsPolicies, tells } from "./sight.ts";
import type { Sight } from "./sight.ts";

export interface View {
  readonly explanation: Explanation;
  readonly withheld: readonly Layer[];
}

/** @throws Fault ValidationException when the policies take too long to evaluate */
export function explained(request: Request, policies: Policies): Explanation {
  try {
    const explanation = explain(request, policies);
    // Sought when first read, and what it costs is known only then.
    void explanation.changes;
    return explanation;
  } catch (error) {
    if (error instanceof PolicyEffortError) throw validation(`Not explained: ${error.message}.`);
    throw error;
  }
}

/**
 * An explanation without the policies that are not the asker's to see. Of the other account's side not even the outcome
 * is told: whether a trust policy would let somebody in, or whether the role is there at all, is that account's to say
 * (a refused AssumeRole never says why). So what is told of a denial is made of the layers that are told alone.
 */
export function viewOf(explanation: Explanation, layers: readonly Layer[], sight: Sight): View {
  const shows = (layer: Layer): boolean => showsPolicies(layer, sight);
  const withheld = layers.filter((layer) => !shows(layer));
  const seesAll = sight.principal && sight.resource;
  if (withheld.length === 0 && seesAll) return { explanation, withheld };
  const { decision, summary, blockedBy } = explanation;
  const statements = explanation.statements
    .filter(({ layer }) => shows(layer))
    .map((statement) => withoutHiddenValues(statement, sight));
  if (withheld.length === 0) {
    const changes = explanation.changes.filter((set) => set.every(({ type }) => type !== "SetContext"));
    return { withheld, explanation: { decision, summary, statements, blockedBy, changes } };
  }
  const told = blockedBy.filter(({ layer }) => tells(layer, sight));
  return {
    withheld,
    explanation: {
      decision: decision.allowed ? allowedOf(decision, shows) : deniedBy(told[0]),
      summary: decision.allowed ? withoutReason(summary) : deniedWords(summary, told[0]),
      statements,
      blockedBy: told,
      // A set of changes that leaves something out would not turn the decision.
      changes: explanation.changes.filter((set) => set.every((change) => isShown(change, shows))),
    },
  };
}

/** The layers that have a policy. */
export function layersOf(policies: Policies): Layer[] {
  const { resource, boundaries, session, scps, rcps, endpoint } = policies;
  const there: readonly (readonly [Layer, boolean])[] = [
    ["identity", true],
    ["boundary", isThere(boundaries)],
    ["session", isThere(session)],
    [resource?.kind === "trust" ? "trust" : "resource", isThere(resource)],
    ["scp", isThere(scps)],
    ["rcp", isThere(rcps)],
    ["endpoint", isThere(endpoint)],
  ];
  return there.filter(([, is]) => is).map(([layer]) => layer);
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** A decision's outcome as it is told: the kind of a denial by a layer that is not told would tell of it. */
export function outcomeTold({ outcome, layer }: Pick<Decision, "outcome" | "layer">, sight: Sight): Outcome {
  return outcome !== "Allowed" && layer !== null && !tells(layer, sight) ? "ImplicitlyDenied" : outcome;
}

function allowedOf({ outcome, allowed, statements }: Decision, shows: (layer: Layer) => boolean): Decision {
  return { outcome, allowed, layer: null, statements: statements.filter(({ layer }) => shows(layer)) };
}

function deniedBy(block: Block | undefined): Decision {
  const { outcome, layer } = block ?? { outcome: "ImplicitlyDenied", layer: null };
  return { outcome, allowed: false, layer, statements: [] };
}

function deniedWords(summary: string, block: Block | undefined): string {
  if (block === undefined) {
    return `${withoutReason(summary)}; nothing on the side of the one who asks denies it: the other account, whose policies are not shown, has to allow it`;
  }
  return `${withoutReason(summary)} ${block.outcome === "ExplicitlyDenied" ? `with an ${block.words}` : `because ${block.words}`}`;
}

/** AWS's sentence up to its reason. */
export function withoutReason(summary: string): string {
  return summary.replace(/ (?:because|with an explicit deny) .*$/s, "");
}

function isShown(change: Change, shows: (layer: Layer) => boolean): boolean {
  switch (change.type) {
    case "AddStatement":
      return shows(change.layer);
    case "RemoveStatement":
      return shows(change.place.layer);
    case "SetContext":
      // It is found by what the conditions of any layer want.
      return false;
  }
}
