import { compile } from "../policy/index.ts";
import type { CompiledPolicy, PolicyKind } from "../policy/types.ts";
import type { Entity } from "../session/actor.ts";
import { invalidToken } from "../session/invalid-token.ts";
import type { Session } from "../session/token.ts";
import type { Tx } from "../store/sql/database.ts";
import { accountDomain } from "../store/sql/domain.ts";
import { NotFound } from "../store/sql/errors.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { documents, principalPolicies } from "../store/iam/principal-policies.ts";
import type { PrincipalPolicies } from "../store/iam/principal-policies.ts";
import { roomyCaches } from "../store/sql/cache/budget.ts";
import type { CacheBudget } from "../store/sql/cache/budget.ts";
import type { Dependence } from "../store/sql/cache/revision-cache.ts";
import type { AwsManagedPolicies } from "./aws-managed-policies.ts";
import { ownPasswordPolicy } from "./own-password.ts";
import { PolicyCache } from "./policy-cache.ts";

/** The compiled policies that speak for one user or role. */
interface EntityPolicies {
  readonly identity: readonly CompiledPolicy[];
  /** Null without a boundary; an empty array is a boundary whose policy is gone: it allows nothing. */
  readonly boundaries: readonly CompiledPolicy[] | null;
}

/** They are kept with the ids that have them: its own and those of its groups. */
interface KnownPolicies extends EntityPolicies {
  readonly holders: readonly string[];
}

export interface CallerPolicies extends EntityPolicies {
  readonly session: readonly CompiledPolicy[] | null;
}

/** What policies are found by: a caller, or one of the past. */
export interface PolicyHolder {
  readonly entity: Entity | null;
  readonly session: SessionPolicies | null;
}

type SessionPolicies = Pick<Session, "account" | "sessionId" | "policy" | "policyArns">;

const nothing: EntityPolicies = { identity: [], boundaries: null };

const entityDependence: Dependence<KnownPolicies> = {
  on: {
    // Its password policy.
    account: "all",
    user: "own",
    group: "own",
    role: "own",
    policy: "all",
    "access-key": "none",
    tags: "none",
    attachments: "own",
    "inline-policies": "own",
    membership: "own",
    "oidc-provider": "none",
  },
  subjects: (_, { holders }) => holders,
};

/** A session names managed policies; its inline policy is its token's. */
const sessionDependence: Dependence<readonly CompiledPolicy[]> = {
  on: {
    account: "none",
    user: "none",
    group: "none",
    role: "none",
    policy: "all",
    "access-key": "none",
    tags: "none",
    attachments: "none",
    "inline-policies": "none",
    membership: "none",
    "oidc-provider": "none",
  },
  subjects: () => null,
};

/** Gathers and compiles what applies to a caller; cached by account revision. */
export class AppliedPolicies {
  readonly entities: PolicyCache<KnownPolicies>;
  readonly sessionPolicies: PolicyCache<readonly CompiledPolicy[]>;
  readonly #awsManaged: AwsManagedPolicies;

  constructor(awsManaged: AwsManagedPolicies, budget: CacheBudget = roomyCaches) {
    this.#awsManaged = awsManaged;
    this.entities = new PolicyCache(
      budget.policies,
      ({ identity, boundaries }) => [...identity, ...(boundaries ?? [])],
      entityDependence,
    );
    this.sessionPolicies = new PolicyCache(budget.sessionPolicies, (policies) => policies, sessionDependence);
  }

  of(tx: Tx, { entity, session }: PolicyHolder): Eventual<CallerPolicies> {
    return gather(
      () => (entity === null ? nothing : this.#ofEntity(tx, entity)),
      () => (session === null || !hasSessionPolicies(session) ? null : this.#ofSession(tx, session)),
      ({ identity, boundaries }, policies) => ({ identity, boundaries, session: policies }),
    );
  }

  #ofEntity(tx: Tx, entity: Entity): Eventual<EntityPolicies> {
    return this.entities.get(tx, accountDomain(entity.account), keyOf(entity), () => this.#load(tx, entity));
  }

  #ofSession(tx: Tx, session: SessionPolicies): Eventual<readonly CompiledPolicy[]> {
    return this.sessionPolicies.get(tx, accountDomain(session.account), session.sessionId, () =>
      this.#loadSession(tx, session),
    );
  }

  async #load(tx: Tx, entity: Entity): Promise<KnownPolicies> {
    const found = await granted(tx, entity);
    const identity: CompiledPolicy[] = [];
    for (const { name, document } of found.inline) identity.push(compile(document, "identity", { id: name }));
    for (const group of found.groups) {
      for (const { name, document } of group.inline) identity.push(compile(document, "identity", { id: name }));
    }
    if (found.changesOwnPassword) identity.push(ownPasswordPolicy(entity));
    const attached = [...found.attached, ...found.groups.flatMap((group) => group.attached)];
    identity.push(...(await this.#managed(tx, attached, "identity")));
    const boundaries = entity.boundaryArn === null ? null : await this.#managed(tx, [entity.boundaryArn], "boundary");
    return { holders: [entity.id, ...found.groups.map(({ id }) => id)], identity, boundaries };
  }

  async #loadSession(tx: Tx, session: SessionPolicies): Promise<readonly CompiledPolicy[]> {
    const policies = await this.#managed(tx, session.policyArns, "session");
    if (session.policy !== undefined) policies.push(compile(session.policy, "session"));
    return policies;
  }

  /** Documents of managed policies by ARN; one that no longer exists grants nothing. */
  async #managed(tx: Tx, arns: readonly string[], kind: PolicyKind): Promise<CompiledPolicy[]> {
    const policies: CompiledPolicy[] = [];
    const customer: string[] = [];
    for (const arn of new Set(arns)) {
      const managed = this.#awsManaged.get(arn);
      if (managed === undefined) customer.push(arn);
      else policies.push(compile(managed.document, kind, { id: arn }));
    }
    if (customer.length > 0) {
      for (const { arn, document } of await documents(tx, customer))
        policies.push(compile(document, kind, { id: arn }));
    }
    return policies;
  }
}

/**
 * The entity was there when the request was authenticated, in a snapshot before this one. Who deletes it in between takes
 * its credentials away: the answer is the one that they have from then on.
 *
 * @throws Fault InvalidClientTokenId
 */
async function granted(tx: Tx, { kind, id }: Entity): Promise<PrincipalPolicies> {
  try {
    return await principalPolicies(tx, { kind, id });
  } catch (error) {
    if (error instanceof NotFound) throw invalidToken(undefined, error);
    throw error;
  }
}

/**
 * The boundary is part of the key: the entity was read before this snapshot was taken (or is one of the past), and what
 * is made of its boundary must not be kept for those who have another.
 */
function keyOf({ id, boundaryArn }: Entity): string {
  return boundaryArn === null ? id : `${id} ${boundaryArn}`;
}

function hasSessionPolicies(session: SessionPolicies): boolean {
  return session.policy !== undefined || session.policyArns.length > 0;
}
