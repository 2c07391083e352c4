import { createHash } from "node:crypto";
import type { IamToolboxOperations } from "../../contracts/iam-toolbox/contract.ts";
import { print, sourceOf } from "../../policy/index.ts";
import type { CompiledPolicy, Layer, Policies, Principal } from "../../policy/types.ts";
import { showsPolicies } from "../rolecall/sight.ts";
import { isStandIn } from "../sts/trust-policy.ts";
import type { Evaluated } from "./denied-request.ts";

export type PolicyInfo = IamToolboxOperations["GetRequestAuthorizationDetails"]["output"]["policies"][number];

const types: Readonly<Record<Layer, PolicyInfo["type"]>> = {
  identity: "IDENTITY_BASED_POLICY",
  boundary: "PERMISSIONS_BOUNDARY",
  session: "SESSION_POLICY",
  resource: "RESOURCE_BASED_POLICY",
  trust: "RESOURCE_BASED_POLICY",
  scp: "SERVICE_CONTROL_POLICY",
  rcp: "RESOURCE_CONTROL_POLICY",
  endpoint: "VPC_ENDPOINT_POLICY",
};

/** A policy that was evaluated. */
export interface EvaluatedPolicy {
  readonly policy: CompiledPolicy;
  readonly info: PolicyInfo;
}

/** Those of one evaluation that the one who asks may see. */
export function policiesOf({ policies, principal, requirement, sight }: Evaluated): EvaluatedPolicy[] {
  if (policies === null) return [];
  return layersIn(policies)
    .filter(([layer]) => showsPolicies(layer, sight))
    .map(([layer, policy]) => {
      const arn = layer === "resource" || layer === "trust" ? requirement.resource : holderOf(principal);
      const uri = uriOf(policy, layer, arn);
      return { policy, info: { type: types[layer], inline: uri !== policy.id, uri, attachedTo: [{ arn }] } };
    });
}

function layersIn({ boundaries, endpoint, identity, resource, session }: Policies): [Layer, CompiledPolicy][] {
  const found: [Layer, CompiledPolicy][] = identity.map((policy) => ["identity", policy]);
  for (const policy of boundaries ?? []) found.push(["boundary", policy]);
  for (const policy of session ?? []) found.push(["session", policy]);
  // What stands in for a role that is not there is nobody's policy.
  if (resource && !isStandIn(resource)) found.push([resource.kind === "trust" ? "trust" : "resource", resource]);
  if (endpoint) found.push(["endpoint", endpoint]);
  return found;
}

/** The user, role or root whose policies they are. */
function holderOf(principal: Principal): string {
  if (principal.type === "RoleSession") return principal.roleArn;
  return "arn" in principal ? principal.arn : "";
}

/** An inline policy is known by what it says and where it stood: asked for again, it is the one that was evaluated. */
function uriOf(policy: CompiledPolicy, layer: Layer, arn: string): string {
  if (policy.id?.startsWith("arn:")) return policy.id;
  const parts = [layer, arn, policy.id ?? "", print(sourceOf(policy).document)];
  return `inline:${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}
