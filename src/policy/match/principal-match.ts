/**
 * Which principals a statement of a resource's policy means, and how directly
 * (IAM User Guide, reference_policies_elements_principal and reference_policies_elements_notprincipal).
 */
import { isAccountId, parseArn } from "../../arn/arn.ts";
import { isUniqueId } from "../../arn/unique-id.ts";
import type { PrincipalElement, PrincipalType } from "../document/document.ts";
import type { Bindings, Principal } from "../types.ts";

/**
 * How a statement reaches its principal: the more direct, the fewer limits of the caller's side apply
 * (reference_policies_evaluation-logic_policy-eval-denyallow). Ordered, so that the strongest grant counts.
 */
export const Grant = {
  none: 0,
  /** The account is named: it may give what it got by its own policies. */
  delegated: 1,
  /** The role, or the user behind a federated session, is named: boundary and session policy still limit. */
  limited: 2,
  /** The user, the session, the service, the identity provider or everyone is named. */
  direct: 3,
} as const;
export type Grant = (typeof Grant)[keyof typeof Grant];

export interface PrincipalMatcher {
  /** NotPrincipal: the statement means everyone but these. */
  readonly negated: boolean;
  readonly everyone: boolean;
  /** Accounts by `partition:id`; an empty partition where only twelve digits were given. */
  readonly accounts: ReadonlySet<string>;
  /** ARNs of users, roles and sessions that have no binding: compared as text. */
  readonly arns: ReadonlySet<string>;
  /** Unique ids of users and roles, and `AROA…:session`. */
  readonly ids: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
}

/**
 * @param path `STATEMENT/ELEMENT`: the beginning of the element's keys in the bindings
 */
export function compilePrincipal(
  element: PrincipalElement,
  negated: boolean,
  path: string,
  bindings: Bindings | undefined,
): PrincipalMatcher {
  const accounts = new Set<string>();
  const arns = new Set<string>();
  const ids = new Set<string>();
  const named = (type: PrincipalType): readonly string[] => (element === "*" ? [] : (element[type] ?? []));
  for (const [index, value] of named("AWS").entries()) {
    const bound = bindings?.[`${path}/AWS/${index}`];
    if (bound !== undefined) ids.add(bound);
    else addAws(value, { accounts, arns, ids });
  }
  // An unknown id or ARN is empty, and must not be what an empty text means.
  ids.delete("");
  arns.delete("");
  return {
    negated,
    // "Principal": "*" and {"AWS": "*"} are the same; a star inside an ARN is no wildcard and matches nobody.
    everyone: element === "*" || named("AWS").includes("*"),
    accounts,
    arns,
    ids,
    services: new Set(named("Service")),
    providers: new Set(named("Federated")),
  };
}

function addAws(value: string, into: { accounts: Set<string>; arns: Set<string>; ids: Set<string> }): void {
  if (isAccountId(value)) {
    into.accounts.add(`:${value}`);
    return;
  }
  // What is left in a document once the entity is gone: its bare id, perhaps with a session's name.
  if (isUniqueId(value.split(":", 1)[0]!)) {
    into.ids.add(value);
    return;
  }
  const arn = parseArn(value);
  if (arn?.service === "iam" && arn.resource === "root") into.accounts.add(`${arn.partition}:${arn.account}`);
  else into.arns.add(value);
}

/**
 * @param bounded whether the caller has a permissions boundary: a Deny with NotPrincipal then always denies
 *   (access_policies_boundaries)
 */
export function matchPrincipal(matcher: PrincipalMatcher, principal: Principal, bounded: boolean): Grant {
  if (matcher.negated) return !bounded && isExcepted(matcher, principal) ? Grant.none : Grant.direct;
  return matcher.everyone ? Grant.direct : grantTo(matcher, principal);
}

function grantTo(matcher: PrincipalMatcher, principal: Principal): Grant {
  switch (principal.type) {
    case "Root":
      return namesAccount(matcher, principal) ? Grant.direct : Grant.none;
    case "User":
      return namesUser(matcher, principal) ? Grant.direct : delegated(matcher, principal);
    case "RoleSession":
      if (namesSession(matcher, principal)) return Grant.direct;
      return namesRole(matcher, principal) ? Grant.limited : delegated(matcher, principal);
    case "FederatedUser":
      if (matcher.arns.has(principal.arn)) return Grant.direct;
      return principal.issuer.type === "User" && namesUser(matcher, principal.issuer)
        ? Grant.limited
        : delegated(matcher, principal);
    case "Service":
      return matcher.services.has(principal.service) ? Grant.direct : Grant.none;
    case "WebIdentity":
    case "SAML":
      return matcher.providers.has(principal.provider) ? Grant.direct : Grant.none;
    case "Anonymous":
      return Grant.none;
  }
}

/**
 * NotPrincipal spares a caller only when everything that it is has been listed: the account, the user or role, and
 * the session (reference_policies_elements_notprincipal: AWS may validate each of them).
 */
function isExcepted(matcher: PrincipalMatcher, principal: Principal): boolean {
  if (matcher.everyone) return true;
  switch (principal.type) {
    case "Root":
      return namesAccount(matcher, principal);
    case "User":
      return namesAccount(matcher, principal) && namesUser(matcher, principal);
    case "RoleSession":
      return namesAccount(matcher, principal) && namesRole(matcher, principal) && namesSession(matcher, principal);
    case "FederatedUser":
      return namesAccount(matcher, principal) && matcher.arns.has(principal.arn);
    case "Service":
    case "WebIdentity":
    case "SAML":
    case "Anonymous":
      return grantTo(matcher, principal) !== Grant.none;
  }
}

function delegated(matcher: PrincipalMatcher, principal: { account: string; arn: string }): Grant {
  return namesAccount(matcher, principal) ? Grant.delegated : Grant.none;
}

function namesAccount(matcher: PrincipalMatcher, principal: { account: string; arn: string }): boolean {
  if (matcher.accounts.size === 0) return false;
  if (matcher.accounts.has(`:${principal.account}`)) return true;
  const partition = principal.arn.slice(4, principal.arn.indexOf(":", 4));
  return matcher.accounts.has(`${partition}:${principal.account}`);
}

function namesUser(matcher: PrincipalMatcher, user: { arn: string; id: string }): boolean {
  return matcher.arns.has(user.arn) || matcher.ids.has(user.id);
}

function namesRole(matcher: PrincipalMatcher, session: { roleArn: string; roleId: string }): boolean {
  return matcher.arns.has(session.roleArn) || matcher.ids.has(session.roleId);
}

function namesSession(
  matcher: PrincipalMatcher,
  session: { arn: string; roleId: string; sessionName: string },
): boolean {
  return (
    matcher.arns.has(session.arn) ||
    (matcher.ids.size > 0 && matcher.ids.has(`${session.roleId}:${session.sessionName}`))
  );
}
