import { compile } from "../policy/index.ts";
import type { CompiledPolicy } from "../policy/types.ts";
import type { Tx } from "../store/database.ts";
import type { Eventual } from "../store/eventual.ts";
import { nameKey } from "../store/names.ts";
import type { RoleRecord } from "../store/records.ts";
import { RevisionCache } from "../store/revision-cache.ts";
import * as roles from "../store/roles.ts";

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

/** Roles that calls name: to be assumed, or to be shown. Cached by account revision. */
export class KnownRoles {
  readonly entries = new RevisionCache<KnownRole | null>(10_000);

  /** Regardless of case. */
  byName(tx: Tx, account: string, name: string): Eventual<KnownRole | null> {
    return this.entries.get(tx, account, `${account}/${nameKey(name)}`, async () => {
      const record = await roles.byName(tx, account, name);
      return record === null ? null : new KnownRole(record);
    });
  }
}
