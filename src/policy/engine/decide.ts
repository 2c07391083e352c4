/**
 * How the layers combine: AWS's evaluation flowchart as one function
 * (IAM User Guide, reference_policies_evaluation-logic_policy-eval-denyallow and
 * reference_policies_evaluation-logic-cross-account).
 */
import { Grant } from "../match/principal-match.ts";
import type { Layer, Outcome, Principal, Request } from "../types.ts";

/** What each layer says to a request. A layer that does not apply allows. */
export interface Verdicts {
  /** The layer with an explicit deny. */
  denied: Layer | null;
  /** Every level of service control policies allows. */
  scp: boolean;
  endpoint: boolean;
  /** The resource's policy is a role's trust policy. */
  isTrust: boolean;
  /** The resource's policy has to allow, inside its account too: role trust policies and KMS key policies. */
  mustGrant: boolean;
  /** The strongest grant of the resource's policy. */
  resource: Grant;
  identity: boolean;
  boundary: boolean;
  session: boolean;
}

export interface Ruling {
  readonly outcome: Outcome;
  readonly layer: Layer | null;
}

export function decide(request: Pick<Request, "principal" | "resourceAccount">, verdicts: Verdicts): Ruling {
  const { principal, resourceAccount } = request;
  const resourceLayer = verdicts.isTrust ? "trust" : "resource";

  // 1. An explicit deny in any policy overrides every allow.
  if (verdicts.denied !== null) return { outcome: "ExplicitlyDenied", layer: verdicts.denied };

  // 2. Organization and network: what the SCPs or the endpoint do not allow, nobody else can.
  if (!verdicts.scp) return implicitlyDenied("scp");
  if (!verdicts.endpoint) return implicitlyDenied("endpoint");

  // 3. Services, identity providers' users and the anonymous have no policies of their own: the resource's decides.
  if (!("arn" in principal)) {
    return verdicts.resource === Grant.none ? implicitlyDenied(resourceLayer) : allowed(resourceLayer);
  }

  const ceiling = ceilingOf(verdicts);
  const isRoot = actsAsRoot(principal);

  // 4. The resource's policy.
  if (principal.account === resourceAccount) {
    // A grant to the very user or session needs nothing from the caller's side, whatever that does not allow.
    if (verdicts.resource === Grant.direct) return allowed(resourceLayer);
    // A grant to the role's ARN, or to the user behind a federated session, is limited by boundary and session policy.
    if (verdicts.resource === Grant.limited)
      return ceiling === null ? allowed(resourceLayer) : implicitlyDenied(ceiling);
    // Trust and key policies must allow explicitly even inside the account, and even to its root user; naming the
    // account leaves the rest to 5.
    if (verdicts.mustGrant && verdicts.resource === Grant.none) return implicitlyDenied(resourceLayer);
  } else if (verdicts.resource === Grant.none) {
    // Across accounts both sides must allow.
    return implicitlyDenied(resourceLayer);
  }

  // 5. Identity policies, within boundary and session policy. The root user may do everything in its account.
  if (!isRoot && !verdicts.identity) return implicitlyDenied("identity");
  if (ceiling !== null) return implicitlyDenied(ceiling);
  if (!isRoot) return allowed("identity");
  return allowed(principal.account === resourceAccount ? null : resourceLayer);
}

/**
 * Every layer that now fails to allow, in the order in which `decide` asks them: its first is the one that `decide`
 * names. Empty when nothing but an explicit deny stands in the way.
 *
 * @param resource the grant of the resource's policy to assume instead of what it says now
 */
export function silentLayers(
  request: Pick<Request, "principal" | "resourceAccount">,
  verdicts: Verdicts,
  resource: Grant = verdicts.resource,
): Layer[] {
  const { principal, resourceAccount } = request;
  const silent: Layer[] = [];
  if (!verdicts.scp) silent.push("scp");
  if (!verdicts.endpoint) silent.push("endpoint");
  const own = "arn" in principal;
  const sameAccount = own && principal.account === resourceAccount;
  if (resource === Grant.none && (!sameAccount || verdicts.mustGrant))
    silent.push(verdicts.isTrust ? "trust" : "resource");
  if (!own || (sameAccount && resource === Grant.direct)) return silent;
  const isRoot = actsAsRoot(principal);
  if (!isRoot && !verdicts.identity && !(sameAccount && resource === Grant.limited)) silent.push("identity");
  if (!verdicts.boundary) silent.push("boundary");
  if (!verdicts.session) silent.push("session");
  return silent;
}

/** What limits the policies of the caller's own side, and grants to its role's ARN. */
function ceilingOf({ boundary, session }: Verdicts): Layer | null {
  if (!boundary) return "boundary";
  return session ? null : "session";
}

function actsAsRoot(principal: Principal): boolean {
  return principal.type === "Root" || (principal.type === "FederatedUser" && principal.issuer.type === "Root");
}

function allowed(layer: Layer | null): Ruling {
  return { outcome: "Allowed", layer };
}

function implicitlyDenied(layer: Layer): Ruling {
  return { outcome: "ImplicitlyDenied", layer };
}
