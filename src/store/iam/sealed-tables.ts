import type { Tx } from "../sql/transaction.ts";
import * as accessKeys from "./access-keys.ts";
import * as mfaDevices from "./mfa-devices.ts";
import * as outboundKeys from "./outbound-keys.ts";
import * as samlPrivateKeys from "./saml-private-keys.ts";
import type { SealedSecrets } from "./sealed-secrets.ts";
import * as serverCertificates from "./server-certificates.ts";

/** Every table that keeps sealed secrets: what tends secrets (session/stored-secrets.ts) looks at these and no others. */
export const sealedTables: readonly SealedSecrets[] = [
  accessKeys.secrets,
  mfaDevices.secrets,
  outboundKeys.secrets,
  samlPrivateKeys.secrets,
  serverCertificates.secrets,
];

/** How many secrets of other things than access keys are kept, in all accounts, that were not lost with their master key. */
export async function countOthersUsable(tx: Tx): Promise<number> {
  let count = 0;
  for (const table of sealedTables) if (table !== accessKeys.secrets) count += await table.countUsable(tx);
  return count;
}

/** Whether a ring key has sealed anything that is kept. */
export async function isInUse(tx: Tx, ringKey: string): Promise<boolean> {
  for (const table of sealedTables) {
    if ((await table.sealedWith(tx, ringKey, { after: "", limit: 1 })).length > 0) return true;
  }
  return false;
}
