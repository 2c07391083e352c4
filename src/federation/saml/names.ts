/** The namespaces of what a response is made of, and the identifiers of the algorithms that it may use. */

export const namespaces = {
  protocol: "urn:oasis:names:tc:SAML:2.0:protocol",
  assertion: "urn:oasis:names:tc:SAML:2.0:assertion",
  signature: "http://www.w3.org/2000/09/xmldsig#",
  encryption: "http://www.w3.org/2001/04/xmlenc#",
  newerEncryption: "http://www.w3.org/2009/xmlenc11#",
  exclusive: "http://www.w3.org/2001/10/xml-exc-c14n#",
} as const;

/** AWS's own audience: what its metadata calls it (IAM User Guide, id_roles_providers_create_saml_assertions). */
export const ownAudience = "urn:amazon:webservices";
