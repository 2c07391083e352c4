import { FormerRingKey, UnknownRingKey } from "../seal/errors.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import { wrapKey } from "../seal/master-key.ts";
import type { MasterKey } from "../seal/master-key.ts";
import { generateKey } from "../seal/ring-state.ts";
import type { RingPurpose } from "../seal/ring-purpose.ts";
import { isInUse } from "../store/iam/sealed-tables.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import * as keyRings from "../store/server/key-rings.ts";
import * as nodes from "../store/server/nodes.ts";
import type { RingKeyRecord } from "../store/server/key-rings.ts";
import { databaseTime } from "../store/server/time.ts";
import type { Node } from "./node.ts";
import { RingLook } from "./ring-look.ts";
import type { Rings } from "./rings.ts";
import type { StoredSecrets } from "./stored-secrets.ts";

/** Sessions last 36 hours at most (GetSessionToken, GetFederationToken); a little more for those under way. */
const longestSession = 36 * 3_600_000 + 300_000;

export interface RingKeeperOptions {
  readonly database: Database;
  readonly master: MasterKey;
  readonly rings: Rings;
  readonly node: Node;
  readonly stored: StoredSecrets;
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps the rings: a rotation adds a key, which is *distributed* to all nodes first. Once every node that is counted on
 * says that it has the key, it is *promoted* to seal, while the former one still opens. A former key for secrets is
 * *retired* when all of them are sealed anew; like a former key for tokens it goes after the longest session.
 *
 * Every step is one serializable transaction that compares the ring and takes the database's time, and any node may take
 * it: a node that dies in the middle leaves nothing half done, and one that stood still does nothing with what it knew.
 */
export class RingKeeper {
  readonly #options: RingKeeperOptions;
  readonly #look: RingLook;
  #tending: Promise<void> = Promise.resolve();
  /** Rounds that have not ended. */
  #rounds = 0;

  constructor(options: RingKeeperOptions) {
    this.#options = options;
    this.#look = new RingLook(options.node, options.rings);
  }

  /** From now on, after each renewal of the node. */
  start(): void {
    this.#options.node.start(() => {
      // Sealing a million secrets anew takes longer than a renewal.
      if (this.#rounds === 0) this.#queue(() => this.#takeSteps());
    });
  }

  /** Tends the rings when what runs now has ended. */
  soon(): void {
    this.#queue(() => this.tend());
  }

  async close(): Promise<void> {
    await this.#options.node.close();
    await this.#tending;
  }

  /** One round: learn what changed and say so, take the next step of each ring, look after what they have sealed. */
  async tend(): Promise<void> {
    await this.#options.node.renew();
    await this.#takeSteps();
  }

  /** Adds a key to a ring, inside the caller's transaction. */
  async distribute(tx: Tx, purpose: RingPurpose): Promise<string> {
    const key = generateKey(await databaseTime(tx));
    const newest = (await keyRings.list(tx, purpose)).at(-1);
    await keyRings.add(tx, {
      purpose,
      id: key.id,
      state: key.state,
      sealedKey: wrapKey(this.#options.master, purpose, key),
      // The order of creation says which key follows which, whatever the clock says.
      createdAt: Math.max(key.changedAt, (newest?.createdAt ?? 0) + 1),
      changedAt: key.changedAt,
      seals: 0,
    });
    return key.id;
  }

  /**
   * What `attempt` makes of the rings. Where it meets a key that this node does not have, or seals with one that does not
   * seal any more, the rings are read and it makes a second attempt, its last.
   */
  upToDate<T>(attempt: () => Eventual<T>): Eventual<T> {
    let made: Eventual<T>;
    try {
      made = attempt();
    } catch (error) {
      if (!isBehind(error)) throw error;
      return this.#again(error, attempt);
    }
    if (!(made instanceof Promise)) return made;
    return made.catch((error: unknown) => {
      if (!isBehind(error)) throw error;
      return this.#again(error, attempt);
    });
  }

  async #again<T>(error: UnknownRingKey | FormerRingKey, attempt: () => Eventual<T>): Promise<T> {
    if (error instanceof UnknownRingKey) await this.#look.lookFor(error.ring, error.keyId);
    else await this.#options.node.learn();
    return attempt();
  }

  #queue(round: () => Promise<void>): void {
    this.#rounds++;
    this.#tending = this.#tending
      .then(round)
      .catch(this.#options.onError)
      .finally(() => this.#rounds--);
  }

  async #takeSteps(): Promise<void> {
    const { rings, node, stored } = this.#options;
    let changed = false;
    for (const ring of [rings.tokens, rings.secrets]) changed = (await this.#step(ring)) || changed;
    changed = (await this.upToDate(() => stored.resealAll())) || changed;
    // Who has made a step says at once what it has, and does not leave the others to wait for it.
    if (changed) await node.renew();
    await stored.inspect();
  }

  /** @returns whether anything changed */
  async #step(ring: KeyRing): Promise<boolean> {
    const { database } = this.#options;
    const wanted = await database.read((tx) => this.#nextStep(tx, ring));
    if (wanted === null) return false;
    return database.write(async (tx) => {
      const step = await this.#nextStep(tx, ring);
      if (step === null) return false;
      const { purpose } = ring;
      if (step.distribute) await this.distribute(tx, purpose);
      if (step.promote !== null) {
        for (const { id } of step.demote) await keyRings.setState(tx, purpose, id, "distributed", step.now);
        await keyRings.setState(tx, purpose, step.promote.id, "promoted", step.now);
      }
      for (const { id } of step.remove) await keyRings.remove(tx, purpose, id);
      return true;
    });
  }

  /** What there is to do, as the ring stands in this transaction; null for nothing. */
  async #nextStep(tx: Tx, ring: KeyRing): Promise<RingStep | null> {
    const now = await databaseTime(tx);
    const keys = await keyRings.list(tx, ring.purpose);
    const next = successor(keys);
    const step: RingStep = {
      now,
      distribute: next === undefined && ring.rotationDue,
      promote: next !== undefined && (await this.#everyNodeHas(tx, ring.purpose, next, now)) ? next : null,
      demote: keys.filter(({ state }) => state === "promoted"),
      remove: await spentKeys(tx, ring.purpose, keys, now),
    };
    return step.distribute || step.promote !== null || step.remove.length > 0 ? step : null;
  }

  /** Whether nobody would be surprised by what the key seals: all that are counted on say that they have it. */
  async #everyNodeHas(tx: Tx, purpose: RingPurpose, key: RingKeyRecord, now: number): Promise<boolean> {
    const { database, rings } = this.#options;
    if (!rings[purpose].keyIds.includes(key.id)) return false;
    if (!database.shared) return true;
    return (await nodes.countedOn(tx, now)).every((node) => node.ringKeys.has(`${purpose}/${key.id}`));
  }
}

interface RingStep {
  readonly now: number;
  readonly distribute: boolean;
  readonly promote: RingKeyRecord | null;
  readonly demote: readonly RingKeyRecord[];
  readonly remove: readonly RingKeyRecord[];
}

function isBehind(error: unknown): error is UnknownRingKey | FormerRingKey {
  return error instanceof UnknownRingKey || error instanceof FormerRingKey;
}

/** The newest key that waits to be promoted. */
function successor(keys: readonly RingKeyRecord[]): RingKeyRecord | undefined {
  const promoted = keys.find(({ state }) => state === "promoted");
  return keys
    .filter(({ state, createdAt }) => state === "distributed" && createdAt > (promoted?.createdAt ?? -1))
    .at(-1);
}

/**
 * Former keys of which nothing can be good any more. One for tokens seals nothing since it was demoted, so the longest
 * session is over; one for secrets is retired, which says that nothing was sealed with it, and nothing is.
 */
async function spentKeys(
  tx: Tx,
  purpose: RingPurpose,
  keys: readonly RingKeyRecord[],
  now: number,
): Promise<RingKeyRecord[]> {
  const promoted = keys.find(({ state }) => state === "promoted");
  if (promoted === undefined) return [];
  const former = keys.filter(
    ({ state, createdAt, changedAt }) =>
      state === (purpose === "tokens" ? "distributed" : "retired") &&
      createdAt < promoted.createdAt &&
      now - changedAt >= longestSession,
  );
  if (purpose === "tokens") return former;
  const unused: RingKeyRecord[] = [];
  for (const key of former) {
    if (!(await isInUse(tx, key.id))) unused.push(key);
  }
  return unused;
}
