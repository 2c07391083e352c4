import * as accounts from "../../store/organizations/accounts.ts";
import type { AccountRecord } from "../../store/organizations/accounts.ts";
import * as oidcProviders from "../../store/iam/oidc-providers.ts";
import type { OidcProviderRecord } from "../../store/iam/oidc-providers.ts";
import { roomyCaches } from "../../store/sql/cache/budget.ts";
import { RevisionCache } from "../../store/sql/cache/revision-cache.ts";
import type { Dependence } from "../../store/sql/cache/revision-cache.ts";
import type { Tx } from "../../store/sql/database.ts";
import { accountDomain } from "../../store/sql/domain.ts";
import type { Eventual } from "../../store/sql/eventual.ts";

const nothing = {
  account: "none",
  user: "none",
  group: "none",
  role: "none",
  policy: "none",
  "access-key": "none",
  tags: "none",
  attachments: "none",
  "inline-policies": "none",
  membership: "none",
  "oidc-provider": "none",
} as const;

const accountDependence: Dependence<AccountRecord | null> = {
  on: { ...nothing, account: "all" },
  subjects: () => null,
};

/** Any change of a provider may make the one that is not there. */
const providerDependence: Dependence<OidcProviderRecord | null> = {
  on: { ...nothing, "oidc-provider": "all" },
  subjects: () => null,
};

const accountBytes = 600;
const bareProvider = 900;

/** Accounts whose roles are asked for with tokens, and their OIDC providers. Cached by account revision. */
export class KnownProviders {
  readonly #accounts: RevisionCache<AccountRecord | null>;
  readonly #providers: RevisionCache<OidcProviderRecord | null>;

  constructor(maxBytes: number = roomyCaches.providers) {
    this.#accounts = new RevisionCache(maxBytes / 4, () => accountBytes, { dependence: accountDependence });
    this.#providers = new RevisionCache((maxBytes * 3) / 4, providerBytes, { dependence: providerDependence });
  }

  account(tx: Tx, id: string): Eventual<AccountRecord | null> {
    return this.#accounts.get(tx, accountDomain(id), id, () => accounts.byId(tx, id));
  }

  /** @param name the issuer's URL without its scheme */
  byName(tx: Tx, account: string, name: string): Eventual<OidcProviderRecord | null> {
    return this.#providers.get(tx, accountDomain(account), `${account}/${name}`, () =>
      oidcProviders.byName(tx, account, name),
    );
  }
}

/** Bytes of memory, estimated; tags are not read. */
function providerBytes(provider: OidcProviderRecord | null): number {
  if (provider === null) return bareProvider;
  const texts = [provider.name, ...provider.clientIds, ...provider.thumbprints];
  let bytes = bareProvider + 2 * (provider.issuerKeys?.length ?? 0);
  for (const text of texts) bytes += 60 + 2 * text.length;
  for (const { key, value } of provider.tags) bytes += 150 + 2 * (key.length + value.length);
  return bytes;
}
