import { isAccountId, parseArn } from "../../arn/arn.ts";
import type { Session } from "../../session/token.ts";
import type { Checks } from "../checks.ts";
import { claimOf } from "./claims.ts";
import type { Claims } from "./read-token.ts";
import { badSourceIdentity, badTags, roleNotListed, transitiveTagMissing } from "./token-faults.ts";

/** The namespace of the claims that are about the session (IAM User Guide, id_session-tags). */
const namespace = "https://aws.amazon.com/";
const nestedTags = `${namespace}tags`;
const flatTag = `${nestedTags}/principal_tags/`;
const flatTransitive = `${nestedTags}/transitive_tag_keys`;

/**
 * Whether the provider itself says that the role may be assumed: it lists roles, and this one is among them. Entries are
 * compared exactly, without space around them, and what is no role's ARN is passed over; null is no list. A list on which
 * the role is not ends it (observed on AWS, September 2026).
 *
 * @throws Fault InvalidIdentityToken
 */
export function isAuthorizedByProvider(claims: Claims, roleArn: string, checks: Checks): boolean {
  const claim = claimOf(claims, `${namespace}roles`) ?? null;
  if (claim === null) return false;
  const entries = typeof claim === "string" ? claim.split(";") : Array.isArray(claim) ? (claim as unknown[]) : [];
  const roles = entries.flatMap((entry) => (typeof entry === "string" && isRole(entry.trim()) ? [entry.trim()] : []));
  const seen = roles.length === 0 ? "no role" : roles.join(", ");
  checks.require(roles.includes(roleArn), { name: "roles claim", wanted: roleArn, seen }, roleNotListed);
  return true;
}

function isRole(text: string): boolean {
  const arn = parseArn(text);
  return arn?.service === "iam" && isAccountId(arn.account) && /^role\/.*[^/]$/.test(arn.resource);
}

/** STS API, tagKeyType and tagValueType. */
const tagKey = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * Tags of the session: nested, each with one value in a list, or flat, each a claim of its own with a text. How many there
 * may be, and which keys, is for whoever begins the session.
 *
 * @throws Fault InvalidIdentityToken, InvalidParameterValue
 */
export function assertedTags(claims: Claims, checks: Checks): Session["tags"] {
  const nested = objectIn(claims, nestedTags, checks);
  const tags = [...nestedPairs(nested, checks), ...flatPairs(claims)];
  const transitive = [
    ...keysIn(claimOf(nested, "transitive_tag_keys"), checks),
    ...keysIn(claimOf(claims, flatTransitive), checks),
  ];
  const wanted = 'a text: ["value"], or "value" where it is flat';
  for (const [key, value] of tags) {
    const isTag = tagKey.test(key) && typeof value === "string" && tagValue.test(value);
    checks.require(isTag, { name: `tag ${key}`, wanted, seen: typeof value }, badTags);
  }
  const keys = new Set(tags.map(([key]) => key.toLowerCase()));
  for (const key of transitive) {
    const question = { name: "transitive_tag_keys", wanted: "keys of the tags", seen: key };
    checks.require(keys.has(key.toLowerCase()), question, transitiveTagMissing);
  }
  const handedOn = new Set(transitive.map((key) => key.toLowerCase()));
  return tags.map(([key, value]) => ({ key, value: value as string, transitive: handedOn.has(key.toLowerCase()) }));
}

type Pair = readonly [key: string, value: unknown];

function nestedPairs(nested: Claims, checks: Checks): readonly Pair[] {
  const one = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : undefined);
  return Object.entries(objectIn(nested, "principal_tags", checks)).map(([key, value]) => [key, one(value)]);
}

function flatPairs(claims: Claims): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const name in claims) if (name.startsWith(flatTag)) pairs.push([name.slice(flatTag.length), claims[name]]);
  return pairs;
}

function keysIn(claim: unknown, checks: Checks): readonly string[] {
  if (claim === undefined || claim === null) return [];
  const areKeys = Array.isArray(claim) && claim.every((key) => typeof key === "string");
  checks.require(
    areKeys,
    { name: "transitive_tag_keys", wanted: "a list of texts", seen: JSON.stringify(claim) },
    badTags,
  );
  return claim as readonly string[];
}

/** Empty where it is absent. @throws Fault InvalidIdentityToken where it is something else */
function objectIn(claims: Claims, name: string, checks: Checks): Claims {
  const value = claimOf(claims, name) ?? null;
  if (value === null) return {};
  const isObject = typeof value === "object" && !Array.isArray(value);
  checks.require(isObject, { name, wanted: "an object", seen: JSON.stringify(value) }, badTags);
  return value as Claims;
}

/** @throws Fault InvalidIdentityToken */
export function assertedSourceIdentity(claims: Claims, checks: Checks): string | undefined {
  const claim = claimOf(claims, `${namespace}source_identity`) ?? null;
  if (claim === null) return undefined;
  const isOne = typeof claim === "string" && /^[\w+=,.@-]{2,64}$/.test(claim);
  const question = {
    name: "source_identity",
    wanted: "2 to 64 of A-Z a-z 0-9 _ + = , . @ -",
    seen: JSON.stringify(claim),
  };
  checks.require(isOne, question, badSourceIdentity);
  return claim as string;
}
