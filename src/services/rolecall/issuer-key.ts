import { issuerUrl } from "../../federation/outbound/issuer.ts";
import { keepKeyPairs, usableKeys } from "../../federation/outbound/keep-keys.ts";
import { makeKeyPairs } from "../../federation/outbound/key-pair.ts";
import { keyIdOf, publishedAhead, publishedKeys, signingKey } from "../../federation/outbound/signing-keys.ts";
import type { OperationContext } from "../../operation/context.ts";
import { operation, preparedOperation } from "../../operation/operation.ts";
import * as preferences from "../../store/iam/account-preferences.ts";
import * as outboundKeys from "../../store/iam/outbound-keys.ts";
import { notFound } from "./faults.ts";
import { ownRequirement } from "./requirements.ts";

/** The keys by which tokens of the account's issuer are verified now. */
export const listIssuerKeys = operation("rolecall", "ListIssuerKeys", {
  writes: false,
  authorize: (_input, _loaded, context) => ownRequirement(context, "ListIssuerKeys", "issuer"),
  handle: async (_input, _loaded, context) => publishedOf(await ownIssuer(context), context),
});

/**
 * Gives the account's issuer new keys. They are published now and sign when nobody can have kept what was published before;
 * the former ones stay published until their last token has expired. While new ones wait for their time no others are made.
 * Where a key is in wrong hands, Revoke ends all of that at once.
 */
export const rotateIssuerKeys = preparedOperation("rolecall", "RotateIssuerKeys", {
  authorize: (_input, _loaded, context) => ownRequirement(context, "RotateIssuerKeys", "issuer"),

  async ask({ Revoke: revoke = false }, _loaded, context) {
    const issuer = await ownIssuer(context);
    return revoke || !(await isUnderWay(issuer, context));
  },

  prepare: async (_input, isWanted) => (isWanted ? makeKeyPairs() : []),

  async handle({ Revoke: revoke = false }, _loaded, context, pairs) {
    const { tx, account, environment, request } = context;
    const issuer = await ownIssuer(context);
    if (revoke || !(await isUnderWay(issuer, context))) {
      const former = revoke ? await outboundKeys.ofIssuer(tx, issuer) : [];
      const signsFrom = revoke ? request.now : request.now + publishedAhead;
      await keepKeyPairs(tx, { issuer, account }, pairs, {
        secrets: environment.secrets,
        now: request.now,
        signsFrom,
      });
      for (const key of former) await outboundKeys.remove(tx, key);
    }
    return publishedOf(issuer, context);
  },
});

/** The UUID of the account's issuer, also of one that is switched off: its keys are published. @throws Fault */
async function ownIssuer({ tx, account }: OperationContext): Promise<string> {
  const { outboundIssuer } = await preferences.byAccount(tx, account);
  if (outboundIssuer !== null) return outboundIssuer;
  throw notFound("The account has no issuer: iam:EnableOutboundWebIdentityFederation makes it.");
}

/** Whether keys wait for their time to sign. */
async function isUnderWay(issuer: string, { tx, environment, request }: OperationContext): Promise<boolean> {
  const keys = usableKeys(await outboundKeys.ofIssuer(tx, issuer), environment.secrets);
  return keys.some(({ signsFrom }) => signsFrom > request.now);
}

async function publishedOf(issuer: string, { tx, environment, request }: OperationContext) {
  const keys = await outboundKeys.ofIssuer(tx, issuer);
  const usable = usableKeys(keys, environment.secrets);
  return {
    Issuer: issuerUrl(environment.publicUrl(), issuer),
    IssuerKeys: publishedKeys(keys, request.now).map((key) => ({
      KeyId: keyIdOf(key),
      Algorithm: key.algorithm,
      State:
        key.signsFrom > request.now
          ? ("Published" as const)
          : key === signingKey(usable, key.algorithm, request.now)
            ? ("Signing" as const)
            : ("Former" as const),
      SignsFrom: new Date(key.signsFrom),
    })),
  };
}
