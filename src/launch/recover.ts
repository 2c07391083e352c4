import { existsSync } from "node:fs";
import { systemClock } from "../clock/clock.ts";
import { createIds } from "../clock/ids.ts";
import { SystemRandom } from "../clock/random.ts";
import type { Settings } from "../config/index.ts";
import { operatorAccount as storedOperator } from "../server/bootstrap.ts";
import { administratorName, createAdministrator, createKey } from "../services/rolecall/administrator.ts";
import type { AdministratorSources } from "../services/rolecall/administrator.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { loadRings, masterKeyHolder, renewRings, storedFingerprint } from "../session/rings.ts";
import * as accessKeys from "../store/iam/access-keys.ts";
import { countOthersUsable } from "../store/iam/sealed-tables.ts";
import * as accounts from "../store/organizations/accounts.ts";
import * as attachments from "../store/iam/attachments.ts";
import { lockDataDirectory } from "../store/sql/dialects/sqlite/data-directory.ts";
import { openDatabase } from "../store/open.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import type { AccountRecord } from "../store/organizations/accounts.ts";
import type { UserRecord } from "../store/iam/users.ts";
import * as users from "../store/iam/users.ts";
import { databaseLocation, isNewDatabase } from "./database-location.ts";
import { replacementOfLostKey } from "./lost-master-key.ts";
import type { LossConfirmation } from "./lost-master-key.ts";
import { configuredMasterKey, missingMasterKey } from "./master-key.ts";
import { recordOffline } from "./offline-record.ts";
import { Profile } from "./profile.ts";
import { explainStart } from "./start-error.ts";
import { CommandError } from "./terminal.ts";

export interface Recovered {
  readonly accountId: string;
  /** `administrator`, or null for the account's root. */
  readonly userName: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What had to be mended beside the key, for a person. */
  readonly notes: readonly string[];
  /** Where the key was put; null for a root key, which is only shown. */
  readonly credentialsFile: string | null;
}

export interface RecoveryOptions {
  /** The operator's account without it. */
  readonly accountId: string | undefined;
  readonly root: boolean;
  /** The master key is lost: another takes its place. Null where it is not. */
  readonly loss: LossConfirmation | null;
  /** Who asks, as the operating system knows them; for the trail. */
  readonly login: string;
}

/**
 * A new key for an account's administrator (or root), made by whoever owns the data directory and has the master key.
 * Old keys stay as they are. The change has its record in the trail like any other.
 *
 * @throws MasterKeyError; CommandError while a server runs on the data directory, or when there is no such account
 */
export async function recoverAdministrator(settings: Settings, options: RecoveryOptions): Promise<Recovered> {
  if (settings.ephemeral) throw new CommandError("an ephemeral server keeps nothing that could be recovered");
  expectData(settings);
  const lock = takeLock(settings);
  try {
    const database = await openDatabase(databaseLocation(settings), { clock: systemClock });
    try {
      return await recoverIn(database, settings, options);
    } finally {
      await database.close();
    }
  } finally {
    lock.release();
  }
}

/** A mistyped path must not make a directory. @throws CommandError */
export function expectData(settings: Settings): void {
  const missing = existsSync(settings.dataDir) ? "no database in the" : "no";
  if (existsSync(settings.dataDir) && !isNewDatabase(settings)) return;
  throw new CommandError(
    `there is no account yet, because there is ${missing} data directory ${settings.dataDir}: check --data-dir; the ` +
      `first "rolecall serve" makes it`,
  );
}

export function takeLock(settings: Settings): { release(): void } {
  try {
    return lockDataDirectory(settings.dataDir);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("the data directory "))
      throw explainStart(error, settings);
    throw new CommandError(`${error.message}: end that server first; recovery works on a data directory at rest`, {
      cause: error,
    });
  }
}

async function recoverIn(database: Database, settings: Settings, options: RecoveryOptions): Promise<Recovered> {
  const operator = await database.read(storedOperator);
  if (operator === null) {
    throw new CommandError(`there is no account yet: the first "rolecall serve" makes one, with its administrator`);
  }
  const accountId = options.accountId ?? operator;
  const account = await database.read((tx) => accounts.byId(tx, accountId));
  if (account === null) throw new CommandError(`this server has no account ${accountId}`);
  const { master, secrets } = await sealing(database, settings, options);
  const ids = createIds(new SystemRandom());
  const key = { accessKeyId: ids.accessKeyId("AKIA", accountId), secretAccessKey: ids.secretAccessKey() };
  const profile = new Profile(settings.dataDir);
  const before = profile.entries();
  // The secret is in its owner's hands before it is good, and gone from them when it never becomes so.
  if (!options.root) profile.put([{ accountId, ...key }], operator);
  const work: Work = {
    account,
    key,
    sources: { ids, secrets },
    master,
    now: systemClock.now(),
    options,
  };
  const notes = await database
    .write((tx) => makeKey(tx, work))
    .catch((error: unknown) => {
      if (!options.root) profile.restore(before);
      throw error;
    });
  const reach = profile.reach();
  if (reach !== null) profile.writeReach(reach);
  return {
    accountId,
    userName: options.root ? null : administratorName,
    ...key,
    notes,
    credentialsFile: options.root ? null : profile.credentialsFile,
  };
}

/** What the new key is sealed with: the present ring, or (null) one that is yet to be made under another master key. */
async function sealing(
  database: Database,
  settings: Settings,
  { loss }: RecoveryOptions,
): Promise<{ readonly master: MasterKey; readonly secrets: KeyRing | null }> {
  if (loss !== null) return { master: await replacementOfLostKey(database, settings, loss), secrets: null };
  try {
    const master = configuredMasterKey(settings);
    if (master !== null) return { master, secrets: (await loadRings(database, master)).secrets };
  } catch (error) {
    throw explainStart(error, settings);
  }
  const { fingerprint, holder } = await database.read(async (tx) => ({
    fingerprint: await storedFingerprint(tx),
    holder: await masterKeyHolder(tx),
  }));
  throw missingMasterKey(settings, fingerprint ?? "unknown", holder);
}

interface Work {
  readonly account: AccountRecord;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly sources: Omit<AdministratorSources, "secrets"> & { readonly secrets: KeyRing | null };
  readonly master: MasterKey;
  readonly now: number;
  readonly options: RecoveryOptions;
}

async function makeKey(tx: Tx, work: Work): Promise<string[]> {
  const { account, key, now, options } = work;
  const notes: string[] = [];
  const sources = { ...work.sources, secrets: work.sources.secrets ?? (await startAnew(tx, work, notes)) };
  const owner = options.root ? null : await administrator(tx, work, sources, notes);
  const ownerId = owner?.id ?? account.id;
  await createKey(tx, sources, { account: account.id, id: ownerId }, now, key);
  const keys = await accessKeys.countByOwner(tx, ownerId);
  if (keys > 2) notes.push(`it has ${keys} access keys now, and AWS knows two at most: delete those that were lost`);
  if (owner?.boundaryArn != null)
    notes.push(`its permissions boundary ${owner.boundaryArn} still limits it; --root is not limited`);
  await record(tx, work, owner);
  return notes;
}

/** Every secret and every session was sealed under a key that is lost. @returns the new ring for secrets */
async function startAnew(tx: Tx, { master, options }: Work, notes: string[]): Promise<KeyRing> {
  // As it was when the loss was confirmed: who recovers twice at once does it once.
  if ((await storedFingerprint(tx)) !== options.loss?.lostKey) throw new CommandError("the master key was replaced");
  const lost = await accessKeys.secrets.countUsable(tx);
  const others = await countOthersUsable(tx);
  const { secrets } = await renewRings(tx, master);
  notes.push(`everything is sealed with the master key from ${master.source} from now on`);
  notes.push(
    `${lost} access keys ${others === 0 ? "" : `and ${others} other secrets `}of all accounts cannot be used, nor any session; "rolecall admin restore" brings them back ` +
      "when the lost master key is found",
  );
  return secrets;
}

async function administrator(
  tx: Tx,
  { account, now }: Work,
  sources: AdministratorSources,
  notes: string[],
): Promise<UserRecord> {
  const existing = await users.byName(tx, account.id, administratorName);
  if (existing === null) {
    notes.push("the user administrator was gone and was made again");
    return createAdministrator(tx, sources, account, now);
  }
  const attached = await attachments.attach(
    tx,
    existing,
    `arn:${account.partition}:iam::aws:policy/AdministratorAccess`,
  );
  if (attached) notes.push("AdministratorAccess was not attached any more and is again");
  return existing;
}

function record(tx: Tx, { account, sources, key, now, options }: Work, owner: UserRecord | null): Promise<void> {
  return recordOffline(tx, sources.ids, {
    operation: "RecoverAdministrator",
    account: account.id,
    now,
    login: options.login,
    userAgent: "rolecall admin recover",
    input: { AccountId: account.id, Root: options.root, NewMasterKey: options.loss !== null },
    output: { AccessKeyId: key.accessKeyId, UserName: owner?.name },
  });
}
