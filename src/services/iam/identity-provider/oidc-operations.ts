import type { Registry } from "../../../operation/operation.ts";
import { operation } from "../../../operation/operation.ts";
import * as oidcProviders from "../../../store/iam/oidc-providers.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { tagOperations } from "../entity/tag-family.ts";
import { checkedClientIds, checkedThumbprints } from "./oidc-lists.ts";
import {
  createOidcProvider,
  deleteOidcProvider,
  getOidcProvider,
  listOidcProviders,
  oidcProvider,
} from "./oidc-provider.ts";
import { noSuchOidcProvider, noThumbprint } from "./provider-faults.ts";
import { existingProvider, findProvider, requirementOnProvider, taggedProvider } from "./provider-lookup.ts";

/** One that is there already is no error (observed on AWS, September 2026). */
const addClientId = operation("iam", "AddClientIDToOpenIDConnectProvider", {
  writes: true,
  load: (input, context) => findProvider(oidcProvider, input.OpenIDConnectProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:AddClientIDToOpenIDConnectProvider", found)],
  handle: async (input, found, context) => {
    const provider = existingProvider(found, noSuchOidcProvider);
    const clientIds = checkedClientIds([...provider.clientIds, input.ClientID], context);
    await oidcProviders.update(context.tx, provider, { clientIds });
    return {};
  },
});

/** One that is not there is no error (API reference). */
const removeClientId = operation("iam", "RemoveClientIDFromOpenIDConnectProvider", {
  writes: true,
  load: (input, context) => findProvider(oidcProvider, input.OpenIDConnectProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:RemoveClientIDFromOpenIDConnectProvider", found)],
  handle: async (input, found, context) => {
    const provider = existingProvider(found, noSuchOidcProvider);
    const clientIds = provider.clientIds.filter((clientId) => clientId !== input.ClientID);
    await oidcProviders.update(context.tx, provider, { clientIds });
    return {};
  },
});

/** The new list takes the place of the old one. */
const updateThumbprint = operation("iam", "UpdateOpenIDConnectProviderThumbprint", {
  writes: true,
  load: (input, context) => findProvider(oidcProvider, input.OpenIDConnectProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:UpdateOpenIDConnectProviderThumbprint", found)],
  handle: async (input, found, context) => {
    const provider = existingProvider(found, noSuchOidcProvider);
    if (input.ThumbprintList.length === 0) throw noThumbprint();
    await oidcProviders.update(context.tx, provider, { thumbprints: checkedThumbprints(input.ThumbprintList) });
    return {};
  },
});

export const oidcProviderOperations = {
  CreateOpenIDConnectProvider: createOidcProvider,
  GetOpenIDConnectProvider: getOidcProvider,
  ListOpenIDConnectProviders: listOidcProviders,
  DeleteOpenIDConnectProvider: deleteOidcProvider,
  AddClientIDToOpenIDConnectProvider: addClientId,
  RemoveClientIDFromOpenIDConnectProvider: removeClientId,
  UpdateOpenIDConnectProviderThumbprint: updateThumbprint,
  ...tagOperations("OpenIDConnectProvider", {
    by: "OpenIDConnectProviderArn",
    keys: exactCase,
    untagNeedsKeys: true,
    find: taggedProvider(oidcProvider),
  }),
} satisfies Partial<Registry<"iam">>;
