import * as changes from "../../changes.ts";
import type { Revision } from "../../revision.ts";
import type { Tx } from "../../transaction.ts";
import type { PostgresqlConnection } from "./connection.ts";

/**
 * Revisions as one transaction on PostgreSQL knows them; each is asked for once.
 *
 * Before a read has taken its snapshot it rides on the query that all share: where everything is cached, a request
 * costs no transaction at all. The snapshot can then only be newer.
 */
export class KnownRevisions {
  readonly #connection: PostgresqlConnection;
  readonly #shared: ((account: string) => Promise<Revision>) | null;
  readonly #asked = new Map<string, Promise<Revision>>();
  readonly #inSnapshot = new Map<string, Promise<Revision>>();

  /** @param shared asks outside of the transaction; null where it must ask inside */
  constructor(connection: PostgresqlConnection, shared: ((account: string) => Promise<Revision>) | null) {
    this.#connection = connection;
    this.#shared = shared;
  }

  readonly revision = (account: string, tx: Tx): Promise<Revision> => {
    let revision = this.#asked.get(account);
    if (revision === undefined) {
      const outside = this.#shared !== null && !this.#connection.begun;
      revision = outside ? this.#shared(account) : this.#ofSnapshot(account, tx);
      this.#asked.set(account, revision);
    }
    return revision;
  };

  /** That of the snapshot; without one nothing was read. */
  readonly read = (account: string, tx: Tx): Promise<Revision> =>
    this.#connection.begun ? this.#ofSnapshot(account, tx) : this.revision(account, tx);

  #ofSnapshot(account: string, tx: Tx): Promise<Revision> {
    let revision = this.#inSnapshot.get(account);
    if (revision === undefined) {
      revision = this.#ask(account, tx);
      this.#inSnapshot.set(account, revision);
    }
    return revision;
  }

  async #ask(account: string, tx: Tx): Promise<Revision> {
    return (await this.#connection.lockedRevision(account)) ?? changes.revisionInSnapshot(tx, account);
  }
}
