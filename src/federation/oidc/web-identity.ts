import type { KeyObject } from "node:crypto";
import { federatedProviderKey } from "../../session/actor.ts";
import type { WebIdentity } from "../../session/actor.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import type { Checks } from "../checks.ts";
import { algs } from "./alg.ts";
import type { Alg } from "./alg.ts";
import { keysOf } from "./claim-keys.ts";
import { audienceOf, requireClaims, requiredText, requireInTime } from "./claims.ts";
import type { Audience } from "./claims.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import type { OpaqueTokens } from "./opaque-tokens.ts";
import { readToken } from "./read-token.ts";
import type { ReadToken } from "./read-token.ts";
import { assertedSourceIdentity, assertedTags, isAuthorizedByProvider } from "./session-claims.ts";
import { isAlg, isSignedBy } from "./signature.ts";
import { notValidated } from "./token-faults.ts";
import { requireRegistered, trustedIssuer } from "./trusted-issuer.ts";
import type { ProviderSources, TrustedIssuer } from "./trusted-issuer.ts";

/** The role that a token is shown for. */
export interface WantedRole {
  readonly account: string;
  readonly partition: string;
  readonly roleArn: string;
  /** Names a provider whose tokens are opaque. */
  readonly providerId: string | undefined;
}

export interface WebIdentitySources extends ProviderSources {
  readonly keys: Pick<IssuerKeys, "keyFor" | "verificationOf">;
  readonly opaque: Pick<OpaqueTokens, "introspect">;
  /** Tokens with a member twice, of which AWS takes the last. */
  readonly repeatedMembers: "refused" | "allowed";
}

/**
 * Who somebody is by a token of a provider that the role's account has; not what the role's trust policy says of him. The
 * checks are in AWS's order, as far as it was seen (September 2026, radkawar/stackd captures): what is wrong with a claim is
 * told before what is wrong with the signature. So all that is cheap comes before the issuer's key is asked for, which
 * alone may have to be waited for.
 *
 * @param now milliseconds since the epoch
 * @throws Fault InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError, InvalidParameterValue
 */
export function verifyWebIdentity(
  token: string,
  about: WantedRole,
  sources: WebIdentitySources,
  now: number,
  checks: Checks,
): Eventual<WebIdentity> {
  checks.note({ name: "role", seen: about.roleArn });
  if (about.providerId !== undefined) return verifyOpaque(about.providerId, token.trim(), about, sources, now, checks);
  const read = readToken(token, sources.repeatedMembers, checks);
  const iss = requiredText(read.claims, "iss", checks);
  const issuer = (): Eventual<TrustedIssuer> => trustedIssuer(iss, about, sources, checks);
  return gather(issuer, (trusted) => {
    requireClaims(read.claims, checks);
    const audience = audienceOf(read.claims, checks);
    requireInTime(read.claims, now, checks);
    requireRegistered(audience.party, trusted, checks);
    const algorithm = algorithmOf(read, checks);
    const key = sources.keys.keyFor(trusted.record, { kid: read.keyId, alg: algorithm }, checks);
    const proven = (of: TrustedIssuer, by: KeyObject): WebIdentity => {
      requireSigned(read, algorithm, by, checks);
      const connectionVerification = sources.keys.verificationOf(of.record);
      return { ...identityOf({ read, audience, issuer: of }, about, checks), connectionVerification };
    };
    if (!(key instanceof Promise)) return proven(trusted, key);
    // As long as that took, the account may have given up the provider or the audience.
    return key.then(async (by) => {
      const still = await issuer();
      requireRegistered(audience.party, still, checks);
      return proven(still, by);
    });
  });
}

async function verifyOpaque(
  name: string,
  token: string,
  { account, partition }: WantedRole,
  { opaque }: WebIdentitySources,
  now: number,
  checks: Checks,
): Promise<WebIdentity> {
  const { app, user, keys } = await opaque.introspect(name, token, account, now, checks);
  const ofToken = Object.entries(keys).map(([key, value]) => [`${name}:${key}`, value]);
  const lasting = { ...Object.fromEntries(ofToken), [federatedProviderKey]: name };
  return {
    ...outsider(name, account, partition),
    subject: user,
    audience: app,
    claims: lasting,
    authorizedByProvider: false,
    connectionVerification: undefined,
    asserted: { tags: [], sourceIdentity: undefined, longest: undefined, lasting },
  };
}

/** @param provider as trust policies name it */
function outsider(provider: string, account: string, partition: string) {
  return {
    kind: "webIdentity",
    principal: { type: "WebIdentity", provider, account },
    account,
    partition,
    entity: null,
    session: null,
    tags: [],
  } as const;
}

function algorithmOf({ algorithm }: ReadToken, checks: Checks): Alg {
  const question = { name: "algorithm", wanted: algs.join(", "), seen: algorithm };
  if (!isAlg(algorithm)) checks.refuse(question, notValidated());
  checks.note(question);
  return algorithm;
}

function requireSigned(read: ReadToken, algorithm: Alg, key: KeyObject, checks: Checks): void {
  const question = {
    name: "signature",
    wanted: `the issuer's key ${read.keyId ?? "(its only one)"} has signed it, by ${algorithm}`,
    advice: "take the token from the issuer as it is",
  };
  checks.require(isSignedBy(key, algorithm, read), question, notValidated);
}

interface Proven {
  readonly read: ReadToken;
  readonly audience: Audience;
  readonly issuer: TrustedIssuer;
}

function identityOf(
  { read, audience, issuer }: Proven,
  about: WantedRole,
  checks: Checks,
): Omit<WebIdentity, "connectionVerification"> {
  const { claims } = read;
  const { account, partition } = about;
  const authorizedByProvider = isAuthorizedByProvider(claims, about.roleArn, checks);
  const { lasting, trust } = keysOf(issuer.principal, issuer.record.name, claims, audience);
  return {
    ...outsider(issuer.principal, account, partition),
    subject: requiredText(claims, "sub", checks),
    audience: audience.party,
    claims: trust,
    authorizedByProvider,
    asserted: {
      tags: assertedTags(claims, checks),
      sourceIdentity: assertedSourceIdentity(claims, checks),
      longest: undefined,
      lasting,
    },
  };
}
