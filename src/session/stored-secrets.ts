import { UnsealError } from "../seal/errors.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import type { SealedRecord, SealedSecrets } from "../store/iam/sealed-secrets.ts";
import { isInUse, sealedTables } from "../store/iam/sealed-tables.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import * as keyRings from "../store/server/key-rings.ts";
import type { RingKeyRecord } from "../store/server/key-rings.ts";
import { databaseTime } from "../store/server/time.ts";

const resealBatch = 200;
/** How many secrets a round of inspection opens: a millisecond's work. */
const inspected = 200;
const start = { table: 0, after: "" };

/** Secrets as they are stored: they are sealed anew after a rotation, and looked at in turn. */
export class StoredSecrets {
  readonly #database: Database;
  readonly #ring: KeyRing;
  readonly #onError: (error: unknown) => void;
  /** Where the present round through all of them has come to. */
  #at = start;
  /** Those that could not be opened in it, and in the one before: ids of what they are the secrets of. */
  #found = new Set<string>();
  #unopenable: ReadonlySet<string> = new Set();

  constructor(database: Database, ring: KeyRing, onError: (error: unknown) => void) {
    this.#database = database;
    this.#ring = ring;
    this.#onError = onError;
  }

  /** Ids of access keys and all else whose secret cannot be opened. Those whose master key is lost do not count: they are marked. */
  get unopenable(): ReadonlySet<string> {
    return this.#unopenable;
  }

  /**
   * Seals every secret anew that a former key has sealed, and retires that key once there is none left.
   * @returns whether anything changed
   */
  async resealAll(): Promise<boolean> {
    const keys = await this.#database.read((tx) => keyRings.list(tx, "secrets"));
    let changed = false;
    for (const { id } of keys.filter(isFormer)) {
      for (const table of sealedTables) {
        let after: string | undefined = "";
        while (after !== undefined) after = await this.#resealPage(table, id, after);
      }
      changed = (await this.#database.write((tx) => retireUnused(tx, id))) || changed;
    }
    return changed;
  }

  /** Opens the next secrets in turn; with the last, all of them were looked at since the first. */
  async inspect(): Promise<void> {
    let limit = inspected;
    let ended = false;
    while (limit > 0 && !ended) {
      const { table, after } = this.#at;
      const page = await this.#nextPage(table, { after, limit });
      for (const secret of page) if (!this.#opens(secret)) this.#found.add(secret.id);
      const last = page.at(-1);
      const more = last !== undefined && page.length === limit;
      this.#at = more ? { table, after: last.id } : { table: table + 1, after: "" };
      limit -= page.length;
      ended = this.#at.table === sealedTables.length;
    }
    // What was found is said at once; that it is mended, once all were looked at again.
    this.#tell(ended ? this.#found : new Set([...this.#unopenable, ...this.#found]));
    if (!ended) return;
    this.#at = start;
    this.#found = new Set();
  }

  #nextPage(table: number, page: { after: string; limit: number }): Promise<SealedRecord[]> {
    return this.#database.read((tx) => sealedTables[table]!.page(tx, page));
  }

  /** @returns the last id of the page; undefined when there was none */
  #resealPage(table: SealedSecrets, former: string, after: string): Promise<string | undefined> {
    return this.#database.write(async (tx) => {
      const page = await table.sealedWith(tx, former, { after, limit: resealBatch });
      for (const of of page) {
        if (!this.#opens(of)) continue;
        const secret = this.#ring.open(of.sealedSecret, of.id);
        // Fails where another node's key seals by now: the store compares the ring in this transaction.
        await table.setSealedSecret(tx, of, this.#ring.seal(secret, of.id));
      }
      return page.at(-1)?.id;
    });
  }

  #opens({ sealedSecret, id }: SealedRecord): boolean {
    if (this.#ring.isLost(sealedSecret)) return true;
    try {
      this.#ring.open(sealedSecret, id);
      return true;
    } catch (error) {
      if (error instanceof UnsealError) return false;
      throw error;
    }
  }

  #tell(unopenable: ReadonlySet<string>): void {
    const fresh = [...unopenable].filter((id) => !this.#unopenable.has(id));
    this.#unopenable = unopenable;
    if (fresh.length === 0) return;
    const named = fresh.slice(0, 10).join(", ") + (fresh.length > 10 ? ` and ${fresh.length - 10} more` : "");
    this.#onError(
      new Error(
        `${fresh.length} secrets cannot be opened, those of ${named}. Their ring key is missing or damaged in the ` +
          'database, or they are ("rolecall keys list"): restore it, or delete what they belong to',
      ),
    );
  }
}

function isFormer(key: RingKeyRecord, _index: number, all: readonly RingKeyRecord[]): boolean {
  const promoted = all.find(({ state }) => state === "promoted");
  if (promoted === undefined || key.createdAt >= promoted.createdAt) return false;
  return key.state === "distributed";
}

/** @returns whether it was a former key that nothing is sealed with any more, and is retired now */
async function retireUnused(tx: Tx, id: string): Promise<boolean> {
  const former = (await keyRings.list(tx, "secrets")).filter(isFormer);
  if (!former.some((key) => key.id === id)) return false;
  if (await isInUse(tx, id)) return false;
  await keyRings.setState(tx, "secrets", id, "retired", await databaseTime(tx));
  return true;
}
