import { iamArn } from "../../arn/arn.ts";
import type { OidcProviderRecord } from "../../store/iam/oidc-providers.ts";
import { gather } from "../../store/sql/eventual.ts";
import type { Eventual } from "../../store/sql/eventual.ts";
import type { Checks } from "../checks.ts";
import type { IssuerRecord } from "./issuer-keys.ts";
import { noProvider, notValidated } from "./token-faults.ts";

/** Where an account's providers are looked up, by the issuer's URL without its scheme. */
export type FindProvider = (account: string, name: string) => Eventual<OidcProviderRecord | null>;

export interface ProviderSources {
  readonly provider: FindProvider;
  /** What the URL of each issuer of this server begins with; null where there is no server. */
  readonly ownIssuers: string | null;
}

/** An issuer that an account trusts to say who somebody is. */
export interface TrustedIssuer {
  readonly record: IssuerRecord;
  /** As trust policies name it: the provider's ARN, or the name of one that every account has. */
  readonly principal: string;
  /** Audiences that are registered; null where the trust policy alone says which there may be. */
  readonly clientIds: readonly string[] | null;
}

/**
 * Issuers that every account has, unless it registers them as its own (IAM User Guide,
 * reference_policies_elements_principal, "OIDC federated principals"). Their trust policies have to test the audience,
 * which IAM sees to when they are written.
 */
const builtIn: ReadonlySet<string> = new Set(["accounts.google.com", "cognito-identity.amazonaws.com"]);

const scheme = "https://";
/** Characters of a provider's URL (IAM API, OpenIDConnectProviderUrlType). */
const longestUrl = 255;

/** @throws Fault InvalidIdentityToken */
export function trustedIssuer(
  issuer: string,
  { account, partition }: { readonly account: string; readonly partition: string },
  { provider: find, ownIssuers }: ProviderSources,
  checks: Checks,
): Eventual<TrustedIssuer> {
  const question = {
    name: "provider",
    wanted: "an OIDC provider of the account whose URL is the token's iss, to the letter",
    seen: issuer,
    advice: `aws iam create-open-id-connect-provider --url ${issuer}`,
  };
  const canBe = issuer.startsWith(scheme) && issuer.length <= longestUrl;
  checks.require(canBe, question, () => noProvider(issuer));
  // What STS gives for services outside comes back to no role (STS API, GetWebIdentityToken).
  const isOwn = ownIssuers !== null && issuer.startsWith(ownIssuers);
  checks.require(!isOwn, { ...question, wanted: "an issuer other than those of this server" }, () =>
    noProvider(issuer),
  );
  const name = issuer.slice(scheme.length);
  return gather(
    () => find(account, name),
    (record) => {
      checks.require(record !== null || builtIn.has(name), question, () => noProvider(issuer));
      if (record === null) {
        return { record: { account, name, thumbprints: [], issuerKeys: null }, principal: name, clientIds: null };
      }
      const principal = iamArn(partition, account, "oidc-provider", record.name);
      return { record, principal, clientIds: record.clientIds };
    },
  );
}

/** @throws Fault InvalidIdentityToken */
export function requireRegistered(party: string, { clientIds, principal }: TrustedIssuer, checks: Checks): void {
  if (clientIds === null) return;
  const question = {
    name: "audience",
    wanted: clientIds.length === 0 ? "one that the provider has; it has none" : clientIds.join(", "),
    seen: party,
    advice: `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${principal} --client-id ${party}`,
  };
  checks.require(clientIds.includes(party), question, notValidated);
}
