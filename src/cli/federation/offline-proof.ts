import { systemClock } from "../../clock/clock.ts";
import { createIds } from "../../clock/ids.ts";
import { SystemRandom } from "../../clock/random.ts";
import type { Arn } from "../../arn/arn.ts";
import type { RolecallOperations } from "../../contracts/rolecall/contract.ts";
import type { Checks } from "../../federation/checks.ts";
import { acceptKeys } from "../../federation/oidc/given-keys.ts";
import { IssuerFetch } from "../../federation/oidc/issuer-fetch.ts";
import { IssuerKeys } from "../../federation/oidc/issuer-keys.ts";
import { verifyWebIdentity } from "../../federation/oidc/web-identity.ts";
import { verifyAssertion } from "../../federation/saml/assertion.ts";
import type { AssertionSources } from "../../federation/saml/assertion.ts";
import { ownAudience } from "../../federation/saml/names.ts";
import { SignatureThread } from "../../federation/saml/signature-thread.ts";
import { readMetadata, TooMuchMetadata, UnreadableMetadata } from "../../federation/saml-metadata.ts";
import type { FederatedSubject } from "../../session/actor.ts";
import type { OidcProviderRecord } from "../../store/iam/oidc-providers.ts";
import type { Option, OptionValues, Repeated } from "../command.ts";
import { settingOptions, settingsFor } from "../options.ts";
import { readAuthorities } from "../../launch/trusted-authorities.ts";
import type { Terminal } from "../../launch/terminal.ts";
import { InputError, UsageError } from "../../launch/terminal.ts";
import { readText } from "../policy/input.ts";

type Input = RolecallOperations["CheckFederation"]["input"];

/** Which issuers may be asked, and how, is read from where the server reads it. */
export const issuerSettings: readonly Option[] = settingOptions.filter(({ name }) =>
  ["config", "data-dir", "allow-private-issuers", "trusted-ca"].includes(name),
);

/** What is given instead of a server. */
export interface Given {
  readonly values: OptionValues;
  readonly repeated: Repeated;
  readonly terminal: Terminal;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly checks: Checks;
  readonly role: Arn;
}

/** What the official actions and Kubernetes ask for. */
const usualAudience = "sts.amazonaws.com";
const cacheBytes = 10_000_000;

/** @throws Fault, UsageError, InputError */
export async function verifyTokenOffline(input: Input, given: Given): Promise<FederatedSubject> {
  const { role, now, checks, values, terminal } = given;
  if (input.ProviderId !== undefined) throw new UsageError("--provider-id needs a server: such tokens are asked about");
  const keys = values["keys"] as string | undefined;
  const issuerKeys = keys === undefined ? null : await readKeys(keys, terminal);
  const about = { account: role.account, partition: role.partition, roleArn: input.RoleArn, providerId: undefined };
  const sources = {
    provider: (account: string, name: string) => providerOf(account, name, issuerKeys, given),
    ownIssuers: null,
    keys: issuersOf(given),
    opaque: { introspect: () => Promise.reject(new Error("no opaque token comes here")) },
    repeatedMembers: "refused",
  } as const;
  return verifyWebIdentity(input.WebIdentityToken!, about, sources, now, checks);
}

/** By the rules by which a server takes keys. @throws InputError */
async function readKeys(path: string, terminal: Terminal): Promise<string> {
  const accepted = acceptKeys(await readText(path, terminal));
  if (typeof accepted === "string") throw new InputError(`${path} cannot be used: ${accepted}`);
  return accepted.text;
}

/** The provider that is given; without a URL, one for whoever the token says has issued it. */
function providerOf(
  account: string,
  issuer: string,
  issuerKeys: string | null,
  { values, repeated, now }: Given,
): OidcProviderRecord | null {
  const url = values["provider-url"] as string | undefined;
  const name = url?.replace(/^https:\/\//, "").replace(/\/$/, "") ?? issuer;
  if (name !== issuer) return null;
  return {
    id: "given",
    account,
    name,
    path: "/",
    clientIds: repeated.get("client-id") ?? [usualAudience],
    thumbprints: [],
    issuerKeys,
    tags: [],
    createdAt: now,
  };
}

/** Without keys in a file the issuer itself is asked, as far as the server's settings let it. */
function issuersOf({ values, terminal }: Given): IssuerKeys {
  const settings = settingsFor(values, issuerSettings, terminal);
  const access = { privateIssuers: settings.allowPrivateIssuers, authorities: readAuthorities(settings) };
  return new IssuerKeys({
    fetch: new IssuerFetch(access, systemClock),
    cacheBytes,
    onFailure: () => undefined,
  });
}

/** @throws Fault, UsageError, InputError */
export async function verifyAssertionOffline(input: Input, given: Given): Promise<FederatedSubject> {
  const { role, now, checks, values, terminal } = given;
  const path = values["metadata"] as string | undefined;
  if (path === undefined)
    throw new UsageError("--assertion without a server needs --metadata, the provider's metadata");
  const identityProviders = await readIdentityProviders(path, terminal);
  const about = {
    account: role.account,
    partition: role.partition,
    roleArn: input.RoleArn,
    principalArn: input.PrincipalArn!,
  };
  const thread = new SignatureThread();
  const { samlAudiences } = settingsFor(values, issuerSettings, terminal);
  const sources: AssertionSources = {
    ids: createIds(new SystemRandom()),
    provider: async (account, name) => ({
      record: {
        id: "given",
        account,
        name,
        path: "/",
        identityProviders,
        encryption: "Allowed",
        tags: [],
        createdAt: now,
      },
      privateKeys: () => [],
    }),
    audiences: [ownAudience, ...samlAudiences],
    verified: (signed) => thread.verify(signed),
  };
  try {
    return await verifyAssertion(input.SAMLAssertion!, about, sources, now, checks);
  } finally {
    await thread.close();
  }
}

/** @throws InputError */
async function readIdentityProviders(path: string, terminal: Terminal) {
  const text = await readText(path, terminal);
  try {
    return await readMetadata(text, async () => undefined);
  } catch (cause) {
    if (!(cause instanceof UnreadableMetadata || cause instanceof TooMuchMetadata)) throw cause;
    throw new InputError(`${path}: this is not the metadata of a SAML identity provider`, { cause });
  }
}
