import type { OperationContext } from "../../../operation/context.ts";
import type { AccessKeyRecord } from "../../../store/iam/access-keys.ts";
import * as users from "../../../store/iam/users.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";

/** Who owns a key of this account; null where the key is not one. */
export async function ownerOfKey(
  key: AccessKeyRecord | null,
  context: OperationContext,
): Promise<CredentialOwner | null> {
  if (key === null || key.account !== context.account) return null;
  if (key.ownerId === context.account) return { type: "root" };
  const record = await users.byId(context.tx, key.ownerId);
  return record === null ? null : { type: "user", user: { kind: "user", name: record.name, record } };
}
