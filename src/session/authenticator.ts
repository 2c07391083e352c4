import { iamArn } from "../arn/arn.ts";
import { Fault } from "../contracts/fault.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import * as accessKeys from "../store/access-keys.ts";
import * as accounts from "../store/accounts.ts";
import type { Tx } from "../store/database.ts";
import { RevisionCache } from "../store/revision-cache.ts";
import * as roles from "../store/roles.ts";
import * as users from "../store/users.ts";
import type { Caller, Entity } from "./caller.ts";
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

const sessionLimit = 50_000;

/**
 * From access key (and session token) to claimant, in AWS's order: key known and active, token present and bound to
 * the key, not expired, issuing role or user alive. All before the signature is looked at, and the same fault for all
 * but expiry, so that nothing tells which keys exist.
 */
export class Authenticator {
  readonly keys = new RevisionCache<LongTermKey | null>(50_000);
  readonly entities = new RevisionCache<Entity | null>(50_000);
  readonly #partitions = new RevisionCache<string | null>(10_000);
  /** Opened tokens by their text: unsealing is authenticated, so a token's content can never change. */
  readonly #sessions = new Map<string, Session>();
  /** The caller that a key or session is, as long as its entity stands as it stood: what hangs on it is kept too. */
  readonly #callers = new WeakMap<LongTermKey | Session, { readonly entity: Entity | null; readonly caller: Caller }>();
  /** A key never moves to another account; an entry for a key that is gone only costs a lookup. */
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
  async claimant(tx: Tx, accessKeyId: string, token: string | undefined, now: number): Promise<Claimant> {
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
    this.#partitions.clear();
    this.#sessions.clear();
    this.#accountOfKey.clear();
  }

  async #longTerm(tx: Tx, accessKeyId: string): Promise<Claimant> {
    const account = await this.#keyAccount(tx, accessKeyId);
    if (account === undefined) throw invalidToken();
    const key = await this.keys.get(tx, account, accessKeyId, () => this.#loadKey(tx, accessKeyId));
    if (key === null || !key.active) throw invalidToken();
    const partition = await this.#partition(tx, account);
    const root = key.ownerId === account;
    const user = root ? null : await this.#entity(tx, account, partition, "user", key.ownerId);
    if (!root && user === null) throw invalidToken();
    const caller = this.#remembered(key, user, () =>
      user === null
        ? rootCaller(account, partition, accessKeyId, null)
        : userCaller(user, partition, accessKeyId, null),
    );
    return { caller, secretAccessKey: key.secretAccessKey };
  }

  async #temporary(tx: Tx, accessKeyId: string, token: string, now: number): Promise<Claimant> {
    const session = this.#open(accessKeyId, token);
    return { caller: await this.#ofSession(tx, session, now), secretAccessKey: session.secretAccessKey };
  }

  async #ofSession(tx: Tx, session: Session, now: number): Promise<Caller> {
    if (now >= session.expiresAt) {
      throw new Fault("ExpiredToken", 403, "The security token included in the request is expired");
    }
    const { account, issuer } = session;
    const partition = await this.#partition(tx, account);
    const fromRoot = issuer.id === account;
    const kind = session.kind === "role" ? "role" : "user";
    const entity = fromRoot ? null : await this.#entity(tx, account, partition, kind, issuer.id);
    if (!fromRoot && entity === null) throw invalidToken();
    return this.#remembered(session, entity, () => sessionCaller(session, entity, partition));
  }

  #remembered(credentials: LongTermKey | Session, entity: Entity | null, make: () => Caller): Caller {
    const known = this.#callers.get(credentials);
    if (known !== undefined && known.entity === entity) return known.caller;
    const caller = make();
    this.#callers.set(credentials, { entity, caller });
    return caller;
  }

  #open(accessKeyId: string, token: string): Session {
    const cached = this.#sessions.get(token);
    if (cached !== undefined) {
      if (cached.accessKeyId !== accessKeyId) throw invalidToken();
      return cached;
    }
    let session: Session;
    try {
      session = decodeSession(this.#tokens, accessKeyId, token);
    } catch (cause) {
      throw invalidToken(cause);
    }
    if (this.#sessions.size >= sessionLimit) this.#sessions.delete(this.#sessions.keys().next().value!);
    this.#sessions.set(token, session);
    return session;
  }

  async #keyAccount(tx: Tx, accessKeyId: string): Promise<string | undefined> {
    const known = this.#accountOfKey.get(accessKeyId);
    if (known !== undefined) return known;
    const record = await accessKeys.byId(tx, accessKeyId);
    if (record === null) return undefined;
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

  async #partition(tx: Tx, account: string): Promise<string> {
    const partition = await this.#partitions.get(tx, account, account, async () => {
      return (await accounts.byId(tx, account))?.partition ?? null;
    });
    if (partition === null) throw invalidToken();
    return partition;
  }

  /** A user or role as it stands in this snapshot; null once it is gone, or its account. */
  async entity(tx: Tx, account: string, kind: "user" | "role", id: string): Promise<Entity | null> {
    const partition = (await accounts.byId(tx, account))?.partition;
    return partition === undefined ? null : this.#entity(tx, account, partition, kind, id);
  }

  #entity(tx: Tx, account: string, partition: string, kind: "user" | "role", id: string): Promise<Entity | null> {
    return this.entities.get(tx, account, `${kind}/${id}`, async () => {
      const record = await (kind === "user" ? users.byId(tx, id) : roles.byId(tx, id));
      if (record === null || record.account !== account) return null;
      return {
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
    });
  }
}

function sessionCaller(session: Session, entity: Entity | null, partition: string): Caller {
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

function invalidToken(cause?: unknown): Fault {
  return new Fault("InvalidClientTokenId", 403, "The security token included in the request is invalid.", { cause });
}
