import type {
  ListEntitiesForPolicyRequest,
  PolicyGroup,
  PolicyRole,
  PolicyUser,
} from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { atHand } from "../../../operation/page.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import type { PolicyEntity } from "../../../store/iam/attachments.ts";
import { policyNotAttachable } from "../entity/faults.ts";
import { existingPolicy, findPolicy, requirementOnPolicy } from "./managed-policy-lookup.ts";
import { pages } from "../entity/paging.ts";

/** Whom a policy is attached to, or whose boundary it is: groups, roles, users, each by name. */
export const listEntitiesForPolicy = operation("iam", "ListEntitiesForPolicy", {
  writes: false,
  load: (input, context) => findPolicy(input.PolicyArn, context),
  authorize: (_, found, context) => [requirementOnPolicy("iam:ListEntitiesForPolicy", found, context)],
  handle: async (input, found, context) => {
    existingPolicy(found, context, policyNotAttachable);
    const entities = (await usersOf(input, context)).filter((entity) => isWanted(entity, input));
    const { items, end } = await pages.page("ListEntitiesForPolicy", input, atHand(entities, keyOf));
    return { ...grouped(items), ...end };
  },
});

/** Without PolicyUsageFilter both uses count, and an entity that has the policy in both is listed once. */
async function usersOf(
  { PolicyArn: arn, PolicyUsageFilter: usage }: ListEntitiesForPolicyRequest,
  { tx, account }: OperationContext,
): Promise<PolicyEntity[]> {
  const attached = usage === "PermissionsBoundary" ? [] : await attachments.entitiesOf(tx, account, arn);
  const bounded = usage === "PermissionsPolicy" ? [] : await attachments.boundaryEntitiesOf(tx, account, arn);
  const seen = new Set(attached.map((entity) => entity.id));
  return [...attached, ...bounded.filter((entity) => !seen.has(entity.id))];
}

const entityTypes = { user: "User", group: "Group", role: "Role" } as const;

/** The contract's EntityFilter also has the types of managed policies, which no policy is attached to. */
function isWanted(entity: PolicyEntity, request: ListEntitiesForPolicyRequest): boolean {
  const isOfType = request.EntityFilter === undefined || request.EntityFilter === entityTypes[entity.kind];
  return isOfType && entity.path.startsWith(request.PathPrefix ?? "/");
}

/** Names are unique regardless of case within a kind. */
function keyOf(entity: PolicyEntity): string {
  return `${entity.kind}/${entity.name.toLowerCase()}`;
}

function grouped(entities: readonly PolicyEntity[]): {
  readonly PolicyGroups: readonly PolicyGroup[];
  readonly PolicyUsers: readonly PolicyUser[];
  readonly PolicyRoles: readonly PolicyRole[];
} {
  const of = (kind: PolicyEntity["kind"]) => entities.filter((entity) => entity.kind === kind);
  return {
    PolicyGroups: of("group").map(({ name, id }) => ({ GroupName: name, GroupId: id })),
    PolicyUsers: of("user").map(({ name, id }) => ({ UserName: name, UserId: id })),
    PolicyRoles: of("role").map(({ name, id }) => ({ RoleName: name, RoleId: id })),
  };
}
