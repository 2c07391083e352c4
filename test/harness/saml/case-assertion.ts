import { accountA, arn } from "../world.ts";
import { IdentityProvider, roleAttributes } from "./identity-provider.ts";

/**
 * What no file of cases can hold, because assertions end: an assertion for the role and the provider `saml-case`, and the
 * provider's metadata, by the names under which cases ask for them.
 */
export function caseAssertion(): Readonly<Record<string, string>> {
  const idp = new IdentityProvider();
  const more = {
    "PrincipalTag:team": "blue",
    TransitiveTagKeys: "team",
    SourceIdentity: "ann",
    SessionDuration: "1800",
  };
  const attributes = roleAttributes(arn(accountA, "role/saml-case"), arn(accountA, "saml-provider/saml-case"), more);
  // Some clients take minutes to come to it.
  const assertion = idp.respond({ attributes, issued: 600, ends: { conditions: 1200, subject: 1200, session: 7200 } });
  return { samlMetadata: idp.metadata(), samlAssertion: assertion };
}
