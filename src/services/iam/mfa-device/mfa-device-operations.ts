import type { Registry } from "../../../operation/operation.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { tagOperations } from "../entity/tag-family.ts";
import { deviceToTag } from "./mfa-device-lookup.ts";
import { deactivateMfaDevice, enableMfaDevice, getMfaDevice, listMfaDevices, resyncMfaDevice } from "./mfa-device.ts";
import { createVirtualMfaDevice, deleteVirtualMfaDevice, listVirtualMfaDevices } from "./virtual-mfa-device.ts";

export const mfaDeviceOperations = {
  CreateVirtualMFADevice: createVirtualMfaDevice,
  DeleteVirtualMFADevice: deleteVirtualMfaDevice,
  ListVirtualMFADevices: listVirtualMfaDevices,
  EnableMFADevice: enableMfaDevice,
  DeactivateMFADevice: deactivateMfaDevice,
  ResyncMFADevice: resyncMfaDevice,
  ListMFADevices: listMfaDevices,
  GetMFADevice: getMfaDevice,
  ...tagOperations("MFADevice", { by: "SerialNumber", keys: exactCase, find: deviceToTag }),
} satisfies Partial<Registry<"iam">>;
