import type { Fault } from "../../../contracts/fault.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as preferences from "../../../store/iam/account-preferences.ts";
import { requirementOnAll } from "../entity/entity-names.ts";
import { iamFault } from "../entity/faults.ts";

/**
 * Whether principals of the account may have tokens for services outside, and who issues those. The issuer is made once and
 * stays when it is switched off and on again (observed on AWS, September 2026).
 */
export const enableOutboundWebIdentityFederation = operation("iam", "EnableOutboundWebIdentityFederation", {
  writes: true,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:EnableOutboundWebIdentityFederation", context)],
  handle: async (_input, _loaded, context) => {
    const { tx, account, environment } = context;
    const before = await preferences.byAccount(tx, account);
    // The text is by analogy: the code was observed, and the text of its opposite.
    if (before.outboundFederation)
      throw iamFault("FeatureEnabled", `${feature} is already enabled for account ${account}`);
    const issuer = before.outboundIssuer ?? environment.ids.uuid();
    await preferences.set(tx, account, { outboundIssuer: issuer, outboundFederation: true });
    return { IssuerIdentifier: issuerUrl(issuer, context) };
  },
});

export const disableOutboundWebIdentityFederation = operation("iam", "DisableOutboundWebIdentityFederation", {
  writes: true,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:DisableOutboundWebIdentityFederation", context)],
  handle: async (_input, _loaded, { tx, account }) => {
    if (!(await preferences.byAccount(tx, account)).outboundFederation) throw disabled(account);
    await preferences.set(tx, account, { outboundFederation: false });
    return {};
  },
});

export const getOutboundWebIdentityFederationInfo = operation("iam", "GetOutboundWebIdentityFederationInfo", {
  writes: false,
  authorize: (_input, _loaded, context) => [requirementOnAll("iam:GetOutboundWebIdentityFederationInfo", context)],
  handle: async (_input, _loaded, context) => {
    const { outboundFederation, outboundIssuer } = await preferences.byAccount(context.tx, context.account);
    if (!outboundFederation || outboundIssuer === null) throw disabled(context.account);
    return { IssuerIdentifier: issuerUrl(outboundIssuer, context), JwtVendingEnabled: true };
  },
});

const feature = "Outbound identity federation";

/** Observed on AWS, September 2026 (radkawar/stackd captures). */
function disabled(account: string): Fault {
  return iamFault("FeatureDisabled", `${feature} is disabled for account ${account}`);
}

/** AWS has a host of its own for each issuer; a server that people run themselves has one, and a path for each. */
function issuerUrl(issuer: string, { environment }: OperationContext): string {
  return `${environment.publicUrl()}/_rolecall/issuers/${issuer}`;
}
