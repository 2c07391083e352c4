/** What follows from who the principal is (reference_policies_condition-keys, reference_policies_variables#principaltable). */
import type { ContextKeyFrom, ContextValues, TagContextKey } from "../context-key.ts";
import { foldName } from "../name.ts";
import type { Context, ContextValue, Principal } from "../types.ts";
import { contextOf } from "./context.ts";

/** Tags and the organization have to be looked up, and who calls through a service is not in the principal. */
type LookedUp = TagContextKey | "aws:PrincipalOrgID" | "aws:PrincipalOrgPaths" | "aws:ViaAWSService";
export type PrincipalKey = Exclude<ContextKeyFrom<"principal">, LookedUp>;

/**
 * The context of a request with the keys that follow from its principal alone; `extras` win over them, and null there
 * takes a key away.
 */
export function requestContext(
  principal: Principal,
  extras: Readonly<Record<string, ContextValue | boolean | number | null | undefined>> = {},
): Context {
  const context = new Map(contextOf(principalKeys(principal)).entries());
  for (const key of Object.keys(extras)) context.delete(foldName(key));
  for (const [key, value] of contextOf(extras).entries()) context.set(key, value);
  return context;
}

/** Every key is named: who adds one says here of whom it is known. */
const none = {
  "aws:PrincipalArn": undefined,
  "aws:PrincipalAccount": undefined,
  "aws:PrincipalType": undefined,
  "aws:PrincipalIsAWSService": undefined,
  "aws:PrincipalServiceName": undefined,
  "aws:userid": undefined,
  "aws:username": undefined,
} satisfies Readonly<Record<PrincipalKey, undefined>>;

/** Undefined for what a principal does not have, or what is not known of one that an ARN names. */
export function principalKeys(principal: Principal): ContextValues<PrincipalKey> {
  switch (principal.type) {
    case "Root":
      return { ...ofAccount(principal, principal.arn, "Account"), "aws:userid": principal.account };
    case "User":
      return {
        ...ofAccount(principal, principal.arn, "User"),
        "aws:userid": principal.id || undefined,
        "aws:username": principal.arn.slice(principal.arn.lastIndexOf("/") + 1),
      };
    case "RoleSession":
      return {
        // The role's ARN, not the session's: so that a condition holds for all sessions of the role.
        ...ofAccount(principal, principal.roleArn, "AssumedRole"),
        "aws:userid": principal.roleId === "" ? undefined : `${principal.roleId}:${principal.sessionName}`,
      };
    case "FederatedUser":
      return {
        ...ofAccount(principal, principal.arn, "FederatedUser"),
        "aws:userid": `${principal.account}:${principal.name}`,
      };
    case "Service":
      return { ...none, "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal.service };
    case "Anonymous":
      return { ...none, "aws:PrincipalType": "Anonymous", "aws:userid": "anonymous" };
    case "WebIdentity":
    case "SAML":
      // Seen at AWS while a trust policy is evaluated: the type is a user's, the id the provider's ARN; there is no ARN.
      return {
        ...none,
        "aws:PrincipalAccount": principal.account,
        "aws:PrincipalType": "User",
        "aws:PrincipalIsAWSService": "false",
        "aws:userid": principal.provider,
      };
  }
}

function ofAccount({ account }: { account: string }, arn: string, type: string): ContextValues<PrincipalKey> {
  return {
    ...none,
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": type,
    "aws:PrincipalIsAWSService": "false",
  };
}
