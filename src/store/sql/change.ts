import { accountDomain, organizationDomain } from "./domain.ts";
import type { Domain } from "./domain.ts";

/** What can change in an account. Of what an owner has (tags, attachments …) the id is the owner's. */
export type AccountChangeKind =
  | "account"
  | "user"
  | "group"
  | "role"
  | "policy"
  | "access-key"
  | "tags"
  | "attachments"
  | "inline-policies"
  /** Of a user in groups; the id is the user's. */
  | "membership"
  | "oidc-provider";

/** What can change in an organization. */
export type OrganizationChangeKind =
  | "organization"
  /** Of an account in an organization; the id is the account's. */
  | "place";

export type ChangeKind = AccountChangeKind | OrganizationChangeKind;

/** What a write touched: kind and id of the record whose rows, or whose children's rows, it wrote, and whose that is. */
export type Change = ChangeInAccount | ChangeInOrganization;

interface ChangeInAccount {
  readonly account: string;
  readonly kind: AccountChangeKind;
  readonly id: string;
}

interface ChangeInOrganization {
  readonly organization: string;
  readonly kind: OrganizationChangeKind;
  readonly id: string;
}

/** Whose revision the change raises. */
export function domainOf(change: Change): Domain {
  return "account" in change ? accountDomain(change.account) : organizationDomain(change.organization);
}
