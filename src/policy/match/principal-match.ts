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
  /** Whether everyone includes those who have no credentials yet and come with the word of an identity provider. */
  readonly outsiders: boolean;
  /** Accounts by `partition:id`; an empty partition where only twelve digits were given. */
  readonly accounts: ReadonlySet<string>;
  /** ARNs of users, roles and sessions that have no binding: compared as text. */
  readonly arns: ReadonlySet<string>;
  /** ARNs of the roles among them that have a path, without it. */
  readonly rolesByName: ReadonlySet<string>;
  /** Unique ids of users and roles, and `AROA…:session`. */
  readonly ids: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly providers: ReadonlySet<string>;
}

/** A Principal or NotPrincipal element, and where it stands. */
export interface PrincipalPlace {
  readonly element: PrincipalElement;
  readonly negated: boolean;
  /** `STATEMENT/ELEMENT`: the beginning of the element's keys in the bindings. */
  readonly path: string;
  /** Whether the statement lets somebody put a role on. */
  readonly trusts: boolean;
}

export function compilePrincipal(
  { element, negated, path, trusts }: PrincipalPlace,
  bindings: Bindings | undefined,
): PrincipalMatcher {
  const accounts = new Set<string>();
  const arns = new Set<string>();
  const rolesByName = new Set<string>();
  const ids = new Set<string>();
  const named = (type: PrincipalType): readonly string[] => (element === "*" ? [] : (element[type] ?? []));
  for (const [index, value] of named("AWS").entries()) {
    const bound = bindings?.[`${path}/AWS/${index}`];
    if (bound !== undefined) ids.add(bound);
    else addAws(value, { accounts, arns, rolesByName, ids });
  }
  // An unknown id or ARN is empty, and must not be what an empty text means.
  ids.delete("");
  arns.delete("");
  return {
    negated,
    // "Principal": "*" and {"AWS": "*"} are the same; a star inside an ARN is no wildcard and matches nobody.
    everyone: element === "*" || named("AWS").includes("*"),
    // A role that trusts {"AWS": "*"} lets no SAML and no OIDC caller in (observed on AWS, September 2026).
    outsiders: element === "*" || !trusts,
    accounts,
    arns,
    rolesByName,
    ids,
    services: new Set(named("Service")),
    providers: new Set(named("Federated")),
  };
}

interface AwsPrincipals {
  readonly accounts: Set<string>;
  readonly arns: Set<string>;
  readonly rolesByName: Set<string>;
  readonly ids: Set<string>;
}

function addAws(value: string, into: AwsPrincipals): void {
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
  if (arn?.service === "iam" && /^role\/.+\//.test(arn.resource))
    into.rolesByName.add(value.replace(/:role\/.*\//, ":role/"));
}

/**
 * @param bounded whether the caller has a permissions boundary: a Deny with NotPrincipal then always denies
 *   (access_policies_boundaries)
 */
export function matchPrincipal(matcher: PrincipalMatcher, principal: Principal, bounded: boolean): Grant {
  if (matcher.negated) return !bounded && isExcepted(matcher, principal) ? Grant.none : Grant.direct;
  return matcher.everyone && (matcher.outsiders || !isOutsider(principal)) ? Grant.direct : grantTo(matcher, principal);
}

function isOutsider({ type }: Principal): boolean {
  return type === "WebIdentity" || type === "SAML";
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

/** A role's name is unique in its account, whatever its path: where that is not known, the name says which role it is. */
function namesRole(
  matcher: PrincipalMatcher,
  session: { readonly roleArn: string; readonly roleId: string; readonly pathUnknown?: true },
): boolean {
  return (
    matcher.arns.has(session.roleArn) ||
    matcher.ids.has(session.roleId) ||
    (session.pathUnknown === true && matcher.rolesByName.has(session.roleArn))
  );
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
