import type { Fault } from "../../../contracts/fault.ts";
import { issuerUrl } from "../../../federation/outbound/issuer.ts";
import { keepKeyPairs } from "../../../federation/outbound/keep-keys.ts";
import { makeKeyPairs } from "../../../federation/outbound/key-pair.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation, preparedOperation } from "../../../operation/operation.ts";
import * as preferences from "../../../store/iam/account-preferences.ts";
import * as outboundKeys from "../../../store/iam/outbound-keys.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { iamFault } from "../entity/faults.ts";

/**
 * Whether principals of the account may have tokens for services outside, and who issues those. The issuer and its keys are
 * made once and stay when it is switched off and on again (observed on AWS, September 2026, radkawar/stackd captures, as
 * are all texts).
 */
export const enableOutboundWebIdentityFederation = preparedOperation("iam", "EnableOutboundWebIdentityFederation", {
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:EnableOutboundWebIdentityFederation", context)],

  /** Whether keys have to be made. */
  async ask(_input, _loaded, { tx, account }) {
    const { outboundFederation, outboundIssuer } = await preferences.byAccount(tx, account);
    if (outboundFederation) throw enabled(account);
    return outboundIssuer === null || (await outboundKeys.ofIssuer(tx, outboundIssuer)).length === 0;
  },

  prepare: async (_input, isWithoutKeys) => (isWithoutKeys ? makeKeyPairs() : []),

  async handle(_input, _loaded, context, pairs) {
    const { tx, account, environment, request } = context;
    const before = await preferences.byAccount(tx, account);
    if (before.outboundFederation) throw enabled(account);
    const issuer = before.outboundIssuer ?? environment.ids.uuid();
    await preferences.set(tx, account, { outboundIssuer: issuer, outboundFederation: true });
    if ((await outboundKeys.ofIssuer(tx, issuer)).length === 0) {
      const keeping = { secrets: environment.secrets, now: request.now, signsFrom: request.now };
      await keepKeyPairs(tx, { issuer, account }, pairs, keeping);
    }
    return { IssuerIdentifier: urlOf(issuer, context) };
  },
});

export const disableOutboundWebIdentityFederation = operation("iam", "DisableOutboundWebIdentityFederation", {
  writes: true,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:DisableOutboundWebIdentityFederation", context)],
  handle: async (_input, _loaded, { tx, account }) => {
    if (!(await preferences.byAccount(tx, account)).outboundFederation) throw disabled("already disabled", account);
    await preferences.set(tx, account, { outboundFederation: false });
    return {};
  },
});

export const getOutboundWebIdentityFederationInfo = operation("iam", "GetOutboundWebIdentityFederationInfo", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:GetOutboundWebIdentityFederationInfo", context)],
  handle: async (_input, _loaded, context) => {
    const { outboundFederation, outboundIssuer } = await preferences.byAccount(context.tx, context.account);
    if (!outboundFederation || outboundIssuer === null) throw disabled("disabled", context.account);
    return { IssuerIdentifier: urlOf(outboundIssuer, context), JwtVendingEnabled: true };
  },
});

function enabled(account: string): Fault {
  return iamFault("FeatureEnabled", `Outbound identity federation is already enabled for account ${account}`);
}

function disabled(how: "disabled" | "already disabled", account: string): Fault {
  return iamFault("FeatureDisabled", `Outbound identity federation is ${how} for account ${account}`);
}

function urlOf(issuer: string, { environment }: OperationContext): string {
  return issuerUrl(environment.publicUrl(), issuer);
}
