import { Fault } from "../../../contracts/fault.ts";
import type { MFADevice } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../../store/iam/mfa-devices.ts";
import { ownerId, ownerName, requirementOnOwner } from "../entity/credential-owner.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";
import { quotaExceeded } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";
import {
  enabledForAnother,
  enabledForUser,
  mustHaveMfa,
  noSuchDevice,
  notOfUser,
  onlySecurityKeys,
} from "./mfa-device-faults.ts";
import { deviceOwner, existingDevice } from "./mfa-device-lookup.ts";
import { synchronized } from "./mfa-synchronization.ts";

export const enableMfaDevice = operation("iam", "EnableMFADevice", {
  writes: true,
  load: (input, context) => deviceOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:EnableMFADevice", owner, context)],
  handle: async (input, owner, context) => {
    const { tx, environment, request } = context;
    const id = ownerId(owner, context);
    await requireMfaForOwn(owner, context);
    const device = await existingDevice(input.SerialNumber, context);
    if (device.enabled !== null) throw device.enabled.for === id ? enabledForUser(input.UserName) : enabledForAnother();
    const limit = environment.quotas.mfaDevicesPerUser;
    // Two at once cannot both pass: the transaction is serializable.
    if ((await mfaDevices.countByOwner(tx, id)) >= limit) throw quotaExceeded("MFADevicesPerUser", limit);
    const known = await synchronized(device, input, context);
    if (known instanceof Fault) return known;
    await mfaDevices.update(tx, device, { ...known, enabled: { for: id, at: request.now } });
    return {};
  },
});

/**
 * Whoever has a device adds and removes devices of their own in a session that was begun with one, and in no other way:
 * a key that was stolen does not put in one of the thief's. It is asked before anything of the device (observed on AWS,
 * September 2026, radkawar/stackd captures).
 *
 * @throws Fault AccessDenied
 */
async function requireMfaForOwn(owner: CredentialOwner, context: OperationContext): Promise<void> {
  const { principal, entity, session } = context.caller;
  if (principal.type !== "User" || entity === null || session?.mfaAt !== undefined) return;
  if (entity.id !== ownerId(owner, context)) return;
  if ((await mfaDevices.countByOwner(context.tx, entity.id)) > 0) throw mustHaveMfa();
}

/** A device that is enabled for the owner. @throws Fault NoSuchEntity */
async function deviceOfOwner(
  serialNumber: string,
  owner: CredentialOwner,
  context: OperationContext,
): Promise<MfaDeviceRecord> {
  const device = await existingDevice(serialNumber, context);
  if (device.enabled?.for !== ownerId(owner, context)) throw notOfUser();
  return device;
}

/** What was known of its clock and of its last codes stays: they are good for nobody else either (observed, as above). */
export const deactivateMfaDevice = operation("iam", "DeactivateMFADevice", {
  writes: true,
  load: (input, context) => deviceOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:DeactivateMFADevice", owner, context)],
  handle: async (input, owner, context) => {
    ownerId(owner, context);
    await requireMfaForOwn(owner, context);
    const device = await deviceOfOwner(input.SerialNumber, owner, context);
    await mfaDevices.update(context.tx, device, { enabled: null });
    return {};
  },
});

export const resyncMfaDevice = operation("iam", "ResyncMFADevice", {
  writes: true,
  load: (input, context) => deviceOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:ResyncMFADevice", owner, context)],
  handle: async (input, owner, context) => {
    ownerId(owner, context);
    const device = await deviceOfOwner(input.SerialNumber, owner, context);
    const known = await synchronized(device, input, context);
    if (known instanceof Fault) return known;
    await mfaDevices.update(context.tx, device, known);
    return {};
  },
});

export const listMfaDevices = operation("iam", "ListMFADevices", {
  writes: false,
  load: (input, context) => deviceOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:ListMFADevices", owner, context)],
  handle: (input, owner, context) => {
    const ref = { account: context.account, id: ownerId(owner, context) };
    return pages.list("ListMFADevices", input, {
      fetch: (after, limit) => mfaDevices.listByOwner(context.tx, ref, { after, limit }),
      keyOf: (device) => device.name,
      show: (device) => listedDevice(device, owner),
    });
  },
});

/** The contract's type demands a user name; root has none. */
function listedDevice({ name, enabled }: MfaDeviceRecord, owner: CredentialOwner): MFADevice {
  return { ...ownerName(owner), SerialNumber: name, EnableDate: new Date(enabled!.at) } as MFADevice;
}

/**
 * Tells of FIDO security keys alone (API reference, GetMFADevice). Those are registered by a browser, at AWS's console; no
 * operation of the API does it, so that there are none here.
 */
export const getMfaDevice = operation("iam", "GetMFADevice", {
  writes: false,
  load: (input, context) => deviceOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:GetMFADevice", owner, context)],
  handle: ({ SerialNumber: serialNumber }, owner, context) => {
    ownerId(owner, context);
    throw /^arn:[^:]+:iam::\d{12}:u2f\//.test(serialNumber) ? noSuchDevice(serialNumber) : onlySecurityKeys();
  },
});
