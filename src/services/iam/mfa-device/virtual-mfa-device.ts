import { iamArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { CreateVirtualMFADeviceRequest, User, VirtualMFADevice } from "../../../contracts/iam/types.gen.ts";
import { OneTimeCodes } from "../../../mfa/one-time-code.ts";
import { qrCodePng } from "../../../mfa/qr-code.ts";
import type { InputContext, OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../../store/iam/mfa-devices.ts";
import * as tags from "../../../store/iam/tags.ts";
import * as users from "../../../store/iam/users.ts";
import * as accounts from "../../../store/organizations/accounts.ts";
import { describedRoot, listedUser, tagsOf } from "../entity/describe.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { made } from "../entity/entity-quota.ts";
import { pages } from "../entity/paging.ts";
import { checkedTags, tagRecords } from "../entity/tag.ts";
import { deviceExists, deviceInUse, serialNumberTooLong } from "./mfa-device-faults.ts";
import { existingVirtualDevice, findVirtualDevice, requirementOnDevice } from "./mfa-device-lookup.ts";

/** Characters, of whatever names a device (API reference, EnableMFADevice). */
const longestSerialNumber = 256;

export const createVirtualMfaDevice = operation("iam", "CreateVirtualMFADevice", {
  writes: true,
  authorize: (input, _, context) => requirementsToCreate(input, context),
  handle: async (input, _, context) => {
    const { tx, account, environment, request } = context;
    const name = newArn(input, context);
    if (name.length > longestSerialNumber) throw serialNumberTooLong();
    const added = checkedTags(input.Tags, [], tags.exactCase, context);
    const id = environment.ids.uuid();
    const seed = environment.ids.mfaSeed();
    const device = await made(
      // There may be as many virtual devices as users (IAM User Guide, reference_iam-quotas).
      "usersPerAccount",
      context,
      (limit) =>
        mfaDevices.create(
          tx,
          {
            id,
            account,
            name,
            path: input.Path ?? "/",
            createdAt: request.now,
            type: "virtual",
            // Bound to its id, it is good in no other row.
            sealedSecret: environment.secrets.seal(seed, id),
            tags: added,
          },
          limit,
        ),
      deviceExists,
    );
    return { VirtualMFADevice: createdDevice(device, input.VirtualMFADeviceName, seed) };
  },
});

/** Creating with tags needs the permission to tag as well, as of every entity. */
function requirementsToCreate(input: CreateVirtualMFADeviceRequest, context: InputContext): Requirement[] {
  const create: Requirement = {
    action: "iam:CreateVirtualMFADevice",
    resource: newArn(input, context),
    resourceAccount: context.account,
    requestTags: tagRecords(input.Tags),
  };
  const isTagged = input.Tags !== undefined && input.Tags.length > 0;
  return isTagged ? [create, { ...create, action: "iam:TagMFADevice" }] : [create];
}

function newArn(input: CreateVirtualMFADeviceRequest, { partition, account }: InputContext): string {
  return iamArn(partition, account, "mfa", input.VirtualMFADeviceName, input.Path);
}

/** The only time that the seed is shown, as Base32 text and as what a phone reads (API reference, VirtualMFADevice). */
function createdDevice(device: MfaDeviceRecord, name: string, seed: Uint8Array): VirtualMFADevice {
  const { base32 } = new OneTimeCodes(seed);
  const label = `${encodeURIComponent(name)}@${device.account}`;
  return {
    SerialNumber: device.name,
    Base32StringSeed: Buffer.from(base32, "latin1"),
    QRCodePNG: qrCodePng(`otpauth://totp/${label}?secret=${base32}`),
    ...tagsOf(device),
  };
}

export const deleteVirtualMfaDevice = operation("iam", "DeleteVirtualMFADevice", {
  writes: true,
  load: (input, context) => findVirtualDevice(input.SerialNumber, context),
  authorize: (_, found, context) => [requirementOnDevice("iam:DeleteVirtualMFADevice", found, context)],
  handle: async (_, found, { tx }) => {
    const device = existingVirtualDevice(found);
    if (device.enabled !== null) throw deviceInUse();
    await Promise.all([tags.removeAll(tx, device), mfaDevices.remove(tx, device)]);
    return {};
  },
});

export const listVirtualMfaDevices = operation("iam", "ListVirtualMFADevices", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:ListVirtualMFADevices", context)],
  handle: (input, _, context) =>
    pages.list("ListVirtualMFADevices", input, {
      fetch: (after, limit) => {
        const { AssignmentStatus: assigned = "Any" } = input;
        return mfaDevices.list(context.tx, context.account, { type: "virtual", assigned, after, limit });
      },
      keyOf: (device) => device.name,
      show: (device) => listedDevice(device, context),
    }),
});

/** Without tags, and with whom it is enabled for where it is (recorded from AWS, LocalStack snapshots, 2026). */
async function listedDevice(device: MfaDeviceRecord, context: OperationContext): Promise<VirtualMFADevice> {
  if (device.enabled === null) return { SerialNumber: device.name };
  const { for: id, at } = device.enabled;
  return { SerialNumber: device.name, ...(await holder(id, context)), EnableDate: new Date(at) };
}

async function holder(id: string, context: OperationContext): Promise<{ readonly User?: User }> {
  if (id === context.account) {
    const account = await accounts.byId(context.tx, id);
    return account === null ? {} : { User: describedRoot(account, context) };
  }
  const user = await users.byId(context.tx, id);
  return user === null ? {} : { User: listedUser(user, context) };
}
