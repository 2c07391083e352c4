import type { Effort } from "../policy/effort.ts";
import { evaluate, PolicyEffortError } from "../policy/index.ts";
import type { CompiledPolicy, Decision, Policies } from "../policy/types.ts";
import type { Actor } from "../session/actor.ts";
import { roomyCaches } from "../store/sql/cache/budget.ts";
import type { CacheBudget } from "../store/sql/cache/budget.ts";
import type { Tx } from "../store/sql/database.ts";
import { both, gather, gatherEach } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { AppliedPolicies } from "./applied-policies.ts";
import type { CallerPolicies, PolicyHolder } from "./applied-policies.ts";
import type { AwsManagedPolicies } from "./aws-managed-policies.ts";
import { contextKeys } from "./context-keys.ts";
import { accessDenied, effortMessage } from "./denial.ts";
import type { OrganizationPlace, RequestSource } from "./context-sources.ts";
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

  /** Everything that speaks for and against a caller in this snapshot. */
  policiesFor(tx: Tx, caller: PolicyHolder, resource: CompiledPolicy | null): Eventual<Policies> {
    return gather(
      () => this.policies.of(tx, caller),
      (policies) => withResource(policies, resource),
    );
  }

  /** Everything that decisions about a caller and resources of these accounts go by in this snapshot. May wait. */
  gather(tx: Tx, caller: Actor, requirements: readonly Pick<Requirement, "resourceAccount">[]): Eventual<Grounds> {
    const accounts = accountsOf(caller, requirements);
    return gather(
      () =>
        both(
          this.policies.of(tx, caller),
          gatherEach(accounts, (account) => this.#places.of(tx, account)),
        ),
      ([policies, places]) => ({ caller, policies, accounts, places }),
    );
  }

  /** Never waits. @throws Fault AccessDenied where the policies take too long to evaluate */
  decide(requirement: Requirement, grounds: Grounds, request: RequestSource): Verdict {
    return judge(requirement, circumstances(requirement, grounds, request));
  }

  /**
   * The same about each of several resources. The verdicts share what they go by: all that it holds of a service outside
   * is held, and recorded, once.
   *
   * @param decided told of each verdict, also of those before one that could not be made
   */
  decideEach(
    requirement: Omit<Requirement, "resource">,
    resources: readonly string[],
    grounds: Grounds,
    request: RequestSource,
    decided: (verdict: Verdict) => void,
  ): void {
    const shared = circumstances(requirement, grounds, request);
    for (const resource of resources) decided(judge({ ...requirement, resource }, shared));
  }
}

/** What was gathered: it is of one snapshot, and nothing is asked any more once it is there. */
export interface Grounds {
  /** Whom all of it is about. */
  readonly caller: Actor;
  readonly policies: CallerPolicies;
  /** The caller's, and those of resources. */
  readonly accounts: readonly string[];
  /** Of each of the accounts. */
  readonly places: readonly (OrganizationPlace | null)[];
}

function accountsOf(
  { account }: Actor,
  requirements: readonly Pick<Requirement, "resourceAccount">[],
): readonly string[] {
  const accounts = [account];
  for (const { resourceAccount } of requirements) {
    if (!accounts.includes(resourceAccount)) accounts.push(resourceAccount);
  }
  return accounts;
}

function placeOf(account: string, { accounts, places }: Grounds): OrganizationPlace | null {
  const index = accounts.indexOf(account);
  if (index < 0) throw new Error(`nothing was gathered about the account ${account}`);
  return places[index]!;
}

function withResource({ identity, boundaries, session }: CallerPolicies, resource: CompiledPolicy | null): Policies {
  return { identity, boundaries, session, resource };
}

/** What a decision goes by, whatever the resource. */
interface Circumstances {
  readonly caller: Actor;
  readonly policies: Policies;
  readonly context: RequestContext;
  readonly effort: Effort;
}

function circumstances(
  requirement: Omit<Requirement, "resource">,
  grounds: Grounds,
  request: RequestSource,
): Circumstances {
  const { caller } = grounds;
  const callerOrganization = placeOf(caller.account, grounds);
  const resourceOrganization =
    requirement.resourceOwner === undefined ? placeOf(requirement.resourceAccount, grounds) : null;
  return {
    caller,
    policies: withResource(grounds.policies, requirement.resourcePolicy ?? null),
    context: contextKeys({ caller, request, requirement, callerOrganization, resourceOrganization }),
    effort: request.effort,
  };
}

function judge(requirement: Requirement, { caller, policies, context, effort }: Circumstances): Verdict {
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
