import type { Domain } from "../../domain.ts";
import type { Eventual } from "../../eventual.ts";
import type { Revision } from "../../revision.ts";
import * as revisions from "../../revisions.ts";
import type { Tx } from "../../transaction.ts";
import type { Revisions } from "./coalesced-revisions.ts";
import type { Session } from "./session.ts";

/** Revisions of the domains that are asked for, and of others that came with them. */
type Shared = (domains: readonly Domain[]) => Eventual<Revisions>;

/**
 * Revisions as one transaction on PostgreSQL knows them; each is asked for once.
 *
 * Before a read has taken its snapshot it rides on the query that all share: where everything is cached, a request
 * costs no transaction at all. The snapshot can then only be newer; its own revisions of what was asked come with its
 * begin.
 */
export class KnownRevisions {
  readonly #session: Session;
  readonly #shared: Shared | null;
  /** What came with the first question. */
  #first: Revisions = new Map();
  readonly #asked = new Map<Domain, Promise<Revision>>();
  readonly #inSnapshot = new Map<Domain, Promise<Revision>>();

  /** @param shared asks outside of the transaction; null where it must ask inside */
  constructor(session: Session, shared: Shared | null) {
    this.#session = session;
    this.#shared = shared;
  }

  readonly revision = (domain: Domain, tx: Tx): Eventual<Revision> => {
    const known = this.#first.get(domain);
    if (known !== undefined) return known;
    let revision = this.#asked.get(domain);
    if (revision === undefined) {
      const outside = this.#shared !== null && !this.#session.begun;
      revision = outside ? this.#ask(domain, this.#shared) : this.#ofSnapshot(domain, tx);
      this.#asked.set(domain, revision);
    }
    return revision;
  };

  /** That of the snapshot; without one nothing was read. */
  readonly read = (domain: Domain, tx: Tx): Eventual<Revision> =>
    this.#session.begun ? this.#ofSnapshot(domain, tx) : this.revision(domain, tx);

  async #ask(domain: Domain, shared: Shared): Promise<Revision> {
    const found = await shared([domain]);
    if (this.#first.size === 0) this.#first = found;
    this.#session.comesWithBegin(domain);
    return found.get(domain)!;
  }

  #ofSnapshot(domain: Domain, tx: Tx): Promise<Revision> {
    let revision = this.#inSnapshot.get(domain);
    if (revision === undefined) {
      revision = this.#select(domain, tx);
      this.#inSnapshot.set(domain, revision);
    }
    return revision;
  }

  async #select(domain: Domain, tx: Tx): Promise<Revision> {
    if (tx.writable || this.#session.awaits(domain)) await this.#session.begin();
    return this.#session.revisionOf(domain) ?? revisions.revisionInSnapshot(tx, domain);
  }
}
