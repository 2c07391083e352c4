import { readPrivateKey } from "../../../federation/private-key.ts";
import { readMetadata, TooMuchMetadata, UnreadableMetadata } from "../../../federation/saml-metadata.ts";
import type { PreparationContext } from "../../../operation/context.ts";
import { payerOf } from "../../../session/actor.ts";
import type { SamlIdentityProvider } from "../../../store/iam/saml-providers.ts";
import { quotaExceeded } from "../entity/faults.ts";
import { unreadableMetadata, unreadablePrivateKey } from "./provider-faults.ts";

/** What calls bring that has to be read before anything is changed; null for what they leave out. */
export interface SamlDocuments {
  readonly identityProviders: readonly SamlIdentityProvider[] | null;
  /** PKCS#8 in DER. */
  readonly privateKey: Uint8Array | null;
}

interface Given {
  readonly SAMLMetadataDocument?: string | undefined;
  readonly AddPrivateKey?: string | undefined;
}

/**
 * Reads them outside of any transaction. Metadata may have ten million characters, half a second's work: it is read in
 * pieces, between which everybody else has a turn, and one document at a time.
 *
 * @throws Fault InvalidInput, LimitExceeded
 */
export async function readDocuments(given: Given, context: PreparationContext): Promise<SamlDocuments> {
  const { SAMLMetadataDocument: document, AddPrivateKey: pem } = given;
  const identityProviders = document === undefined ? null : await identityProvidersIn(document, context);
  const privateKey = pem === undefined ? null : readPrivateKey(pem);
  if (pem !== undefined && privateKey === null) throw unreadablePrivateKey();
  return { identityProviders, privateKey };
}

async function identityProvidersIn(
  document: string,
  { caller, environment: { costlyLine } }: PreparationContext,
): Promise<readonly SamlIdentityProvider[]> {
  await costlyLine.enter(payerOf(caller));
  try {
    return await readMetadata(document, () => new Promise(setImmediate));
  } catch (error) {
    if (error instanceof TooMuchMetadata) throw quotaExceeded(error.quota, error.limit);
    if (error instanceof UnreadableMetadata) throw unreadableMetadata();
    throw error;
  } finally {
    costlyLine.leave();
  }
}
