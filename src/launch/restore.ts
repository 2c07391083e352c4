import { systemClock } from "../clock/clock.ts";
import { createIds } from "../clock/ids.ts";
import { SystemRandom } from "../clock/random.ts";
import type { Settings } from "../config/index.ts";
import { operatorAccount } from "../server/bootstrap.ts";
import { UnsealError } from "../seal/errors.ts";
import { loadMasterKey } from "../seal/load-master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { expectMasterKey, masterKeyHolder, restoreLostKeys, storedFingerprint } from "../session/rings.ts";
import { openDatabase } from "../store/open.ts";
import type { Tx } from "../store/sql/database.ts";
import { databaseLocation } from "./database-location.ts";
import { configuredMasterKey, missingMasterKey } from "./master-key.ts";
import { recordOffline } from "./offline-record.ts";
import { expectData, takeLock } from "./recover.ts";
import { explainStart } from "./start-error.ts";
import { CommandError } from "./terminal.ts";

/**
 * Takes back what was sealed under a master key that was lost and is found: ring keys are wrapped by the present one
 * again, so that access keys and sessions are good again.
 *
 * @param file that holds the found key
 * @param login who asks, as the operating system knows them; for the trail
 * @returns how many ring keys came back
 * @throws MasterKeyError; CommandError where nothing is lost with that key
 */
export async function restoreFoundKey(settings: Settings, file: string, login: string): Promise<number> {
  if (settings.ephemeral) throw new CommandError("an ephemeral server keeps nothing that could be restored");
  expectData(settings);
  const found = loadMasterKey({ file });
  const lock = takeLock(settings);
  try {
    const database = await openDatabase(databaseLocation(settings), { clock: systemClock });
    try {
      return await database.write((tx) => restore(tx, settings, found, login));
    } finally {
      await database.close();
    }
  } catch (error) {
    throw explainStart(error, settings);
  } finally {
    lock.release();
  }
}

async function restore(tx: Tx, settings: Settings, found: MasterKey, login: string): Promise<number> {
  const present = configuredMasterKey(settings);
  const stored = await storedFingerprint(tx);
  if (present === null) throw missingMasterKey(settings, stored ?? "unknown", await masterKeyHolder(tx));
  await expectMasterKey(tx, present);
  const count = await restored(tx, found, present);
  if (count === 0) {
    throw new CommandError(
      `nothing of this database is lost with the master key from ${found.source} (its fingerprint is ${found.fingerprint})`,
    );
  }
  const account = await operatorAccount(tx);
  if (account !== null) {
    await recordOffline(tx, createIds(new SystemRandom()), {
      operation: "RestoreMasterKey",
      account,
      now: systemClock.now(),
      login,
      userAgent: "rolecall admin restore",
      input: { FoundKey: found.fingerprint },
      output: { RingKeys: count },
    });
  }
  return count;
}

async function restored(tx: Tx, found: MasterKey, present: MasterKey): Promise<number> {
  try {
    return await restoreLostKeys(tx, found, present);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    throw new CommandError(`what is kept under the master key from ${found.source} is damaged: restore a backup`, {
      cause: error,
    });
  }
}
