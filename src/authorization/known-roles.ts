import { compile } from "../policy/index.ts";
import { rulesBytes } from "../policy/engine/rules-bytes.ts";
import type { CompiledPolicy } from "../policy/types.ts";
import { roomyCaches } from "../store/sql/cache/budget.ts";
import type { Tx } from "../store/sql/database.ts";
import { accountDomain } from "../store/sql/domain.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import { nameKey } from "../store/sql/names.ts";
import type { RoleRecord } from "../store/iam/roles.ts";
import { RevisionCache } from "../store/sql/cache/revision-cache.ts";
import type { Dependence } from "../store/sql/cache/revision-cache.ts";
import * as roles from "../store/iam/roles.ts";

/** Everything of a role that changes with a revision of its account; its last use does not. */
export type SettledRole = Omit<RoleRecord, "lastUsed">;

const wildcards = /[*\\]|NotPrincipal/;

/** A role as it stands at one revision of its account. */
export class KnownRole {
  readonly record: SettledRole;
  #trust: CompiledPolicy | undefined;

  constructor(record: SettledRole) {
    this.record = record;
  }

  /** Its trust policy, compiled when somebody first asks. */
  get trust(): CompiledPolicy {
    const { trustPolicy, trustBindings } = this.record;
    return (this.#trust ??= compile(trustPolicy, "trust", { id: "trust policy", bindings: trustBindings }));
  }

  /**
   * Whether its trust policy may speak of somebody of this account. Each principal is named with its account's id, as
   * written (authorization/binding.ts), unless it is a wildcard, or the JSON is written with escapes. A look at the text
   * says so without compiling it.
   */
  mayTrust(account: string): boolean {
    const { trustPolicy: text } = this.record;
    return text.includes(account) || wildcards.test(text);
  }
}

/**
 * A role that is there is read again after as many changes as one that is not, which any of them may have made: else the
 * reads of a refusal would tell which it is.
 */
const dependence: Dependence<KnownRole | null> = {
  on: {
    account: "none",
    user: "none",
    group: "none",
    role: "all",
    policy: "none",
    "access-key": "none",
    tags: "all",
    attachments: "none",
    "inline-policies": "none",
    membership: "none",
    "oidc-provider": "none",
  },
  subjects: () => null,
};

/** Roles that calls name: to be assumed, or to be shown. Cached by account revision. */
export class KnownRoles {
  readonly entries: RevisionCache<KnownRole | null>;

  constructor(maxBytes: number = roomyCaches.roles) {
    this.entries = new RevisionCache(maxBytes, (role) => (role === null ? 0 : roleBytes(role.record)), { dependence });
  }

  /** Regardless of case. */
  byName(tx: Tx, account: string, name: string): Eventual<KnownRole | null> {
    return this.entries.get(tx, accountDomain(account), `${account}/${nameKey(name)}`, async () => {
      const record = await roles.byName(tx, account, name);
      return record === null ? null : new KnownRole(record);
    });
  }
}

const bareRole = 1500;
const bareTag = 150;

/** Bytes of memory, estimated so that they are rather less than is said: with the trust policy compiled. */
function roleBytes({ trustPolicy, description, tags }: SettledRole): number {
  let bytes = bareRole + 2 * (trustPolicy.length + (description?.length ?? 0)) + rulesBytes(trustPolicy);
  for (const { key, value } of tags) bytes += bareTag + 2 * (key.length + value.length);
  return bytes;
}
