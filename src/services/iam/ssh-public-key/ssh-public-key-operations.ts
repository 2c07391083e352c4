import type { SSHPublicKey } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import type { Registry } from "../../../operation/operation.ts";
import {
  md5Fingerprint,
  parseSshPublicKey,
  pemOf,
  sha256Fingerprint,
  sshLine,
} from "../../../session/ssh-public-key.ts";
import { Conflict } from "../../../store/sql/errors.ts";
import * as sshPublicKeys from "../../../store/iam/ssh-public-keys.ts";
import type { SshPublicKeyRecord } from "../../../store/iam/ssh-public-keys.ts";
import type { UserRecord } from "../../../store/iam/users.ts";
import { settableStatus } from "../entity/credential-status.ts";
import { credentialOwner, ownerId, ownerName, requirementOnOwner } from "../entity/credential-owner.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import type { Found } from "../entity/entity-names.ts";
import { iamFault, quotaExceeded } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

/** API reference, UploadSSHPublicKey. */
const leastBits = 2048;
const mostBits = 16_384;

const uploadSshPublicKey = operation("iam", "UploadSSHPublicKey", {
  writes: true,
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:UploadSSHPublicKey", user, context)],
  handle: async (input, found, context) => {
    const { tx, account, environment, request } = context;
    const user = existing(found);
    const blob = acceptedBlob(input.SSHPublicKeyBody);
    const key: SshPublicKeyRecord = {
      id: environment.ids.accessKeyId("APKA", account),
      account,
      ownerId: user.id,
      blob,
      sha256: sha256Fingerprint(blob),
      md5: md5Fingerprint(blob),
      status: "Active",
      uploadedAt: request.now,
    };
    await sshPublicKeys.create(tx, key).catch(refuseDuplicate);
    // Counted with the new one, so that a duplicate is told first. AWS was not seen to name the quota: by analogy.
    const limit = environment.quotas.sshPublicKeysPerUser;
    if ((await sshPublicKeys.countByOwner(tx, user.id)) > limit) throw quotaExceeded("SSHPublicKeysPerUser", limit);
    // As it was sent, comment and all.
    return { SSHPublicKey: shown(key, user, input.SSHPublicKeyBody) };
  },
});

/** @throws Fault UnrecognizedPublicKeyEncoding, InvalidPublicKey (observed on AWS, September 2026) */
function acceptedBlob(body: string): Uint8Array {
  const key = parseSshPublicKey(body);
  if (key === null) throw iamFault("UnrecognizedPublicKeyEncoding", "Invalid public key uploaded.");
  if (key.bits < leastBits || key.bits > mostBits) {
    throw iamFault("InvalidPublicKey", "Invalid body for public key");
  }
  return key.blob;
}

function refuseDuplicate(error: unknown): never {
  if (!(error instanceof Conflict)) throw error;
  throw iamFault("DuplicateSSHPublicKey", "Duplicate SSH public key uploaded.");
}

function shown(key: SshPublicKeyRecord, user: UserRecord, body: string): SSHPublicKey {
  return {
    UserName: user.name,
    SSHPublicKeyId: key.id,
    Fingerprint: key.md5,
    SSHPublicKeyBody: body,
    Status: key.status,
    UploadDate: new Date(key.uploadedAt),
  };
}

/**
 * The key that a call names, of the user whom it names. Of another user's key AWS says that it is there (observed,
 * September 2026); of another account's nothing is said.
 *
 * @throws Fault NoSuchEntity
 */
async function keyOf(found: Found<UserRecord>, id: string, context: OperationContext): Promise<SshPublicKeyRecord> {
  const user = existing(found);
  const key = await sshPublicKeys.byId(context.tx, id);
  if (key === null || key.account !== context.account) {
    throw iamFault("NoSuchEntity", `The Public Key with id ${id} cannot be found.`);
  }
  if (key.ownerId !== user.id) throw iamFault("NoSuchEntity", `User has no Public Key with id ${id}.`);
  return key;
}

const getSshPublicKey = operation("iam", "GetSSHPublicKey", {
  writes: false,
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:GetSSHPublicKey", user, context)],
  handle: async (input, found, context) => {
    const key = await keyOf(found, input.SSHPublicKeyId, context);
    const body = input.Encoding === "SSH" ? sshLine(key.blob) : pemOf(key.blob);
    return { SSHPublicKey: shown(key, existing(found), body) };
  },
});

const listSshPublicKeys = operation("iam", "ListSSHPublicKeys", {
  writes: false,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:ListSSHPublicKeys", owner, context)],
  handle: (input, owner, context) => {
    const id = ownerId(owner, context);
    return pages.list("ListSSHPublicKeys", input, {
      fetch: (after, limit) => sshPublicKeys.listByOwner(context.tx, id, { after, limit }),
      keyOf: (key) => key.id,
      show: (key) => ({
        // Only a user's can be there: root has none.
        UserName: ownerName(owner).UserName!,
        SSHPublicKeyId: key.id,
        Status: key.status,
        UploadDate: new Date(key.uploadedAt),
      }),
    });
  },
});

const updateSshPublicKey = operation("iam", "UpdateSSHPublicKey", {
  writes: true,
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:UpdateSSHPublicKey", user, context)],
  handle: async (input, found, context) => {
    const key = await keyOf(found, input.SSHPublicKeyId, context);
    await sshPublicKeys.setStatus(context.tx, key, settableStatus(input.Status));
    return {};
  },
});

const deleteSshPublicKey = operation("iam", "DeleteSSHPublicKey", {
  writes: true,
  load: (input, context) => find("user", input.UserName, context),
  authorize: (_, user, context) => [requirementOn("iam:DeleteSSHPublicKey", user, context)],
  handle: async (input, found, context) => {
    await sshPublicKeys.remove(context.tx, await keyOf(found, input.SSHPublicKeyId, context));
    return {};
  },
});

export const sshPublicKeyOperations = {
  UploadSSHPublicKey: uploadSshPublicKey,
  GetSSHPublicKey: getSshPublicKey,
  ListSSHPublicKeys: listSshPublicKeys,
  UpdateSSHPublicKey: updateSshPublicKey,
  DeleteSSHPublicKey: deleteSshPublicKey,
} satisfies Partial<Registry<"iam">>;
