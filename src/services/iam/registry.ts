import type { Registry } from "../../operation/operation.ts";
import { registryOf } from "../../operation/registry.ts";
import { accessKeyOperations } from "./access-key/access-key-operations.ts";
import { accountOperations } from "./account/account-operations.ts";
import { groupOperations } from "./group/group-operations.ts";
import { managedPolicyOperations } from "./managed-policy/managed-policy-operations.ts";
import { notBuiltOperations } from "./not-built.ts";
import { roleOperations } from "./role/role-operations.ts";
import { userOperations } from "./user/user-operations.ts";

/** All operations of IAM; what is not built answers a clear fault. */
export const iamRegistry: Registry<"iam"> = registryOf("iam", [
  accessKeyOperations,
  accountOperations,
  groupOperations,
  managedPolicyOperations,
  roleOperations,
  userOperations,
  notBuiltOperations,
]);
