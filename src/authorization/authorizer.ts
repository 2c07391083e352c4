import type { Effort } from "../policy/effort.ts";
import { evaluate, PolicyEffortError } from "../policy/index.ts";
import type { CompiledPolicy, Decision, Policies } from "../policy/types.ts";
import type { Actor } from "../session/actor.ts";
import { roomyCaches } from "../store/sql/cache/budget.ts";
import type { CacheBudget } from "../store/sql/cache/budget.ts";
import type { Tx } from "../store/sql/database.ts";
import { after } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { AppliedPolicies } from "./applied-policies.ts";
import type { PolicyHolder } from "./applied-policies.ts";
import type { AwsManagedPolicies } from "./aws-managed-policies.ts";
import { contextKeys } from "./context-keys.ts";
import { accessDenied, effortMessage } from "./denial.ts";
import type { RequestSource } from "./context-sources.ts";
import type { RequestContext } from "./request-context.ts";
import { KnownRoles } from "./known-roles.ts";
import { OrganizationPlaces } from "./organization-places.ts";
import type { Requirement } from "./requirement.ts";

/** What was asked and what came out: enough to answer, to record, and later to explain. */
export interface Verdict {
  readonly requirement: Requirement;
  readonly decision: Decision;
  readonly context: RequestContext;
  /** Whom it was about. */
  readonly caller: Actor;
  readonly policies: Policies;
}

/**
 * THE choke point: every requirement of every operation, and of every service outside that asks
 * rolecall:Authorize, is decided here and nowhere else.
 */
export class Authorizer {
  readonly policies: AppliedPolicies;
  readonly roles: KnownRoles;
  readonly #places: OrganizationPlaces;

  constructor(awsManaged: AwsManagedPolicies, budget: CacheBudget = roomyCaches) {
    this.policies = new AppliedPolicies(awsManaged, budget);
    this.roles = new KnownRoles(budget.roles);
    this.#places = new OrganizationPlaces(budget.places / 2);
  }

  /** Asks ahead for what a decision about a caller goes by, together with what is asked for next. */
  ahead(tx: Tx, caller: Actor): void {
    for (const found of [this.policies.of(tx, caller), this.#places.of(tx, caller.account)]) {
      // The decision asks for it again, and is told what went wrong.
      if (found instanceof Promise) found.catch(() => undefined);
    }
  }

  /** Decides one requirement by everything that applies to the caller and the resource in this snapshot. */
  decide(tx: Tx, caller: Actor, requirement: Requirement, request: RequestSource): Eventual<Verdict> {
    return after(this.#grounds(tx, caller, requirement, request), (grounds) => judge(caller, requirement, grounds));
  }

  /**
   * Decides the same about each of several resources. What a decision goes by is gathered once, and the verdicts share
   * it: all that it holds of a service outside is held, and recorded, once.
   *
   * @param decided told of each verdict, also of those before one that could not be made
   */
  decideEach(
    tx: Tx,
    caller: Actor,
    requirement: Omit<Requirement, "resource">,
    resources: readonly string[],
    request: RequestSource,
    decided: (verdict: Verdict) => void,
  ): Eventual<void> {
    return after(this.#grounds(tx, caller, requirement, request), (grounds) => {
      for (const resource of resources) decided(judge(caller, { ...requirement, resource }, grounds));
    });
  }

  #grounds(
    tx: Tx,
    caller: Actor,
    requirement: Omit<Requirement, "resource">,
    request: RequestSource,
  ): Eventual<Grounds> {
    const { resourceAccount } = requirement;
    const policiesFound = this.policiesFor(tx, caller, requirement.resourcePolicy ?? null);
    const place = this.#places.of(tx, caller.account);
    // Both are on their way; of two failures the first is told.
    if (place instanceof Promise) place.catch(() => undefined);
    return after(policiesFound, (policies) =>
      after(place, (callerOrganization) => {
        const own = resourceAccount === caller.account;
        return after(own ? callerOrganization : this.#places.of(tx, resourceAccount), (resourceOrganization) => ({
          policies,
          effort: request.effort,
          context: contextKeys({ caller, request, requirement, callerOrganization, resourceOrganization }),
        }));
      }),
    );
  }

  /** Everything that speaks for and against a caller in this snapshot. */
  policiesFor(tx: Tx, caller: PolicyHolder, resource: CompiledPolicy | null): Eventual<Policies> {
    return after(this.policies.of(tx, caller), ({ identity, boundaries, session }) => ({
      identity,
      boundaries,
      session,
      resource,
    }));
  }
}

/** What a decision goes by, beside the requirement itself. */
interface Grounds {
  readonly policies: Policies;
  readonly context: RequestContext;
  readonly effort: Effort;
}

function judge(caller: Actor, requirement: Requirement, { policies, context, effort }: Grounds): Verdict {
  const { action, resource, resourceAccount } = requirement;
  try {
    const request = { principal: caller.principal, action, resource, resourceAccount, context };
    const decision = evaluate(request, policies, effort);
    return { requirement, decision, context, caller, policies };
  } catch (error) {
    // Nobody knows what the policies would have said: refused, in words that say why.
    if (error instanceof PolicyEffortError) throw accessDenied(effortMessage(caller, requirement));
    throw error;
  }
}
