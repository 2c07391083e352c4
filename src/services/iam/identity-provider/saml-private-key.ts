import type { OperationContext } from "../../../operation/context.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import * as samlPrivateKeys from "../../../store/iam/saml-private-keys.ts";

/** Seals a private key and keeps it. @param privateKey PKCS#8 in DER */
export async function keepPrivateKey(
  privateKey: Uint8Array,
  provider: Ref,
  { tx, account, environment, request }: OperationContext,
): Promise<void> {
  const id = environment.ids.samlId("SAMLPK");
  await samlPrivateKeys.create(tx, {
    id,
    account,
    providerId: provider.id,
    // Bound to its id, it is good in no other row.
    sealedSecret: environment.secrets.seal(privateKey, id),
    createdAt: request.now,
  });
}
