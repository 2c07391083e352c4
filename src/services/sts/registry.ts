import type { Registry } from "../../operation/operation.ts";
import { assumeRole } from "./assume-role.ts";
import { assumeRoleWithSaml } from "./assume-role-with-saml.ts";
import { assumeRoleWithWebIdentity } from "./assume-role-with-web-identity.ts";
import { assumeRoot } from "./assume-root.ts";
import { decodeAuthorizationMessage } from "./authorization-message.ts";
import { getDelegatedAccessToken } from "./delegated-access.ts";
import { getAccessKeyInfo, getCallerIdentity } from "./identity.ts";
import { getFederationToken, getSessionToken } from "./session-token.ts";
import { getWebIdentityToken } from "./web-identity-token.ts";

export const stsRegistry: Registry<"sts"> = {
  AssumeRole: assumeRole,
  AssumeRoleWithSAML: assumeRoleWithSaml,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  AssumeRoot: assumeRoot,
  DecodeAuthorizationMessage: decodeAuthorizationMessage,
  GetAccessKeyInfo: getAccessKeyInfo,
  GetCallerIdentity: getCallerIdentity,
  GetDelegatedAccessToken: getDelegatedAccessToken,
  GetFederationToken: getFederationToken,
  GetSessionToken: getSessionToken,
  GetWebIdentityToken: getWebIdentityToken,
};
