import type { AccessKey } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import { principalArn } from "../../../session/principal.ts";
import * as accessKeys from "../../../store/iam/access-keys.ts";
import type { AccessKeyRecord } from "../../../store/iam/access-keys.ts";
import { settableStatus } from "../entity/credential-status.ts";
import { credentialOwner, ownerId, ownerName, requirementOnOwner } from "../entity/credential-owner.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";
import { ownerOfKey } from "./access-key-owner.ts";
import { noSuchAccessKey, notAuthorizedForKey, quotaExceeded } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

export const createAccessKey = operation("iam", "CreateAccessKey", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:CreateAccessKey", owner, context)],
  handle: async (_, owner, context) => {
    const { tx, account, environment, request } = context;
    const id = ownerId(owner, context);
    const limit = environment.quotas.accessKeysPerUser;
    // Two at once cannot both pass: the transaction is serializable.
    if ((await accessKeys.countByOwner(tx, id)) >= limit) throw quotaExceeded("AccessKeysPerUser", limit);
    const accessKeyId = environment.ids.accessKeyId("AKIA", account);
    const secret = environment.ids.secretAccessKey();
    const key = await accessKeys.create(tx, {
      id: accessKeyId,
      account,
      ownerId: id,
      // SigV4 needs the secret itself, so it is sealed, not hashed; bound to its id, it is good in no other row.
      sealedSecret: environment.secrets.seal(Buffer.from(secret, "utf8"), accessKeyId),
      status: "Active",
      createdAt: request.now,
    });
    return { AccessKey: createdKey(key, owner, secret) };
  },
});

/** The only time that the secret is shown. The contract's type demands a user name; root has none. */
function createdKey(key: AccessKeyRecord, owner: CredentialOwner, secret: string): AccessKey {
  return {
    ...ownerName(owner),
    AccessKeyId: key.id,
    Status: key.status,
    SecretAccessKey: secret,
    CreateDate: new Date(key.createdAt),
  } as AccessKey;
}

/** A key that belongs to somebody else is as good as none. @throws Fault NoSuchEntity */
async function keyOf(owner: CredentialOwner, id: string, context: OperationContext): Promise<AccessKeyRecord> {
  const wanted = ownerId(owner, context);
  const key = await accessKeys.byId(context.tx, id);
  if (key === null || key.account !== context.account || key.ownerId !== wanted) throw noSuchAccessKey(id);
  return key;
}

export const updateAccessKey = operation("iam", "UpdateAccessKey", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:UpdateAccessKey", owner, context)],
  handle: async (input, owner, context) => {
    const key = await keyOf(owner, input.AccessKeyId, context);
    await accessKeys.setStatus(context.tx, key, settableStatus(input.Status));
    return {};
  },
});

export const deleteAccessKey = operation("iam", "DeleteAccessKey", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:DeleteAccessKey", owner, context)],
  handle: async (input, owner, context) => {
    const key = await keyOf(owner, input.AccessKeyId, context);
    await accessKeys.remove(context.tx, key);
    return {};
  },
});

export const listAccessKeys = operation("iam", "ListAccessKeys", {
  writes: false,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:ListAccessKeys", owner, context)],
  handle: (input, owner, context) => {
    const id = ownerId(owner, context);
    return pages.list("ListAccessKeys", input, {
      fetch: (after, limit) => accessKeys.listByOwner(context.tx, id, { after, limit }),
      keyOf: (key) => key.id,
      show: (key) => ({
        ...ownerName(owner),
        AccessKeyId: key.id,
        // What a lost master key made unusable is as good as inactive, until that one is found.
        Status: context.environment.secrets.isLost(key.sealedSecret) ? "Inactive" : key.status,
        CreateDate: new Date(key.createdAt),
      }),
    });
  },
});

interface KeyAndOwner {
  readonly key: AccessKeyRecord;
  readonly owner: CredentialOwner;
}

async function keyAndOwner(id: string, context: OperationContext): Promise<KeyAndOwner | null> {
  const key = await accessKeys.byId(context.tx, id);
  const owner = await ownerOfKey(key, context);
  return key === null || owner === null ? null : { key, owner };
}

export const getAccessKeyLastUsed = operation("iam", "GetAccessKeyLastUsed", {
  writes: false,
  load: (input, context) => keyAndOwner(input.AccessKeyId, context),
  // The resource is the key's user (Service Authorization Reference); a key of nobody here can only be asked for by
  // who may ask for all.
  authorize: (input, found, context) => {
    const action = "iam:GetAccessKeyLastUsed";
    const shownAs = `access key ${input.AccessKeyId}`;
    if (found === null) return [{ action, resource: "*", resourceAccount: context.account, shownAs }];
    return [{ ...requirementOnOwner(action, found.owner, context), shownAs }];
  },
  handle: (input, found, { caller }) => {
    if (found === null) throw notAuthorizedForKey(principalArn(caller), input.AccessKeyId);
    const { lastUsed } = found.key;
    return {
      ...ownerName(found.owner),
      AccessKeyLastUsed:
        lastUsed === null
          ? { ServiceName: "N/A", Region: "N/A" }
          : { LastUsedDate: new Date(lastUsed.at), ServiceName: lastUsed.service, Region: lastUsed.region },
    };
  },
});
