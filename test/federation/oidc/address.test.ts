/** Which addresses an issuer may be at (test/cases/oidc/addresses.jsonl: RFC 6890 and what clouds document). */
import { expect, it } from "vitest";
import { reachOf } from "../../../src/federation/oidc/address.ts";
import type { Reach } from "../../../src/federation/oidc/address.ts";
import { mayReach } from "../../../src/federation/oidc/private-issuers.ts";
import { casesIn } from "../../harness/cases.ts";

it.each(casesIn<{ address: string; reach: Reach }>("oidc/addresses.jsonl"))(
  "$address is $reach",
  ({ address, reach }) => expect(reachOf(address)).toBe(reach),
);

const named = [
  { host: "keycloak.internal", port: null },
  { host: "localhost", port: 8443 },
  { host: "10.0.0.5", port: null },
  { host: "169.254.7.7", port: 443 },
];
it.each([
  ["a public one needs no name", "issuer.example", 443, "1.1.1.1", true],
  ["a private one needs it", "issuer.example", 443, "10.0.0.1", false],
  ["by name, on any port", "Keycloak.Internal", 8080, "10.0.0.1", true],
  ["by name and port", "localhost", 8443, "127.0.0.1", true],
  ["on another port", "localhost", 443, "127.0.0.1", false],
  ["below the name", "x.keycloak.internal", 443, "10.0.0.1", false],
  ["by address", "10.0.0.5", 443, "10.0.0.5", true],
  ["another name for the address", "issuer.example", 443, "10.0.0.5", false],
  ["metadata, by a name that is named", "keycloak.internal", 443, "169.254.169.254", false],
  ["link-local, by its own address", "169.254.7.7", 443, "169.254.7.7", true],
])("%s", (_, host, port, address, may) => expect(mayReach(named, { host, port }, address)).toBe(may));
