import { iamArn, rootArn } from "../../arn/arn.ts";
import { OneTimeCodes } from "../../mfa/one-time-code.ts";
import type { InputContext, OperationContext } from "../../operation/context.ts";
import { operation } from "../../operation/operation.ts";
import { pagesOf } from "../../operation/page.ts";
import * as mfaDevices from "../../store/iam/mfa-devices.ts";
import type { MfaDeviceRecord } from "../../store/iam/mfa-devices.ts";
import * as users from "../../store/iam/users.ts";
import { Conflict } from "../../store/sql/errors.ts";
import { conflict, limitExceeded, notFound, validation } from "./faults.ts";
import { ownRequirement } from "./requirements.ts";

/**
 * Hardware tokens of the caller's account. AWS knows the seeds of those that it sells; here whoever administers an account
 * registers the tokens that it has, and users enable them by their serial numbers (iam:EnableMFADevice).
 */
const pages = pagesOf("rolecall", (member) => validation(`${member} is not valid.`));

function requirementOn(context: InputContext, name: string, serialNumber: string) {
  return ownRequirement(context, name, `hardware-token/${serialNumber}`);
}

export const registerHardwareToken = operation("rolecall", "RegisterHardwareToken", {
  writes: true,
  authorize: (input, _loaded, context) => requirementOn(context, "RegisterHardwareToken", input.SerialNumber),
  async handle({ SerialNumber: name, Seed: base32 }, _loaded, context) {
    const { tx, account, environment, request } = context;
    const codes = OneTimeCodes.fromBase32(base32);
    if (codes === null) throw validation("Seed is not Base32 of 16 to 64 bytes.");
    const id = environment.ids.uuid();
    const sealedSecret = environment.secrets.seal(codes.seed, id);
    const wanted = { id, account, name, path: "/", createdAt: request.now, type: "hardware", sealedSecret } as const;
    try {
      const device = await mfaDevices.create(tx, wanted, environment.quotas.usersPerAccount);
      return { HardwareToken: await describe(device, context) };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      if (error.constraint === "name") throw conflict(`The account has an MFA device ${name} already.`);
      if (error.constraint === "quota") throw limitExceeded("The account has as many MFA devices as it may.");
      throw error;
    }
  },
});

export const deregisterHardwareToken = operation("rolecall", "DeregisterHardwareToken", {
  writes: true,
  authorize: (input, _loaded, context) => requirementOn(context, "DeregisterHardwareToken", input.SerialNumber),
  async handle({ SerialNumber: name }, _loaded, { tx, account }) {
    const device = await mfaDevices.byName(tx, account, name);
    if (device?.type !== "hardware") throw notFound(`The account has no hardware token ${name}.`);
    if (device.enabled !== null) throw conflict(`The hardware token ${name} is in use: deactivate it first.`);
    await mfaDevices.remove(tx, device);
    return {};
  },
});

export const listHardwareTokens = operation("rolecall", "ListHardwareTokens", {
  writes: false,
  authorize: (_input, _loaded, context) => requirementOn(context, "ListHardwareTokens", "*"),
  handle: (input, _loaded, context) =>
    pages.list("ListHardwareTokens", input, {
      fetch: (after, limit) =>
        mfaDevices.list(context.tx, context.account, { type: "hardware", assigned: "Any", after, limit }),
      keyOf: (device) => device.name,
      show: (device) => describe(device, context),
    }),
});

async function describe({ name, createdAt, enabled }: MfaDeviceRecord, context: OperationContext) {
  return {
    SerialNumber: name,
    RegisteredAt: new Date(createdAt),
    EnabledFor: enabled === null ? undefined : await ownerArn(enabled.for, context),
    EnabledAt: enabled === null ? undefined : new Date(enabled.at),
  };
}

async function ownerArn(id: string, { tx, account, partition }: OperationContext): Promise<string | undefined> {
  if (id === account) return rootArn(partition, account);
  const user = await users.byId(tx, id);
  return user === null ? undefined : iamArn(partition, account, "user", user.name, user.path);
}
