import type { KeyRing } from "../../seal/key-ring.ts";
import type { Database } from "../../store/sql/database.ts";
import * as privateKeys from "../../store/iam/saml-private-keys.ts";
import type { SamlPrivateKeyRecord } from "../../store/iam/saml-private-keys.ts";
import * as samlProviders from "../../store/iam/saml-providers.ts";
import type { KnownProvider } from "./about.ts";

interface Stored {
  readonly database: Database;
  /** The ring that has sealed the private keys of providers. */
  readonly secrets: KeyRing;
}

/** Providers as accounts have made them. */
export function storedProvider({ database, secrets }: Stored) {
  return async (account: string, name: string): Promise<KnownProvider | null> => {
    const found = await database.read(async (tx) => {
      const record = await samlProviders.byName(tx, account, name);
      return record === null ? null : { record, keys: await privateKeys.ofProvider(tx, record) };
    });
    return found === null ? null : { record: found.record, privateKeys: () => opened(found.keys, secrets) };
  };
}

function opened(keys: readonly SamlPrivateKeyRecord[], ring: KeyRing): readonly Uint8Array[] {
  return keys
    .filter(({ sealedSecret }) => !ring.isLost(sealedSecret))
    .map(({ sealedSecret, id }) => ring.open(sealedSecret, id))
    .reverse();
}
