declare const domain: unique symbol;

/**
 * What has a revision of its own: an account or an organization. Whatever is cached belongs to the one that owns it, and
 * is good for that one's revision. The id alone is the key, in the database too, so that none has to be made for each
 * lookup: an account's has twelve digits, an organization's begins with `o-`, and neither can be the other.
 */
export type Domain = string & { readonly [domain]: "account" | "organization" };

/** @param id twelve digits */
export function accountDomain(id: string): Domain {
  return id as Domain;
}

/** @param id `o-…` */
export function organizationDomain(id: string): Domain {
  return id as Domain;
}
