import type { OperationContext } from "../../../operation/context.ts";
import { operation, preparedOperation } from "../../../operation/operation.ts";
import { payerOf } from "../../../session/actor.ts";
import * as samlPrivateKeys from "../../../store/iam/saml-private-keys.ts";
import * as samlProviders from "../../../store/iam/saml-providers.ts";
import type { SamlProviderRecord } from "../../../store/iam/saml-providers.ts";
import * as tags from "../../../store/iam/tags.ts";
import { describedTag, tagsOf } from "../entity/describe.ts";
import { made } from "../entity/entity-quota.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { validationError } from "../entity/faults.ts";
import { checkedTags, tagRecords } from "../entity/tag.ts";
import { noSuchSamlProvider, samlProviderExists } from "./provider-faults.ts";
import { arnOfProvider, existingProvider, findProvider } from "./provider-lookup.ts";
import { requirementOnProvider, requirementsToCreate } from "./provider-lookup.ts";
import type { ProviderKind } from "./provider-lookup.ts";
import { readDocuments } from "./saml-documents.ts";
import { keepPrivateKey } from "./saml-private-key.ts";

export const samlProvider: ProviderKind<SamlProviderRecord> = {
  type: "saml-provider",
  byName: samlProviders.byName,
  missing: noSuchSamlProvider,
};

export const createSamlProvider = preparedOperation("iam", "CreateSAMLProvider", {
  authorize: (input, _, context) =>
    requirementsToCreate(
      "iam:CreateSAMLProvider",
      "iam:TagSAMLProvider",
      arnOfProvider("saml-provider", input.Name, context),
      tagRecords(input.Tags),
      context,
    ),
  ask: (input) => {
    if (input.AssertionEncryptionMode !== "Required" || input.AddPrivateKey !== undefined) return;
    // In AWS's words (radkawar/stackd captures, September 2026); UpdateSAMLProvider has others.
    throw validationError("Unable to set assertion encryption mode to Required because no private key is provided.");
  },
  prepare: (input, _, context) => readDocuments(input, context),
  handle: async (input, _, context, { identityProviders, privateKey }) => {
    const { tx, account, environment, request } = context;
    const wanted = {
      id: environment.ids.samlId("SAMLSP"),
      account,
      name: input.Name,
      path: "/",
      createdAt: request.now,
      document: input.SAMLMetadataDocument,
      identityProviders: identityProviders!,
      encryption: input.AssertionEncryptionMode ?? "Allowed",
      tags: checkedTags(input.Tags, [], tags.exactCase, context),
    };
    const record = await made(
      "samlProvidersPerAccount",
      context,
      (limit) => samlProviders.create(tx, wanted, limit),
      () => samlProviderExists(input.Name),
    );
    if (privateKey !== null) await keepPrivateKey(privateKey, record, context);
    return { SAMLProviderArn: arnOfSamlProvider(record, context), ...tagsOf(record) };
  },
});

/** Microseconds that a character of metadata costs the thread that serves. */
const characterCost = 0.01;

export const getSamlProvider = operation("iam", "GetSAMLProvider", {
  writes: false,
  load: (input, context) => findProvider(samlProvider, input.SAMLProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:GetSAMLProvider", found)],
  handle: async (_, found, context) => {
    const { tx, caller, environment } = context;
    const provider = existingProvider(found, noSuchSamlProvider);
    const document = await samlProviders.documentOf(tx, provider);
    // Who has a large one written out has the next one in turn with others.
    environment.costlyLine.mark(payerOf(caller), characterCost * document.length);
    const privateKeys = await samlPrivateKeys.ofProvider(tx, provider);
    return {
      SAMLProviderUUID: provider.id,
      SAMLMetadataDocument: document,
      ...dates(provider),
      // There even where there are none, and so is the list of keys (recorded from AWS, LocalStack snapshots, 2026).
      Tags: provider.tags.map(describedTag),
      AssertionEncryptionMode: provider.encryption,
      PrivateKeyList: privateKeys.map(({ id, createdAt }) => ({ KeyId: id, Timestamp: new Date(createdAt) })),
    };
  },
});

/** It is not paged. */
export const listSamlProviders = operation("iam", "ListSAMLProviders", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:ListSAMLProviders", context)],
  handle: async (_input, _loaded, context) => {
    const all = await samlProviders.list(context.tx, context.account, { limit: Number.MAX_SAFE_INTEGER });
    const shown = all.map((provider) => ({ Arn: arnOfSamlProvider(provider, context), ...dates(provider) }));
    return { SAMLProviderList: shown };
  },
});

export const deleteSamlProvider = operation("iam", "DeleteSAMLProvider", {
  writes: true,
  load: (input, context) => findProvider(samlProvider, input.SAMLProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:DeleteSAMLProvider", found)],
  handle: async (_, found, { tx }) => {
    const provider = existingProvider(found, noSuchSamlProvider);
    await samlPrivateKeys.removeAll(tx, provider);
    await tags.removeAll(tx, provider);
    await samlProviders.remove(tx, provider);
    return {};
  },
});

export function arnOfSamlProvider({ name }: SamlProviderRecord, context: OperationContext): string {
  return arnOfProvider("saml-provider", name, context);
}

/** It is valid for a hundred years, whatever its metadata says (observed on AWS, September 2026). */
function dates({ createdAt }: SamlProviderRecord): { readonly CreateDate: Date; readonly ValidUntil: Date } {
  const validUntil = new Date(createdAt);
  validUntil.setUTCFullYear(validUntil.getUTCFullYear() + 100);
  return { CreateDate: new Date(createdAt), ValidUntil: validUntil };
}
