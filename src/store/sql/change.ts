import { accountDomain, organizationDomain } from "./domain.ts";
import type { Domain } from "./domain.ts";

/** What a write touched: kind and id of the record whose rows, or whose children's rows, it wrote, and whose that is. */
export type Change = ChangeInAccount | ChangeInOrganization;

interface ChangeInAccount {
  readonly account: string;
  readonly kind: string;
  readonly id: string;
}

interface ChangeInOrganization {
  readonly organization: string;
  readonly kind: string;
  readonly id: string;
}

/** Whose revision the change raises. */
export function domainOf(change: Change): Domain {
  return "account" in change ? accountDomain(change.account) : organizationDomain(change.organization);
}
