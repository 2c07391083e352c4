import { evaluate } from "../policy/index.ts";
import type { CompiledPolicy, ContextValue, Decision, Policies } from "../policy/types.ts";
import type { Caller } from "../session/caller.ts";
import * as accounts from "../store/accounts.ts";
import type { Tx } from "../store/database.ts";
import { RevisionCache } from "../store/revision-cache.ts";
import { AppliedPolicies } from "./applied-policies.ts";
import type { PolicyHolder } from "./applied-policies.ts";
import type { AwsManagedPolicies } from "./aws-managed-policies.ts";
import { contextKeys } from "./context-keys.ts";
import type { OrganizationPlace, RequestSource } from "./context-keys.ts";
import type { Requirement } from "./requirement.ts";

/** What was asked and what came out: enough to answer, to record, and later to explain. */
export interface Verdict {
  readonly requirement: Requirement;
  readonly decision: Decision;
  readonly context: ReadonlyMap<string, ContextValue>;
  /** Whom it was about. */
  readonly caller: Caller;
  readonly policies: Policies;
}

/**
 * THE choke point: every requirement of every operation, and of every service outside that asks
 * rolecall:Authorize, is decided here and nowhere else.
 */
export class Authorizer {
  readonly policies: AppliedPolicies;
  readonly #places: RevisionCache<OrganizationPlace | null>;

  constructor(awsManaged: AwsManagedPolicies) {
    this.policies = new AppliedPolicies(awsManaged);
    this.#places = new RevisionCache(10_000);
  }

  /** Decides one requirement by everything that applies to the caller and the resource in this snapshot. */
  async decide(tx: Tx, caller: Caller, requirement: Requirement, request: RequestSource): Promise<Verdict> {
    const policies = await this.policiesFor(tx, caller, requirement.resourcePolicy ?? null);
    const callerOrganization = await this.#place(tx, caller.account);
    const resourceOrganization =
      requirement.resourceAccount === caller.account
        ? callerOrganization
        : await this.#place(tx, requirement.resourceAccount);
    const context = contextKeys({ caller, request, requirement, callerOrganization, resourceOrganization });
    const decision = evaluate(
      {
        principal: caller.principal,
        action: requirement.action,
        resource: requirement.resource,
        resourceAccount: requirement.resourceAccount,
        context,
      },
      policies,
    );
    return { requirement, decision, context, caller, policies };
  }

  /** Everything that speaks for and against a caller in this snapshot. */
  async policiesFor(tx: Tx, caller: PolicyHolder, resource: CompiledPolicy | null): Promise<Policies> {
    const { identity, boundaries, session } = await this.policies.of(tx, caller);
    return { identity, boundaries, session, resource };
  }

  #place(tx: Tx, account: string): Promise<OrganizationPlace | null> {
    return this.#places.get(tx, account, account, async () => {
      const record = await accounts.byId(tx, account);
      const id = record?.organizationId ?? null;
      const path = record?.organizationPath ?? null;
      return id === null || path === null ? null : { id, path };
    });
  }
}
