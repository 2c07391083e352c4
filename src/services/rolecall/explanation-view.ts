import type { Block, Change, Explanation } from "../../policy/index.ts";
import type { Decision, Layer, Outcome, Policies } from "../../policy/types.ts";

/** Whose policies the one who asks may see. */
export interface Sight {
  /** Policies of the caller: identity policies, boundary, session policies. */
  readonly principal: boolean;
  /** The resource's own policy. */
  readonly resource: boolean;
  /** Policies of the organization. Member accounts see that they deny, as in AWS's simulator, and not what they say. */
  readonly organization: boolean;
}

const sides: Readonly<Record<Layer, keyof Sight>> = {
  identity: "principal",
  boundary: "principal",
  session: "principal",
  resource: "resource",
  trust: "resource",
  endpoint: "resource",
  scp: "organization",
  rcp: "organization",
};

export interface View {
  readonly explanation: Explanation;
  readonly withheld: readonly Layer[];
}

/**
 * An explanation without the policies that are not the asker's to see. Of the other account's side not even the outcome
 * is told: whether a trust policy would let somebody in, or whether the role is there at all, is that account's to say
 * (a refused AssumeRole never says why). So what is told of a denial is made of the layers that are told alone.
 */
export function viewOf(explanation: Explanation, layers: readonly Layer[], sight: Sight): View {
  const shows = (layer: Layer): boolean => showsPolicies(layer, sight);
  const withheld = layers.filter((layer) => !shows(layer));
  if (withheld.length === 0) return { explanation, withheld };
  const { decision, summary, statements, changes } = explanation;
  const blockedBy = explanation.blockedBy.filter(({ layer }) => tells(layer, sight));
  return {
    withheld,
    explanation: {
      decision: decision.allowed ? allowedOf(decision, shows) : deniedBy(blockedBy[0]),
      summary: decision.allowed ? withoutReason(summary) : deniedWords(summary, blockedBy[0]),
      statements: statements.filter(({ layer }) => shows(layer)),
      blockedBy,
      // A set of changes that leaves something out would not turn the decision.
      changes: changes.filter((set) => set.every((change) => isShown(change, shows))),
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

/** Whether it is told what a layer's policies say, and which they are. */
export function showsPolicies(layer: Layer, sight: Sight): boolean {
  return sight[sides[layer]];
}

/** A decision's outcome as it is told: the kind of a denial by a layer that is not told would tell of it. */
export function outcomeTold({ outcome, layer }: Pick<Decision, "outcome" | "layer">, sight: Sight): Outcome {
  return outcome !== "Allowed" && layer !== null && !tells(layer, sight) ? "ImplicitlyDenied" : outcome;
}

/** Whether it is told that a layer denies; of an organization it is, so that nobody looks for it in their own policies. */
export function tells(layer: Layer, sight: Sight): boolean {
  return showsPolicies(layer, sight) || sides[layer] === "organization";
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
