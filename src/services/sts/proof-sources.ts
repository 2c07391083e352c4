import type { FindProvider } from "../../federation/oidc/trusted-issuer.ts";
import type { WebIdentitySources } from "../../federation/oidc/web-identity.ts";
import { issuerUrl } from "../../federation/outbound/issuer.ts";
import type { AssertionSources } from "../../federation/saml/assertion.ts";
import { ownAudience } from "../../federation/saml/names.ts";
import { storedProvider } from "../../federation/saml/stored-provider.ts";
import type { OperationEnvironment } from "../../operation/context.ts";

/** What a token is verified by: for whoever assumes a role with it, and for whoever checks it. */
export function webIdentitySources(environment: OperationEnvironment, provider: FindProvider): WebIdentitySources {
  const { compatibility, issuerKeys, opaqueTokens, publicUrl } = environment;
  return {
    provider,
    ownIssuers: issuerUrl(publicUrl(), ""),
    keys: issuerKeys,
    opaque: opaqueTokens,
    repeatedMembers: compatibility === "aws" ? "allowed" : "refused",
  };
}

/** The same of an assertion. @param sender who takes a turn among those whose signatures are verified */
export function assertionSources(environment: OperationEnvironment, sender: string): AssertionSources {
  const { compatibility, ids, saml, signatures } = environment;
  return {
    ids,
    provider: storedProvider(environment),
    audiences: compatibility === "aws" ? null : [ownAudience, ...saml.audiences],
    verified: (signed) => signatures.verify(signed, sender),
  };
}
