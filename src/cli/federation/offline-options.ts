import type { Option, OptionValues, Repeated } from "../command.ts";

/** What would be configured in a server: given by files, no server is asked. */
export const offlineOptions: readonly Option[] = [
  { name: "trust-policy", placeholder: "FILE", describe: "Without a server: the role's trust policy." },
  { name: "keys", placeholder: "FILE", describe: "Without a server: the issuer's keys (a JWK Set)." },
  {
    name: "provider-url",
    placeholder: "URL",
    describe: "Without a server: the OIDC provider's URL. Default: the token's issuer.",
  },
  {
    name: "client-id",
    placeholder: "ID",
    describe: "Without a server: an audience of the provider. May be repeated. Default: sts.amazonaws.com.",
    repeats: true,
  },
  { name: "metadata", placeholder: "FILE", describe: "Without a server: the SAML provider's metadata." },
  { name: "at", placeholder: "TIME", describe: "Without a server: as if it were then, such as 2026-11-28T12:00:00Z." },
];

export function isOffline(values: OptionValues, repeated: Repeated): boolean {
  return offlineOptions.some(({ name }) => values[name] !== undefined || repeated.has(name));
}
