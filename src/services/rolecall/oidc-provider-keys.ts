import { parseArn } from "../../arn/arn.ts";
import { acceptKeys } from "../../federation/oidc/given-keys.ts";
import type { AcceptedKeys } from "../../federation/oidc/given-keys.ts";
import type { Requirement } from "../../authorization/requirement.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import * as oidcProviders from "../../store/iam/oidc-providers.ts";
import type { OidcProviderRecord } from "../../store/iam/oidc-providers.ts";
import { named } from "../../text/shorten.ts";
import { nameInUrl } from "../iam/identity-provider/oidc-url.ts";
import { arnOfProvider } from "../iam/identity-provider/provider-lookup.ts";
import { notFound, validation } from "./faults.ts";
import { ownRequirement } from "./requirements.ts";

interface Found {
  readonly name: string;
  readonly record: OidcProviderRecord | null;
}

const prefix = "oidc-provider/";

/** @param text the ARN of a provider, or its issuer's URL; what is neither names none */
async function find(text: string, { tx, account }: OperationContext): Promise<Found> {
  const arn = parseArn(text);
  if (arn === null) return { name: nameInUrl(text), record: await oidcProviders.byName(tx, account, nameInUrl(text)) };
  const name = arn.resource.slice(arn.resource.startsWith(prefix) ? prefix.length : 0);
  const isOwn = arn.service === "iam" && arn.account === account && arn.resource === `${prefix}${name}`;
  return { name, record: isOwn ? await oidcProviders.byName(tx, account, name) : null };
}

function requirementOn(
  operationName: string,
  { name, record }: Found,
  context: OperationContext,
): readonly Requirement[] {
  return ownRequirement(context, operationName, `${prefix}${name}`).map((requirement) => ({
    ...requirement,
    resourceTags: record?.tags,
  }));
}

/** @throws Fault ResourceNotFoundException */
function existing({ name, record }: Found): OidcProviderRecord {
  if (record === null) throw notFound(`The account has no OIDC provider ${named(name)}.`);
  return record;
}

/**
 * Keys of issuers that this server cannot ask, a cluster without a way out for example: whoever administers the account
 * gives them, and the issuer is then never asked. AWS has no such thing. Whoever may give keys may be any subject of the
 * issuer, as whoever may set a provider's thumbprints.
 */
export const putOidcProviderKeys = operation("rolecall", "PutOidcProviderKeys", {
  writes: true,
  load: (input, context) => find(input.Provider, context),
  authorize: (_input, found, context) => requirementOn("PutOidcProviderKeys", found, context),
  async handle(input, found, context) {
    const provider = existing(found);
    const accepted = acceptKeys(input.Jwks);
    if (typeof accepted === "string") throw validation(`Jwks cannot be used: ${accepted}.`);
    await oidcProviders.update(context.tx, provider, { issuerKeys: accepted.text });
    return {
      ProviderKeys: describe(provider, accepted, context),
      Unused: accepted.unused.map(({ kid, why }) => ({ KeyId: kid, Reason: why })),
    };
  },
});

export const getOidcProviderKeys = operation("rolecall", "GetOidcProviderKeys", {
  writes: false,
  load: (input, context) => find(input.Provider, context),
  authorize: (_input, found, context) => requirementOn("GetOidcProviderKeys", found, context),
  handle: (_input, found, context) => {
    const provider = existing(found);
    const accepted = provider.issuerKeys === null ? null : acceptKeys(provider.issuerKeys);
    return { ProviderKeys: describe(provider, typeof accepted === "string" ? null : accepted, context) };
  },
});

export const deleteOidcProviderKeys = operation("rolecall", "DeleteOidcProviderKeys", {
  writes: true,
  load: (input, context) => find(input.Provider, context),
  authorize: (_input, found, context) => requirementOn("DeleteOidcProviderKeys", found, context),
  async handle(_input, found, { tx }) {
    const provider = existing(found);
    if (provider.issuerKeys === null) throw notFound(`No keys were given for ${provider.name}.`);
    await oidcProviders.update(tx, provider, { issuerKeys: null });
    return {};
  },
});

function describe({ name }: OidcProviderRecord, accepted: AcceptedKeys | null, context: OperationContext) {
  return {
    ProviderArn: arnOfProvider("oidc-provider", name, context),
    Keys: accepted?.keys.map(({ kid, key }) => ({ KeyId: kid, Type: typeOf(key.asymmetricKeyDetails) })) ?? [],
    Jwks: accepted?.text,
  };
}

/** As people say it. */
function typeOf({ modulusLength, namedCurve }: { modulusLength?: number; namedCurve?: string } = {}): string {
  return modulusLength === undefined ? `EC ${curves[namedCurve!]}` : `RSA ${modulusLength}`;
}

const curves: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };
