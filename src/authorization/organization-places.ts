import * as places from "../store/organizations/places.ts";
import { RevisionCache } from "../store/sql/cache/revision-cache.ts";
import type { Dependence } from "../store/sql/cache/revision-cache.ts";
import type { Tx } from "../store/sql/database.ts";
import { accountDomain, organizationDomain } from "../store/sql/domain.ts";
import { gather } from "../store/sql/eventual.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import type { OrganizationPlace } from "./context-sources.ts";

/** Bytes of an organization's id. */
const membershipBytes = 100;
/** Bytes of that and a path. */
const placeBytes = 500;

const membershipDependence: Dependence<string | null> = {
  on: {
    account: "own",
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
  },
  subjects: (account) => [account],
};

const placeDependence: Dependence<OrganizationPlace | null> = {
  on: { organization: "all", place: "all" },
  subjects: () => null,
};

/**
 * Where accounts lie in organizations. Which organization it is belongs to the account, where in it to the organization:
 * who moves a unit with a thousand accounts raises one revision.
 */
export class OrganizationPlaces {
  readonly #memberships: RevisionCache<string | null>;
  readonly #places: RevisionCache<OrganizationPlace | null>;

  constructor(maxBytes: number) {
    this.#memberships = new RevisionCache(maxBytes / 4, () => membershipBytes, { dependence: membershipDependence });
    this.#places = new RevisionCache((maxBytes * 3) / 4, () => placeBytes, { dependence: placeDependence });
  }

  /** Null for an account that is in no organization. */
  of(tx: Tx, account: string): Eventual<OrganizationPlace | null> {
    return gather(
      () => this.#memberships.get(tx, accountDomain(account), account, () => places.organizationOf(tx, account)),
      (id) => (id === null ? null : this.#in(tx, id, account)),
    );
  }

  #in(tx: Tx, id: string, account: string): Eventual<OrganizationPlace | null> {
    return this.#places.get(tx, organizationDomain(id), account, async () => {
      const path = await places.pathIn(tx, account, id);
      return path === null ? null : { id, path };
    });
  }
}
