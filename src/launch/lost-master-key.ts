/** A master key that is lost: what is lost with it, how another takes its place, and how it comes back once it is found. */
import { setTimeout as delay } from "node:timers/promises";
import type { Settings } from "../config/index.ts";
import { generateMasterKey } from "../seal/load-master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { storedFingerprint } from "../session/rings.ts";
import * as accessKeys from "../store/iam/access-keys.ts";
import { countOthersUsable } from "../store/iam/sealed-tables.ts";
import * as accounts from "../store/organizations/accounts.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import * as nodes from "../store/server/nodes.ts";
import { databaseTime } from "../store/server/time.ts";
import { configuredMasterKey, masterKeyFile } from "./master-key.ts";
import { CommandError } from "./terminal.ts";

export interface LossConfirmation {
  /** The fingerprint of the key that is lost, as a start without it says. */
  readonly lostKey: string | undefined;
  /** Whether whoever asks was told what is lost, and wants it. */
  readonly agreed: boolean;
}

/** Milliseconds that connections of this very process take to be gone. */
const ownConnections = 1000;

/**
 * The master key that takes the place of the lost one: the configured one, or a new one.
 * @throws CommandError where nothing is lost, nodes are connected, or whoever asks has not said what they are asked for
 */
export async function replacementOfLostKey(
  database: Database,
  settings: Settings,
  { lostKey, agreed }: LossConfirmation,
): Promise<MasterKey> {
  const stored = await database.read(storedFingerprint);
  const present = configuredMasterKey(settings);
  if (present !== null && (stored === null || present.fingerprint === stored)) {
    throw new CommandError(
      `the master key from ${present.source} is the one that this data was sealed with: nothing is lost; recover without --new-master-key`,
    );
  }
  if (lostKey === undefined || lostKey !== stored) {
    throw new CommandError(
      (lostKey === undefined ? "" : `${lostKey} is not the fingerprint of this data's master key. `) +
        "Say with --lost-key which master key is lost: its fingerprint, the data's, as a start without it says",
    );
  }
  await expectNobodyConnected(database, settings);
  if (!agreed) {
    throw new CommandError(
      `${await database.read(lossOf)}. Bring the master key if there is any copy of it. Once more with --yes, it is ` +
        "given up, and another takes its place",
    );
  }
  return present ?? generateMasterKey(masterKeyFile(settings));
}

async function lossOf(tx: Tx): Promise<string> {
  const keys = await accessKeys.secrets.countUsable(tx);
  const others = await countOthersUsable(tx);
  const also = others === 0 ? "" : ` and ${others} other secrets`;
  return (
    `with this master key are lost: the secrets of ${keys} access keys${also} in ${await accounts.count(tx)} accounts, ` +
    "which are marked and stay unusable unless the key is found, and all sessions. Nothing is deleted"
  );
}

/** @throws CommandError that names the nodes */
async function expectNobodyConnected(database: Database, settings: Settings): Promise<void> {
  // The data directory is this process's own, and nobody else opens the file in it.
  if (settings.database === null) return;
  const live = await database.read(async (tx) => nodes.countedOn(tx, await databaseTime(tx)));
  if (live.length > 0) {
    throw new CommandError(
      `${live.length} nodes use this database (${live.map(({ name }) => name).join("; ")}): the master key is not ` +
        "lost while they have it. Copy it from one of them; end them all first where it is to be given up (a node that " +
        "was killed counts for 15 seconds more)",
    );
  }
  const deadline = performance.now() + ownConnections;
  for (;;) {
    const connections = await database.read(nodes.olderConnections);
    if (connections === 0) return;
    if (performance.now() > deadline) {
      throw new CommandError(
        `rolecall has ${connections} other connections to this database, though no node says that it is there: one ` +
          "stands still, or is of an older version. End them all first",
      );
    }
    await delay(100);
  }
}
