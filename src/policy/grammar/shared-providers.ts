/**
 * Identity providers whose issuer serves many tenants, and what tells them apart: a trust policy must narrow it
 * (IAM User Guide, id_roles_providers_oidc_secure-by-default; what counts was observed on AWS, September 2026,
 * radkawar/stackd captures).
 */
import { parseArn } from "../../arn/arn.ts";

/** Which values of a key tell a tenant: any at all, all but `*`, or those that say how it begins. */
export type TellingValues = "any" | "not the star" | "from the start";

export interface TenantRule {
  /** Host and path of the issuer, lower case. */
  readonly provider: string;
  /** How AWS's message names it. */
  readonly shown: string;
  /** Condition keys of which one must be tested. */
  readonly keys: readonly string[];
  /** Whether it is one that every account has: its keys count in lower case alone, and StringLike does not. */
  readonly builtIn: boolean;
  readonly values: TellingValues;
}

const gitHub = "token.actions.githubusercontent.com";

const bySubject = [
  "agent.buildkite.com",
  "app.terraform.io",
  "gitlab.com",
  "oidc-configuration.audit-log.githubusercontent.com",
  "oidc.codefresh.io",
  "proidc.upbound.io",
  "scalr.io",
  "studio.datachain.ai/api",
  "tokens.cloud.shisho.dev",
  "vstoken.actions.githubusercontent.com",
  // IBM Turbonomic.
  "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu",
  "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb",
  "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7",
  "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr",
  "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg",
  "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26",
] as const;
const byAudience = [
  "api.pulumi.com/oidc",
  "cognito-identity.amazonaws.com",
  "oidc.vercel.com",
  "sandboxes.cloud",
] as const;

const keysByProvider: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...bySubject.map((provider) => [provider, [`${provider}:sub`]] as const),
  ...byAudience.map((provider) => [provider, [`${provider}:aud`]] as const),
  // Microsoft Sentinel's shared tenant is told apart by the session name.
  ["sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", ["sts:RoleSessionName"]],
]);

/** Claims of the providers that every account has, by the name that a trust policy gives them. */
const builtIn: ReadonlyMap<string, readonly string[]> = new Map([
  ["accounts.google.com", ["aud", "oaud", "sub"]],
  ["graph.facebook.com", ["app_id", "sub"]],
  ["www.amazon.com", ["app_id", "sub"]],
]);

/** The issuer (host and path) of a Federated principal: an OIDC provider's ARN, or the bare name of a built-in one. */
export function providerOf(federated: string): string {
  const resource = parseArn(federated)?.resource;
  const prefix = "oidc-provider/";
  return (resource?.startsWith(prefix) ? resource.slice(prefix.length) : federated).toLowerCase();
}

/** What a trust policy must test of a Federated principal; null when the provider serves one tenant. */
export function tenantRule(federated: string): TenantRule | null {
  const provider = providerOf(federated);
  const rule = { provider, shown: provider, builtIn: false, values: "not the star" } as const;
  // Every issuer that begins so: GitHub Enterprise customers have one with a path of their own.
  if (provider.startsWith(gitHub)) {
    const keys = [`${provider}:sub`, `${provider}:job_workflow_ref`];
    return { ...rule, shown: federated, keys, values: "from the start" };
  }
  const claims = federated === provider ? builtIn.get(provider) : undefined;
  if (claims !== undefined) {
    return { ...rule, keys: claims.map((claim) => `${provider}:${claim}`), builtIn: true, values: "any" };
  }
  const keys = keysByProvider.get(provider);
  return keys === undefined ? null : { ...rule, keys };
}
