/** The master key of a start: the one that is given, or a new one, but never beside one that is in use. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../clock/clock.ts";
import { environmentName } from "../config/index.ts";
import type { Settings } from "../config/index.ts";
import { MasterKeyError, WrongMasterKeyError } from "../seal/errors.ts";
import { findMasterKey, generateMasterKey } from "../seal/load-master-key.ts";
import type { MasterKeySources } from "../seal/load-master-key.ts";
import { masterKey, masterKeyBytes } from "../seal/master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { masterKeyHolder, storedFingerprint } from "../session/rings.ts";
import { openDatabase } from "../store/open.ts";
import { databaseLocation, isNewDatabase } from "./database-location.ts";

/** Where it is made, and looked for unless another place is named. */
export function masterKeyFile({ dataDir }: Settings): string {
  return join(dataDir, "master.key");
}

function sourcesOf(settings: Settings): MasterKeySources {
  return {
    ...(settings.masterKeyFile === null ? {} : { file: settings.masterKeyFile }),
    ...(settings.masterKey === null
      ? {}
      : { environment: { name: environmentName("masterKey"), value: settings.masterKey } }),
    generateAt: masterKeyFile(settings),
  };
}

/** The master key that the settings name; null where they name none and none was made. @throws MasterKeyError */
export function configuredMasterKey(settings: Settings): MasterKey | null {
  return findMasterKey(sourcesOf(settings));
}

/**
 * Starts with the master key that there is. Where there is none one is made, unless the database is sealed already: a
 * second node is told how to bring the first one's.
 *
 * @throws MasterKeyError, and what `start` throws
 */
export async function withMasterKey<T>(settings: Settings, start: (key: MasterKey) => Promise<T>): Promise<T> {
  const configured = configuredMasterKey(settings);
  if (configured !== null) return start(configured);
  // What is gone when the process ends needs no key that lasts.
  if (settings.ephemeral) return start(masterKey(randomBytes(masterKeyBytes), "memory"));
  await expectUnsealed(settings);
  const made = generateMasterKey(masterKeyFile(settings));
  try {
    return await start(made);
  } catch (error) {
    if (!(error instanceof WrongMasterKeyError)) throw error;
    // Another node began on this database at the same moment: nothing was ever sealed with this one's key.
    rmSync(masterKeyFile(settings));
    await expectUnsealed(settings);
    throw error;
  }
}

/** @throws MasterKeyError where the database is sealed with a master key: this process needs that one */
export async function expectUnsealed(settings: Settings): Promise<void> {
  if (isNewDatabase(settings)) return;
  const database = await openDatabase(databaseLocation(settings), { clock: systemClock });
  try {
    const { fingerprint, holder } = await database.read(async (tx) => ({
      fingerprint: await storedFingerprint(tx),
      holder: await masterKeyHolder(tx),
    }));
    if (fingerprint !== null) throw missingMasterKey(settings, fingerprint, holder);
  } finally {
    await database.close();
  }
}

/** @param holder who has it, as `masterKeyHolder` says */
export function missingMasterKey(settings: Settings, fingerprint: string, holder: string): MasterKeyError {
  return new MasterKeyError(
    `this data is sealed with a master key that is not here (its fingerprint is ${fingerprint})${holder}: ` +
      bringMasterKey(settings),
  );
}

/** How to bring the right one. */
export function bringMasterKey(settings: Settings): string {
  return (
    `copy its file to ${masterKeyFile(settings)} (mode 0600), or name one with --master-key-file, or give it in ` +
    `${environmentName("masterKey")}. Where it is lost for good, "rolecall admin recover --new-master-key" says ` +
    "what is lost with it"
  );
}
