import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as oidcProviders from "../../../store/iam/oidc-providers.ts";
import type { OidcProviderRecord } from "../../../store/iam/oidc-providers.ts";
import * as tags from "../../../store/iam/tags.ts";
import { describedTag, tagsOf } from "../entity/describe.ts";
import { made } from "../entity/entity-quota.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { checkedTags, tagRecords } from "../entity/tag.ts";
import { checkedClientIds, checkedThumbprints } from "./oidc-lists.ts";
import { nameInUrl, providerName } from "./oidc-url.ts";
import { noOidcProviderToDelete, noSuchOidcProvider, oidcProviderExists } from "./provider-faults.ts";
import { arnOfProvider, existingProvider, findProvider } from "./provider-lookup.ts";
import { requirementOnProvider, requirementsToCreate } from "./provider-lookup.ts";
import type { ProviderKind } from "./provider-lookup.ts";

export const oidcProvider: ProviderKind<OidcProviderRecord> = {
  type: "oidc-provider",
  byName: oidcProviders.byName,
  missing: noSuchOidcProvider,
};

/**
 * Where no thumbprint is given, AWS asks the issuer for its certificates. Nothing is asked here: a caller would choose
 * where this server connects to. The list stays empty, and the issuer's certificate then has to be under a CA that is
 * trusted.
 */
export const createOidcProvider = operation("iam", "CreateOpenIDConnectProvider", {
  writes: true,
  authorize: (input, _, context) =>
    requirementsToCreate(
      "iam:CreateOpenIDConnectProvider",
      "iam:TagOpenIDConnectProvider",
      arnOfProvider("oidc-provider", nameInUrl(input.Url), context),
      tagRecords(input.Tags),
      context,
    ),
  handle: async (input, _, context) => {
    const { tx, account, environment, request } = context;
    const wanted = {
      // Nobody is shown one (API reference, GetOpenIDConnectProvider); what belongs to it refers to it.
      id: environment.ids.uuid(),
      account,
      name: providerName(input.Url, context),
      path: "/",
      createdAt: request.now,
      clientIds: checkedClientIds(input.ClientIDList ?? [], context),
      thumbprints: checkedThumbprints(input.ThumbprintList ?? []),
      tags: checkedTags(input.Tags, [], tags.exactCase, context),
    };
    const record = await made(
      "openIdConnectProvidersPerAccount",
      context,
      (limit) => oidcProviders.create(tx, wanted, limit),
      () => oidcProviderExists(`https://${wanted.name}`),
    );
    return { OpenIDConnectProviderArn: arnOf(record, context), ...tagsOf(record) };
  },
});

export const getOidcProvider = operation("iam", "GetOpenIDConnectProvider", {
  writes: false,
  load: (input, context) => findProvider(oidcProvider, input.OpenIDConnectProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:GetOpenIDConnectProvider", found)],
  handle: (_, found) => {
    const provider = existingProvider(found, noSuchOidcProvider);
    return {
      Url: provider.name,
      ClientIDList: provider.clientIds,
      ThumbprintList: provider.thumbprints,
      CreateDate: new Date(provider.createdAt),
      // There even where there are none (recorded from AWS, LocalStack snapshots, 2026).
      Tags: provider.tags.map(describedTag),
    };
  },
});

/** It is not paged. */
export const listOidcProviders = operation("iam", "ListOpenIDConnectProviders", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:ListOpenIDConnectProviders", context)],
  handle: async (_input, _loaded, context) => {
    const all = await oidcProviders.list(context.tx, context.account, { limit: Number.MAX_SAFE_INTEGER });
    return { OpenIDConnectProviderList: all.map((provider) => ({ Arn: arnOf(provider, context) })) };
  },
});

export const deleteOidcProvider = operation("iam", "DeleteOpenIDConnectProvider", {
  writes: true,
  load: (input, context) => findProvider(oidcProvider, input.OpenIDConnectProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:DeleteOpenIDConnectProvider", found)],
  handle: async (_, found, { tx }) => {
    const provider = existingProvider(found, noOidcProviderToDelete);
    await Promise.all([tags.removeAll(tx, provider), oidcProviders.remove(tx, provider)]);
    return {};
  },
});

function arnOf({ name }: OidcProviderRecord, context: OperationContext): string {
  return arnOfProvider("oidc-provider", name, context);
}
