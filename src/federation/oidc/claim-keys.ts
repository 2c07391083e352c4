import { LRUCache } from "lru-cache";
import type { ContextValue } from "../../policy/types.ts";
import { federatedProviderKey } from "../../session/actor.ts";
import { claimOf } from "./claims.ts";
import type { Audience } from "./claims.ts";
import type { Claims } from "./read-token.ts";

/** Condition keys by name. */
export type Keys = Readonly<Record<string, ContextValue>>;

interface IssuerRow {
  /** The issuer without its scheme. */
  readonly issuer: RegExp;
  /** Claims that are keys of the same name while trust is evaluated. */
  readonly claims: readonly string[];
}

const gitHub = [
  "actor",
  "actor_id",
  "enterprise_id",
  "environment",
  "job_workflow_ref",
  "ref",
  "repository",
  "repository_id",
  "repository_owner_id",
  "workflow",
];
const gitLab = [
  "namespace_id",
  "pipeline_source",
  "project_id",
  "ref_protected",
  "runner_environment",
  "user_access_level",
  "user_email",
  "user_id",
  "user_login",
];
const buildkite = [
  "build_branch",
  "cluster_id",
  "cluster_name",
  "organization_id",
  "organization_slug",
  "pipeline_id",
  "pipeline_slug",
];

/**
 * Issuers of which more is asked in trust policies than of others (Service Authorization Reference for STS; IAM User Guide,
 * reference_policies_iam-condition-keys). A slash goes into an object: Google's number is `{"google":
 * {"organization_number": N}}` (Google Cloud, projects.serviceAccounts.generateIdToken).
 */
const issuers: readonly IssuerRow[] = [
  { issuer: /^token\.actions\.githubusercontent\.com(?:\/|$)/i, claims: gitHub },
  { issuer: /^token\.actions\.[^./]+\.ghe\.com$/i, claims: gitHub },
  { issuer: /^github\.com\/enterprises\/[^/]+$/i, claims: gitHub },
  { issuer: /^gitlab\.com$/i, claims: gitLab },
  { issuer: /^agent\.buildkite\.com$/i, claims: buildkite },
  { issuer: /^agent\.[^./]+\.buildkite\.(?:dev|site)$/i, claims: buildkite },
  { issuer: /^oidc\.circleci\.com\/org\/[^/]+$/i, claims: ["oidc.circleci.com/project-id"] },
  { issuer: /^idcs-[^./]+\.identity\.oraclecloud\.com$/i, claims: ["rpst_id"] },
  { issuer: /^accounts\.google\.com$/i, claims: ["google/organization_number"] },
];

/** Claims of every issuer that are keys of the same name, and whether they stay with the session. */
const ofAll = { sub: "session", amr: "session", email: "trust" } as const;

/** The names of an issuer's keys, each with the claim that it is of. */
interface KeyNames {
  readonly aud: string;
  readonly oaud: string;
  readonly lasting: readonly NamedClaim[];
  readonly trust: readonly NamedClaim[];
}

type NamedClaim = readonly [claim: string, key: string];

/** Making them costs more than looking their claims up. */
const namesOfIssuers = new LRUCache<string, KeyNames>({ max: 500 });

function namesOf(issuer: string): KeyNames {
  let names = namesOfIssuers.get(issuer);
  if (names === undefined) namesOfIssuers.set(issuer, (names = madeNames(issuer)));
  return names;
}

function madeNames(issuer: string): KeyNames {
  const named = (claim: string): NamedClaim => [claim, `${issuer}:${claim}`];
  const of = (extent: "session" | "trust") =>
    Object.entries(ofAll).flatMap(([name, at]) => (at === extent ? [name] : []));
  const own = issuers.flatMap((row) => (row.issuer.test(issuer) ? row.claims : []));
  return {
    aud: `${issuer}:aud`,
    oaud: `${issuer}:oaud`,
    lasting: of("session").map(named),
    trust: [...of("trust"), ...own].map(named),
  };
}

/**
 * The condition keys of a token: those that hold as long as the session, and all that there are while trust is evaluated.
 * Each begins with the issuer; `:aud` is the party that the token is for, `:oaud` its own `aud` (IAM User Guide,
 * reference_policies_iam-condition-keys).
 *
 * @param provider as trust policies name it
 * @param issuer without its scheme
 */
export function keysOf(
  provider: string,
  issuer: string,
  claims: Claims,
  { party, audiences }: Audience,
): { lasting: Keys; trust: Keys } {
  const names = namesOf(issuer);
  const lasting: Record<string, ContextValue> = { [federatedProviderKey]: provider, [names.aud]: party };
  for (const [claim, key] of names.lasting) put(lasting, key, claimOf(claims, claim));
  const trust: Record<string, ContextValue> = { ...lasting };
  trust[names.oaud] = audiences.length === 1 ? audiences[0]! : audiences;
  for (const [claim, key] of names.trust) put(trust, key, claimOf(claims, claim) ?? within(claims, claim));
  return { lasting, trust };
}

function within(claims: Claims, name: string): unknown {
  const slash = name.indexOf("/");
  const outer = slash < 0 ? undefined : claimOf(claims, name.slice(0, slash));
  return typeof outer === "object" && outer !== null ? claimOf(outer as Claims, name.slice(slash + 1)) : undefined;
}

/** What is neither text, number nor truth value, nor a list of such, is no value of a key. */
function put(keys: Record<string, ContextValue>, key: string, claim: unknown): void {
  const value = Array.isArray(claim) ? (claim as unknown[]).flatMap((item) => valueOf(item) ?? []) : valueOf(claim);
  if (value !== undefined && value.length + Number(typeof claim === "string") > 0) keys[key] = value;
}

function valueOf(claim: unknown): string | undefined {
  if (typeof claim === "string") return claim;
  return typeof claim === "boolean" || Number.isSafeInteger(claim) ? String(claim) : undefined;
}
