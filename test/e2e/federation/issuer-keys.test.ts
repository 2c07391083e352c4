/** The keys of issuers over real connections: what is asked, of whom, and how often. */
import { rootCertificates } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../src/clock/clock.ts";
import { Checks } from "../../../src/federation/checks.ts";
import { IssuerFetch } from "../../../src/federation/oidc/issuer-fetch.ts";
import type { FetchBounds } from "../../../src/federation/oidc/issuer-fetch.ts";
import type { IssuerFailure } from "../../../src/federation/oidc/issuer-failure.ts";
import { IssuerKeys } from "../../../src/federation/oidc/issuer-keys.ts";
import { sharedMaterial, signingKey, TestIssuer } from "../../harness/oidc-issuer.ts";

const { authority, key } = sharedMaterial();
const issuers: TestIssuer[] = [];

async function issuerOf(options: Parameters<typeof TestIssuer.start>[0] = {}): Promise<TestIssuer> {
  const issuer = await TestIssuer.start(options);
  issuers.push(issuer);
  return issuer;
}
afterEach(() => Promise.all(issuers.splice(0).map((issuer) => issuer.close())));

function keysOf({ trusted = true, bounds = {} }: { trusted?: boolean; bounds?: Partial<FetchBounds> } = {}) {
  const failures: IssuerFailure[] = [];
  const time = { now: 0 };
  const access = {
    privateIssuers: [
      { host: "127.0.0.1", port: null },
      { host: "localhost", port: null },
    ],
    authorities: trusted ? [...rootCertificates, authority.cert] : null,
  };
  const keys = new IssuerKeys({
    fetch: new IssuerFetch(access, systemClock, bounds),
    cacheBytes: 8_000_000,
    onFailure: (_, failure) => failures.push(failure),
    now: () => time.now,
  });
  return { keys, failures, time };
}

const providerOf = ({ name }: TestIssuer, thumbprints: readonly string[] = []) => ({
  account: "111122223333",
  name,
  thumbprints,
  issuerKeys: null,
});
const wanted = { kid: "first", alg: "ES256" } as const;

test("a key is fetched once, and is there at once afterwards", async () => {
  const issuer = await issuerOf();
  const { keys } = keysOf();
  const found = await keys.keyFor(providerOf(issuer), wanted, new Checks());
  expect(found.equals(key.publicKey)).toBe(true);
  expect(keys.keyFor(providerOf(issuer), wanted, new Checks())).toBe(found);
  expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  expect(keys.verificationOf(providerOf(issuer))).toBe("IAMTrustStore");
});

test("a rotation is seen with the first token that names the new key", async () => {
  const issuer = await issuerOf();
  const { keys } = keysOf();
  await keys.keyFor(providerOf(issuer), wanted, new Checks());
  issuer.keys = [signingKey("second")];
  const found = await keys.keyFor(providerOf(issuer), { kid: "second", alg: "ES256" }, new Checks());
  expect(found.equals(issuer.keys[0]!.publicKey)).toBe(true);
});

test("by thumbprint where nobody trusts the authority", async () => {
  const issuer = await issuerOf();
  const { keys, failures } = keysOf({ trusted: false });
  const provider = providerOf(issuer, [issuer.thumbprint]);
  expect((await keys.keyFor(provider, wanted, new Checks())).equals(key.publicKey)).toBe(true);
  expect(keys.verificationOf(provider)).toBe("Thumbprint");
  await expect(keys.keyFor(providerOf(issuer, ["0".repeat(40)]), wanted, new Checks())).rejects.toMatchObject({
    code: "InvalidIdentityToken",
    message: "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
  });
  expect(failures.map(({ kind }) => kind)).toEqual(["certificate"]);
});
