import type { Layer } from "../../policy/types.ts";

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

/** Whether it is told what a layer's policies say, and which they are. */
export function showsPolicies(layer: Layer, sight: Sight): boolean {
  return sight[sides[layer]];
}

/** Whether it is told that a layer denies; of an organization it is, so that nobody looks for it in their own policies. */
export function tells(layer: Layer, sight: Sight): boolean {
  return showsPolicies(layer, sight) || sides[layer] === "organization";
}
