import type { Registry } from "../../../operation/operation.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { tagOperations } from "../entity/tag-family.ts";
import { listEntitiesForPolicy } from "./managed-policy-entities.ts";
import { listPolicies } from "./managed-policy-list.ts";
import { policyToRead, policyToTag } from "./managed-policy-tags.ts";
import { createPolicy, deletePolicy, getPolicy } from "./managed-policy.ts";
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from "./policy-version.ts";

export const managedPolicyOperations = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  DeletePolicy: deletePolicy,
  ListPolicies: listPolicies,
  ListEntitiesForPolicy: listEntitiesForPolicy,
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
  ...tagOperations("Policy", { by: "PolicyArn", keys: exactCase, find: policyToTag, findToRead: policyToRead }),
} satisfies Partial<Registry<"iam">>;
