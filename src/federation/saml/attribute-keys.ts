/**
 * Which attribute of an assertion gives which condition key (IAM User Guide, id_roles_providers_create_saml_assertions,
 * "Mapping SAML attributes"): a row each.
 */
interface AttributeKey {
  readonly attribute: string;
  readonly key: `saml:${string}`;
  readonly values: "one" | "many";
}

const eduPerson = (number: number, name: string, values: AttributeKey["values"]): AttributeKey => ({
  attribute: `urn:oid:1.3.6.1.4.1.5923.1.1.1.${number}`,
  key: `saml:eduPerson${name}`,
  values,
});

const eduOrg = (number: number, name: string): AttributeKey => ({
  attribute: `urn:oid:1.3.6.1.4.1.5923.1.2.1.${number}`,
  key: `saml:eduOrg${name}`,
  values: "many",
});

const one = (attribute: string, name: string): AttributeKey => ({ attribute, key: `saml:${name}`, values: "one" });

const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

const rows: readonly AttributeKey[] = [
  eduPerson(1, "Affiliation", "many"),
  eduPerson(2, "Nickname", "many"),
  eduPerson(3, "OrgDN", "one"),
  eduPerson(4, "OrgUnitDN", "many"),
  eduPerson(5, "PrimaryAffiliation", "one"),
  eduPerson(6, "PrincipalName", "one"),
  eduPerson(7, "Entitlement", "many"),
  eduPerson(8, "PrimaryOrgUnitDN", "one"),
  eduPerson(9, "ScopedAffiliation", "many"),
  eduPerson(10, "TargetedID", "many"),
  eduPerson(11, "Assurance", "many"),
  eduOrg(2, "HomePageURI"),
  eduOrg(3, "IdentityAuthNPolicyURI"),
  eduOrg(4, "LegalName"),
  eduOrg(5, "SuperiorURI"),
  eduOrg(6, "WhitePagesURI"),
  { attribute: "urn:oid:2.5.4.3", key: "saml:cn", values: "many" },
  one(`${claims}/name`, "name"),
  one(`${claims}/givenname`, "givenName"),
  one(`${claims}/surname`, "surname"),
  one(`${claims}/emailaddress`, "mail"),
  one("http://schemas.xmlsoap.org/claims/CommonName", "commonName"),
  one("http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", "uid"),
  one("2.5.4.3", "commonName"),
  one("2.5.4.4", "surname"),
  // So the guide prints it; the number of givenName is 2.5.4.42 (X.520).
  one("2.4.5.42", "givenName"),
  one("2.5.4.45", "x500UniqueIdentifier"),
  one("0.9.2342.19200300100.1.1", "uid"),
  one("0.9.2342.19200300100.1.3", "mail"),
  // As printed, too: uniqueIdentifier's neighbour is 0.9.2342.19200300.100.1.45.
  one("0.9.2342.19200300.100.1.45", "organizationStatus"),
];

const byAttribute: ReadonlyMap<string, AttributeKey> = new Map(rows.map((row) => [row.attribute, row]));

/**
 * The keys that the attributes of an assertion give. One that has several values where its key has one gives none: which
 * of them it was would be a guess. Where two attributes give one key, the first in the assertion does.
 */
export function keysOf(
  attributes: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, string | readonly string[]>> {
  const keys: Record<string, string | readonly string[]> = {};
  for (const [name, values] of attributes) {
    const row = byAttribute.get(name);
    if (row === undefined || row.key in keys || values.length === 0) continue;
    if (row.values === "many") keys[row.key] = values;
    else if (values.length === 1) keys[row.key] = values[0]!;
  }
  return keys;
}
