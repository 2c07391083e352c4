/**
 * OIDC providers whose issuer serves many tenants, and the claim that tells them apart
 * (IAM User Guide, id_roles_providers_oidc_secure-by-default). A trust policy must narrow that claim.
 */
import { parseArn } from "../../arn/arn.ts";

const claimByProvider: ReadonlyMap<string, "sub" | "aud"> = new Map([
  ["agent.buildkite.com", "sub"],
  ["api.pulumi.com/oidc", "aud"],
  ["app.terraform.io", "sub"],
  ["cognito-identity.amazonaws.com", "aud"],
  ["gitlab.com", "sub"],
  ["oidc-configuration.audit-log.githubusercontent.com", "sub"],
  ["oidc.codefresh.io", "sub"],
  ["oidc.vercel.com", "aud"],
  ["proidc.upbound.io", "sub"],
  ["sandboxes.cloud", "aud"],
  ["scalr.io", "sub"],
  ["studio.datachain.ai/api", "sub"],
  ["tokens.cloud.shisho.dev", "sub"],
  ["vstoken.actions.githubusercontent.com", "sub"],
]);

const gitHub = "token.actions.githubusercontent.com";

/** The issuer (host and path) of a Federated principal: an OIDC provider's ARN, or the bare name of a built-in one. */
export function providerOf(federated: string): string {
  const resource = parseArn(federated)?.resource;
  const prefix = "oidc-provider/";
  return (resource?.startsWith(prefix) ? resource.slice(prefix.length) : federated).toLowerCase();
}

/** Condition keys of which a trust policy must narrow one; null when the provider serves one tenant. */
export function requiredClaims(provider: string): readonly string[] | null {
  // GitHub Enterprise customers have the issuer with a path of their own. AWS names these two claims for GitHub.
  if (provider === gitHub || provider.startsWith(`${gitHub}/`)) {
    return [`${provider}:sub`, `${provider}:job_workflow_ref`];
  }
  // Microsoft Sentinel's shared tenant is told apart by the session name (the table of the page above).
  if (provider === "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d") return ["sts:RoleSessionName"];
  const claim = claimByProvider.get(provider);
  return claim === undefined ? null : [`${provider}:${claim}`];
}
