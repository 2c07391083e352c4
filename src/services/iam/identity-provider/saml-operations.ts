import type { UpdateSAMLProviderRequest } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { preparedOperation } from "../../../operation/operation.ts";
import type { Registry } from "../../../operation/operation.ts";
import * as samlPrivateKeys from "../../../store/iam/saml-private-keys.ts";
import * as samlProviders from "../../../store/iam/saml-providers.ts";
import type { SamlProviderRecord } from "../../../store/iam/saml-providers.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { iamFault, invalidInput, validationError } from "../entity/faults.ts";
import { tagOperations } from "../entity/tag-family.ts";
import { noSuchSamlProvider } from "./provider-faults.ts";
import { existingProvider, findProvider, requirementOnProvider, taggedProvider } from "./provider-lookup.ts";
import { readDocuments } from "./saml-documents.ts";
import { keepPrivateKey } from "./saml-private-key.ts";
import { arnOfSamlProvider, createSamlProvider, deleteSamlProvider } from "./saml-provider.ts";
import { getSamlProvider, listSamlProviders, samlProvider } from "./saml-provider.ts";

/** Two, so that one takes the place of the other without an assertion that is refused. */
const mostPrivateKeys = 2;

/** Its refusals are in AWS's words (radkawar/stackd captures, September 2026). */
const updateSamlProvider = preparedOperation("iam", "UpdateSAMLProvider", {
  load: (input, context) => findProvider(samlProvider, input.SAMLProviderArn, context),
  authorize: (_, found) => [requirementOnProvider("iam:UpdateSAMLProvider", found)],
  ask: (input, found) => {
    existingProvider(found, noSuchSamlProvider);
    requireOneChange(input);
  },
  prepare: (input, _, context) => readDocuments(input, context),
  handle: async (input, found, context, { identityProviders, privateKey }) => {
    const provider = existingProvider(found, noSuchSamlProvider);
    await changeKeys(input, privateKey, provider, context);
    await samlProviders.update(context.tx, provider, {
      ...(input.AssertionEncryptionMode === undefined ? {} : { encryption: input.AssertionEncryptionMode }),
      ...(identityProviders === null ? {} : { identityProviders, document: input.SAMLMetadataDocument! }),
    });
    return { SAMLProviderArn: arnOfSamlProvider(provider, context) };
  },
});

/** @throws Fault ValidationError */
function requireOneChange(input: UpdateSAMLProviderRequest): void {
  const { SAMLMetadataDocument: document, AssertionEncryptionMode: mode, AddPrivateKey: added } = input;
  const { RemovePrivateKey: removed } = input;
  if (added !== undefined && removed !== undefined) {
    throw validationError(
      "Unable to add and remove private keys in the same request. Set a value for only one of the two parameters.",
    );
  }
  if (document === undefined && mode === undefined && added === undefined && removed === undefined) {
    throw validationError(
      "Unable to update identity provider. No updates are defined for metadata or encryption assertion.",
    );
  }
}

/** Adds or removes a key, and holds the keys that are left to the encryption that is wanted. @throws Fault */
async function changeKeys(
  { RemovePrivateKey: removed, AssertionEncryptionMode: mode }: UpdateSAMLProviderRequest,
  added: Uint8Array | null,
  provider: SamlProviderRecord,
  context: OperationContext,
): Promise<void> {
  const isRequired = (mode ?? provider.encryption) === "Required";
  const keys = await samlPrivateKeys.ofProvider(context.tx, provider);
  if (added !== null) {
    // The same one once more counts as another.
    if (keys.length === mostPrivateKeys) {
      throw iamFault("LimitExceeded", `Private key limit of ${mostPrivateKeys} is reached.`);
    }
    return keepPrivateKey(added, provider, context);
  }
  if (removed !== undefined) {
    const found = keys.find(({ id }) => id === removed);
    // That one which is not there is told so is by analogy.
    if (found === undefined || (isRequired && keys.length === 1)) throw invalidInput("Failed to remove private key.");
    return samlPrivateKeys.remove(context.tx, found);
  }
  if (isRequired && keys.length === 0) {
    throw invalidInput("Failed to set assertion encryption mode to Required because no private key is present.");
  }
}

export const samlProviderOperations = {
  CreateSAMLProvider: createSamlProvider,
  GetSAMLProvider: getSamlProvider,
  ListSAMLProviders: listSamlProviders,
  UpdateSAMLProvider: updateSamlProvider,
  DeleteSAMLProvider: deleteSamlProvider,
  ...tagOperations("SAMLProvider", {
    by: "SAMLProviderArn",
    keys: exactCase,
    untagNeedsKeys: true,
    find: taggedProvider(samlProvider),
  }),
} satisfies Partial<Registry<"iam">>;
