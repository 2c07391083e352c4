import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { isAssumedRoot } from "../../../session/assumed-root.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../../store/iam/mfa-devices.ts";
import { credentialOwner } from "../entity/credential-owner.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";
import type { TagTarget } from "../entity/tag-family.ts";
import { noSuchDevice } from "./mfa-device-faults.ts";

/** @throws Fault NoSuchEntity for a serial number that no device of the account has */
export async function existingDevice(serialNumber: string, context: OperationContext): Promise<MfaDeviceRecord> {
  const device = await mfaDevices.byName(context.tx, context.account, serialNumber);
  if (device === null) throw noSuchDevice(serialNumber);
  return device;
}

/** A virtual device that a call names, before anything is said about whether it exists. */
export interface FoundDevice {
  /** As the caller wrote it. */
  readonly serialNumber: string;
  readonly record: MfaDeviceRecord | null;
}

/** Hardware tokens are registered and not made: what is for virtual devices alone does not know them. */
export async function findVirtualDevice(serialNumber: string, context: OperationContext): Promise<FoundDevice> {
  const record = await mfaDevices.byName(context.tx, context.account, serialNumber);
  return { serialNumber, record: record?.type === "virtual" ? record : null };
}

/** @throws Fault NoSuchEntity */
export function existingVirtualDevice({ serialNumber, record }: FoundDevice): MfaDeviceRecord {
  if (record === null) throw noSuchDevice(serialNumber);
  return record;
}

/** The serial number of a virtual device is its ARN. */
export function requirementOnDevice(action: string, found: FoundDevice, context: OperationContext): Requirement {
  const { partition, account } = context;
  const name = found.record?.name ?? found.serialNumber;
  return {
    action,
    resource: name.startsWith("arn:") ? name : `arn:${partition}:iam::${account}:mfa/${name}`,
    resourceAccount: account,
    resourceTags: found.record?.tags,
  };
}

export async function deviceToTag(serialNumber: string, context: OperationContext): Promise<TagTarget> {
  const found = await findVirtualDevice(serialNumber, context);
  return { owner: () => existingVirtualDevice(found), requirement: requirementOnDevice("", found, context) };
}

/**
 * Whose devices a call is about. What root does about its own is no call of the API at AWS, but of its console; here it
 * calls as itself, and where the API demands a user name that is its account's id.
 */
export async function deviceOwner(userName: string | undefined, context: OperationContext): Promise<CredentialOwner> {
  const owner = await credentialOwner(userName, context);
  const { principal, session } = context.caller;
  const isRoot = principal.type === "Root" && (session === null || isAssumedRoot(session));
  const isNobody = owner.type === "user" && owner.user.record === null;
  return isRoot && isNobody && userName === context.account ? { type: "root" } : owner;
}
