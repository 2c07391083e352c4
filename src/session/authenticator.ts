import { iamArn } from "../arn/arn.ts";
import { Fault } from "../contracts/fault.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import * as accessKeys from "../store/access-keys.ts";
import * as accounts from "../store/accounts.ts";
import type { Tx } from "../store/database.ts";
import { after } from "../store/eventual.ts";
import type { Eventual } from "../store/eventual.ts";
import { RevisionCache } from "../store/revision-cache.ts";
import * as roles from "../store/roles.ts";
import * as users from "../store/users.ts";
import type { Caller, Entity } from "./caller.ts";
import { invalidToken } from "./invalid-token.ts";
import { federatedCaller, roleCaller, rootCaller, userCaller } from "./principal.ts";
import { decodeSession } from "./token.ts";
import type { Session } from "./token.ts";

/** Somebody who claims to be a caller: known, alive, not expired; the signature is still to be checked. */
export interface Claimant {
  readonly caller: Caller;
  readonly secretAccessKey: string;
}

/** A long-term key as it stands at one revision of its account. */
interface LongTermKey {
  readonly ownerId: string;
  readonly active: boolean;
  readonly secretAccessKey: string;
}

/** Whom credentials belong to: a user, a role, or (without an entity) the root of the account. */
interface Holder {
  readonly entity: Entity | null;
  readonly partition: string;
}

const sessionLimit = 50_000;

/**
 * From access key (and session token) to claimant, in AWS's order: key known and active, token present and bound to
 * the key, not expired, issuing role or user alive. All before the signature is looked at, and the same fault for all
 * but expiry, so that nothing tells which keys exist.
 */
export class Authenticator {
  readonly keys = new RevisionCache<LongTermKey | null>(50_000);
  readonly entities = new RevisionCache<Holder | null>(50_000);
  readonly #roots = new RevisionCache<Holder | null>(10_000);
  /** Opened tokens by their access key id: unsealing is authenticated, so a token's content can never change. */
  readonly #sessions = new Map<string, { readonly token: string; readonly session: Session }>();
  /** The caller that a key or session is, as long as its holder stands as it stood: what hangs on it is kept too. */
  readonly #callers = new WeakMap<LongTermKey | Session, { readonly holder: Holder; readonly caller: Caller }>();
  /** Accounts of keys that were active. A key never moves to another; an entry for one that is gone costs a lookup. */
  readonly #accountOfKey = new Map<string, string>();
  readonly #tokens: KeyRing;
  readonly #secrets: KeyRing;

  constructor(tokens: KeyRing, secrets: KeyRing) {
    this.#tokens = tokens;
    this.#secrets = secrets;
  }

  get cachedSessions(): number {
    return this.#sessions.size;
  }

  /**
   * @param now milliseconds since the epoch
   * @throws Fault InvalidClientTokenId, ExpiredToken
   */
  claimant(tx: Tx, accessKeyId: string, token: string | undefined, now: number): Eventual<Claimant> {
    return token === undefined ? this.#longTerm(tx, accessKeyId) : this.#temporary(tx, accessKeyId, token, now);
  }

  /** The same caller again as it stands in another snapshot; called inside a write transaction before it acts. */
  async again(tx: Tx, caller: Caller, now: number): Promise<Caller> {
    if (caller.session === null) return (await this.#longTerm(tx, caller.accessKeyId)).caller;
    return this.#ofSession(tx, caller.session, now);
  }

  /** Forgets everything; for a server that is set back to its first state. */
  clear(): void {
    this.keys.clear();
    this.entities.clear();
    this.#roots.clear();
    this.#sessions.clear();
    this.#accountOfKey.clear();
  }

  #longTerm(tx: Tx, accessKeyId: string): Eventual<Claimant> {
    return after(this.#keyAccount(tx, accessKeyId), (account) => {
      if (account === undefined) throw invalidToken();
      const found = this.keys.get(tx, account, accessKeyId, () => this.#loadKey(tx, accessKeyId));
      return after(found, (key) => {
        if (key === null || !key.active) {
          this.#accountOfKey.delete(accessKeyId);
          throw invalidToken();
        }
        return after(this.#holder(tx, account, "user", key.ownerId), (holder) => {
          const caller = this.#remembered(key, holder, () => longTermCaller(holder, account, accessKeyId));
          return { caller, secretAccessKey: key.secretAccessKey };
        });
      });
    });
  }

  #temporary(tx: Tx, accessKeyId: string, token: string, now: number): Eventual<Claimant> {
    const session = this.#open(accessKeyId, token);
    const { secretAccessKey } = session;
    return after(this.#ofSession(tx, session, now), (caller) => ({ caller, secretAccessKey }));
  }

  #ofSession(tx: Tx, session: Session, now: number): Eventual<Caller> {
    if (now >= session.expiresAt) {
      throw new Fault("ExpiredToken", 403, "The security token included in the request is expired");
    }
    const kind = session.kind === "role" ? "role" : "user";
    return after(this.#holder(tx, session.account, kind, session.issuer.id), (holder) =>
      this.#remembered(session, holder, () => sessionCaller(session, holder)),
    );
  }

  /** Whom credentials belong to, as it stands in this snapshot. @throws Fault when it is gone, or its account */
  #holder(tx: Tx, account: string, kind: "user" | "role", id: string): Eventual<Holder> {
    const found = id === account ? this.#root(tx, account) : this.#holderOf(tx, account, kind, id);
    return after(found, (holder) => {
      if (holder === null) throw invalidToken();
      return holder;
    });
  }

  #remembered(credentials: LongTermKey | Session, holder: Holder, make: () => Caller): Caller {
    const known = this.#callers.get(credentials);
    if (known !== undefined && known.holder === holder) return known.caller;
    const caller = make();
    this.#callers.set(credentials, { holder, caller });
    return caller;
  }

  #open(accessKeyId: string, token: string): Session {
    // By key id, because a key id is a fiftieth of its token to hash. Tokens of one key that differ are a forgery.
    const cached = this.#sessions.get(accessKeyId);
    if (cached !== undefined && cached.token === token) return cached.session;
    let session: Session;
    try {
      session = decodeSession(this.#tokens, accessKeyId, token);
    } catch (cause) {
      throw invalidToken(cause);
    }
    if (this.#sessions.size >= sessionLimit) this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#sessions.set(accessKeyId, { token, session });
    return session;
  }

  #keyAccount(tx: Tx, accessKeyId: string): Eventual<string | undefined> {
    return this.#accountOfKey.get(accessKeyId) ?? this.#loadKeyAccount(tx, accessKeyId);
  }

  async #loadKeyAccount(tx: Tx, accessKeyId: string): Promise<string | undefined> {
    const record = await accessKeys.byId(tx, accessKeyId);
    // One that is inactive is looked up each time, as one that nobody knows: how long it took must not tell.
    if (record?.status !== "Active") return undefined;
    if (this.#accountOfKey.size >= sessionLimit) {
      this.#accountOfKey.delete(this.#accountOfKey.keys().next().value!);
    }
    this.#accountOfKey.set(accessKeyId, record.account);
    return record.account;
  }

  async #loadKey(tx: Tx, accessKeyId: string): Promise<LongTermKey | null> {
    const record = await accessKeys.byId(tx, accessKeyId);
    if (record === null) return null;
    const secret = this.#secrets.open(record.sealedSecret, accessKeyId);
    return {
      ownerId: record.ownerId,
      active: record.status === "Active",
      secretAccessKey: new TextDecoder().decode(secret),
    };
  }

  /** A user or role as it stands in this snapshot; null once it is gone, or its account. */
  async entity(tx: Tx, account: string, kind: "user" | "role", id: string): Promise<Entity | null> {
    return (await this.#holderOf(tx, account, kind, id))?.entity ?? null;
  }

  #root(tx: Tx, account: string): Eventual<Holder | null> {
    return this.#roots.get(tx, account, account, async () => {
      const partition = await partitionOf(tx, account);
      return partition === undefined ? null : { entity: null, partition };
    });
  }

  #holderOf(tx: Tx, account: string, kind: "user" | "role", id: string): Eventual<Holder | null> {
    // Most callers are sessions of roles: their id is the key as it stands.
    return this.entities.get(tx, account, kind === "role" ? id : `${kind}/${id}`, async () => {
      const partition = await partitionOf(tx, account);
      if (partition === undefined) return null;
      const record = await (kind === "user" ? users.byId(tx, id) : roles.byId(tx, id));
      if (record === null || record.account !== account) return null;
      const entity: Entity = {
        kind,
        id,
        account,
        name: record.name,
        path: record.path,
        arn: iamArn(partition, account, kind, record.name, record.path),
        tags: record.tags,
        boundaryArn: record.boundaryArn,
        serviceLinked: record.path.startsWith("/aws-service-role/"),
      };
      return { entity, partition };
    });
  }
}

async function partitionOf(tx: Tx, account: string): Promise<string | undefined> {
  return (await accounts.byId(tx, account))?.partition;
}

function longTermCaller({ entity, partition }: Holder, account: string, accessKeyId: string): Caller {
  return entity === null
    ? rootCaller(account, partition, accessKeyId, null)
    : userCaller(entity, partition, accessKeyId, null);
}

function sessionCaller(session: Session, { entity, partition }: Holder): Caller {
  switch (session.kind) {
    case "role":
      if (entity === null) throw invalidToken();
      return roleCaller(entity, partition, session);
    case "federated":
      return federatedCaller(entity, session.account, partition, session);
    case "user":
      return entity === null
        ? rootCaller(session.account, partition, session.accessKeyId, session)
        : userCaller(entity, partition, session.accessKeyId, session);
  }
}
