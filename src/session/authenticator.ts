import { LRUCache } from "lru-cache";
import { iamArn } from "../arn/arn.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import * as accessKeys from "../store/iam/access-keys.ts";
import * as accounts from "../store/organizations/accounts.ts";
import { roomyCaches } from "../store/sql/cache/budget.ts";
import type { CacheBudget } from "../store/sql/cache/budget.ts";
import type { Tx } from "../store/sql/database.ts";
import { accountDomain } from "../store/sql/domain.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { RevisionCache } from "../store/sql/cache/revision-cache.ts";
import type { Dependence } from "../store/sql/cache/revision-cache.ts";
import * as roles from "../store/iam/roles.ts";
import { SizedCache } from "../store/sql/cache/sized-cache.ts";
import * as users from "../store/iam/users.ts";
import { ownText } from "../text/own-text.ts";
import { callerBytes, entityBytes } from "./caller-bytes.ts";
import type { Actor, Entity, SessionHolder, Signer } from "./actor.ts";
import { expiredToken, invalidToken } from "./invalid-token.ts";
import { federatedActor, passwordActor, roleActor, rootActor, userActor } from "./principal.ts";
import { decodeSession } from "./token.ts";
import type { Session } from "./token.ts";

/** Somebody who claims to be a caller: known, alive, not expired; the signature is still to be checked. */
export interface Claimant {
  readonly caller: Signer;
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

/** A caller as it was made of its credentials, and what hangs on it elsewhere: good as long as its holder is this one. */
interface Known<C> {
  readonly credentials: C;
  readonly holder: Holder;
  readonly caller: Signer;
}

interface KnownSession extends Known<Session> {
  readonly token: string;
}

const keyDependence: Dependence<LongTermKey | null> = {
  on: {
    account: "none",
    user: "none",
    group: "none",
    role: "none",
    policy: "none",
    "access-key": "own",
    tags: "none",
    attachments: "none",
    "inline-policies": "none",
    membership: "none",
    "oidc-provider": "none",
  },
  subjects: (accessKeyId) => [accessKeyId],
};

const holderDependence: Dependence<Holder | null> = {
  on: {
    account: "all",
    user: "own",
    group: "none",
    role: "own",
    policy: "none",
    "access-key": "none",
    tags: "own",
    attachments: "none",
    "inline-policies": "none",
    membership: "none",
    "oidc-provider": "none",
  },
  subjects: (_, holder) => (holder === null ? null : holder.entity === null ? [] : [holder.entity.id]),
};

/** Bytes of a key's id, secret and account. */
const keyBytes = 400;
/** Milliseconds between two searches for sessions that have expired. */
const sweepInterval = 60_000;

/**
 * From access key (and session token) to claimant, in AWS's order: key known and active, token present and bound to
 * the key, not expired, issuing role or user alive. All before the signature is looked at, and the same fault for all
 * but expiry, so that nothing tells which keys exist.
 */
export class Authenticator {
  readonly keys: RevisionCache<LongTermKey | null>;
  readonly entities: RevisionCache<Holder | null>;
  readonly #roots: RevisionCache<Holder | null>;
  /** By access key id. Unsealing is authenticated, so a token's content can never change. */
  readonly #sessions: SizedCache<KnownSession>;
  readonly #users: SizedCache<Known<LongTermKey>>;
  /** Accounts of keys that were active. A key never moves to another; an entry for one that is gone costs a lookup. */
  readonly #accountOfKey: LRUCache<string, string>;
  readonly #tokens: KeyRing;
  readonly #secrets: KeyRing;
  #nextSweep = 0;

  constructor(tokens: KeyRing, secrets: KeyRing, budget: CacheBudget = roomyCaches) {
    this.#tokens = tokens;
    this.#secrets = secrets;
    const { accessKeys: keys, entities, places, sessions } = budget;
    this.keys = new RevisionCache(keys / 4, () => keyBytes, { dependence: keyDependence });
    this.#users = new SizedCache(keys / 2, ({ caller }) => callerBytes(caller));
    this.#accountOfKey = new LRUCache({ maxSize: Math.ceil(keys / 4), sizeCalculation: () => keyBytes });
    this.entities = new RevisionCache(entities, (holder) => entityBytes(holder?.entity ?? null), {
      dependence: holderDependence,
    });
    this.#roots = new RevisionCache(places / 2, () => entityBytes(null), { dependence: holderDependence });
    this.#sessions = new SizedCache(sessions, ({ caller, token }) => token.length + callerBytes(caller));
  }

  get cachedSessions(): number {
    return this.#sessions.size;
  }

  /** As they are estimated. */
  get sessionBytes(): number {
    return this.#sessions.bytes;
  }

  /**
   * @param now milliseconds since the epoch
   * @throws Fault InvalidClientTokenId, ExpiredToken; UnknownRingKey where the rings may have to be read again
   */
  claimant(tx: Tx, accessKeyId: string, token: string | undefined, now: number): Eventual<Claimant> {
    return token === undefined ? this.#longTerm(tx, accessKeyId) : this.#temporary(tx, accessKeyId, token, now);
  }

  /**
   * The same actor again as it stands in another snapshot; called inside a write transaction before it acts. What an
   * outsider has proven stays proven: what vouches for it is the operation's to look up.
   */
  async again(tx: Tx, actor: Actor, now: number): Promise<Actor> {
    switch (actor.kind) {
      case "key":
        return (await this.#longTerm(tx, actor.accessKeyId)).caller;
      case "session":
        return this.#sessionAgain(tx, actor, now);
      case "console": {
        const holder = await this.#holderOfSession(tx, actor.session, now);
        const { principal, entity, tags } = sessionActor(actor.session, holder);
        return { ...actor, principal, entity, tags };
      }
      case "password": {
        const { entity, partition } = await this.#holder(tx, actor.account, "user", actor.entity.id);
        return passwordActor(entity!, partition, actor.passwordSetAt);
      }
      case "webIdentity":
      case "saml":
      case "certificate":
      case "service":
        return actor;
    }
  }

  async #sessionAgain(tx: Tx, { session }: SessionHolder, now: number): Promise<Signer> {
    const known = this.#sessions.get(session.accessKeyId);
    const holder = await this.#holderOfSession(tx, session, now);
    return known?.credentials === session && known.holder === holder ? known.caller : sessionActor(session, holder);
  }

  /** Forgets everything; for a server that is set back to its first state. */
  clear(): void {
    this.keys.clear();
    this.entities.clear();
    this.#roots.clear();
    this.#sessions.clear();
    this.#users.clear();
    this.#accountOfKey.clear();
  }

  #longTerm(tx: Tx, accessKeyId: string): Eventual<Claimant> {
    return gather(
      () => this.#keyAccount(tx, accessKeyId),
      (account) => this.#activeKey(tx, account, accessKeyId),
      (account, key) => this.#holder(tx, account, "user", key.ownerId),
      (account, key, holder) => {
        const { secretAccessKey } = key;
        const known = this.#users.get(accessKeyId);
        if (known?.credentials === key && known.holder === holder) return { caller: known.caller, secretAccessKey };
        const caller = longTermActor(holder, account, ownText(accessKeyId));
        if (!tx.writable) this.#users.set(accessKeyId, { credentials: key, holder, caller });
        return { caller, secretAccessKey };
      },
    );
  }

  /** @throws Fault InvalidClientTokenId */
  #activeKey(tx: Tx, account: string, accessKeyId: string): Eventual<LongTermKey> {
    return gather(
      () => this.keys.get(tx, accountDomain(account), accessKeyId, () => this.#loadKey(tx, accessKeyId)),
      (key) => {
        if (key?.active === true) return key;
        this.#accountOfKey.delete(accessKeyId);
        throw invalidToken(account);
      },
    );
  }

  #temporary(tx: Tx, accessKeyId: string, token: string, now: number): Eventual<Claimant> {
    // By key id, because a key id is a fiftieth of its token to hash. Tokens of one key that differ are a forgery.
    const kept = this.#sessions.get(accessKeyId);
    const known = kept?.token === token ? kept : undefined;
    const session = known?.credentials ?? this.#open(accessKeyId, token);
    const { secretAccessKey } = session;
    return gather(
      () => this.#holderOfSession(tx, session, now),
      (holder) => {
        if (known?.holder === holder) return { caller: known.caller, secretAccessKey };
        const caller = sessionActor(session, holder);
        if (!tx.writable)
          this.#keep({ credentials: session, token: known?.token ?? ownText(token), holder, caller }, now);
        return { caller, secretAccessKey };
      },
    );
  }

  #holderOfSession(tx: Tx, session: Session, now: number): Eventual<Holder> {
    if (now >= session.expiresAt) throw expiredToken(session.account);
    return this.#holder(tx, session.account, session.kind === "role" ? "role" : "user", session.issuer.id);
  }

  /** Whom credentials belong to, as it stands in this snapshot. @throws Fault when it is gone, or its account */
  #holder(tx: Tx, account: string, kind: "user" | "role", id: string): Eventual<Holder> {
    return gather(
      () => (id === account ? this.#root(tx, account) : this.#holderOf(tx, account, kind, id)),
      (holder) => {
        if (holder === null) throw invalidToken(account);
        return holder;
      },
    );
  }

  #open(accessKeyId: string, token: string): Session {
    try {
      return decodeSession(this.#tokens, ownText(accessKeyId), token);
    } catch (cause) {
      this.#tokens.expectKnownKey(Buffer.from(token, "base64url"));
      throw invalidToken(undefined, cause);
    }
  }

  #keep(known: KnownSession, now: number): void {
    if (now >= this.#nextSweep) {
      this.#sessions.sweep(({ credentials }) => now >= credentials.expiresAt);
      this.#nextSweep = now + sweepInterval;
    }
    this.#sessions.set(known.credentials.accessKeyId, known);
  }

  /** @throws Fault for a key that is not there, or not active */
  #keyAccount(tx: Tx, accessKeyId: string): Eventual<string> {
    return this.#accountOfKey.get(accessKeyId) ?? this.#loadKeyAccount(tx, accessKeyId);
  }

  async #loadKeyAccount(tx: Tx, accessKeyId: string): Promise<string> {
    const record = await accessKeys.byId(tx, accessKeyId);
    // One that is inactive is looked up each time, as one that nobody knows: how long it took must not tell.
    if (record?.status !== "Active") throw invalidToken(record?.account);
    this.#accountOfKey.set(record.id, record.account);
    return record.account;
  }

  async #loadKey(tx: Tx, accessKeyId: string): Promise<LongTermKey | null> {
    // Its holder, as far as it is known, will be asked for next.
    const former = tx.writable ? null : (this.#users.get(accessKeyId)?.holder.entity ?? null);
    const [record] = await Promise.all([
      accessKeys.byId(tx, accessKeyId),
      former === null ? null : this.#holderOf(tx, former.account, former.kind, former.id),
    ]);
    if (record === null) return null;
    // What a lost master key has made unusable is as good as inactive, until that one is found.
    if (this.#secrets.isLost(record.sealedSecret))
      return { ownerId: record.ownerId, active: false, secretAccessKey: "" };
    this.#secrets.expectKnownKey(record.sealedSecret);
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
    return this.#roots.get(tx, accountDomain(account), account, async () => {
      const partition = await partitionOf(tx, account);
      return partition === undefined ? null : { entity: null, partition };
    });
  }

  #holderOf(tx: Tx, account: string, kind: "user" | "role", id: string): Eventual<Holder | null> {
    // Most callers are sessions of roles: their id is the key as it stands.
    return this.entities.get(tx, accountDomain(account), kind === "role" ? id : `${kind}/${id}`, async () => {
      const [partition, record] = await Promise.all([
        partitionOf(tx, account),
        kind === "user" ? users.byId(tx, id) : roles.byId(tx, id),
      ]);
      if (partition === undefined || record === null || record.account !== account) return null;
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

function longTermActor({ entity, partition }: Holder, account: string, accessKeyId: string): Signer {
  return entity === null
    ? rootActor(account, partition, accessKeyId, null)
    : userActor(entity, partition, accessKeyId, null);
}

function sessionActor(session: Session, { entity, partition }: Holder): Signer {
  switch (session.kind) {
    case "role":
      if (entity === null) throw invalidToken(session.account);
      return roleActor(entity, partition, session);
    case "federated":
      return federatedActor(entity, session.account, partition, session);
    case "user":
      return entity === null
        ? rootActor(session.account, partition, session.accessKeyId, session)
        : userActor(entity, partition, session.accessKeyId, session);
  }
}
