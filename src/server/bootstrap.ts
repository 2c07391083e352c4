import type { Ids } from "../clock/ids.ts";
import type { KeyRing } from "../seal/key-ring.ts";
import {
  administratorName,
  createAccountWithAdministrator,
  randomAccountId,
} from "../services/rolecall/administrator.ts";
import * as accounts from "../store/organizations/accounts.ts";
import type { Database, Tx } from "../store/sql/database.ts";
import * as settings from "../store/server/settings.ts";

/** The setting that names the account whose administrators run the server. */
const operatorSetting = "operator-account";

/** An administrator that is about to be made, or was: the only moment at which its secret is known. */
export interface NewAdministrator {
  readonly accountId: string;
  readonly accountName: string;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether this is the operator's account. */
  readonly operator: boolean;
}

export interface BootstrapOptions {
  readonly partition: string;
  readonly ids: Ids;
  readonly secrets: KeyRing;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The first account, and its administrator's key where it is given from outside. */
  readonly first: {
    readonly id?: string | undefined;
    readonly key?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  };
  /** Administrators of an earlier state, whose keys are to stay good (an ephemeral server that is reset). */
  readonly known?: readonly NewAdministrator[] | undefined;
  /** Accounts that the configuration names; those that are not there yet are made. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /**
   * Called with every new administrator *before* anything is committed, so that a secret is in the owner's hands before
   * it is good: a crash between the two leaves a useless profile, never a lost key.
   */
  readonly keep: (administrators: readonly NewAdministrator[]) => Promise<void>;
}

export interface Bootstrapped {
  readonly operatorAccount: string;
  /** Empty when everything was there already. */
  readonly created: readonly NewAdministrator[];
}

/** The account whose administrators run the server; null before the first start. */
export function operatorAccount(tx: Tx): Promise<string | null> {
  return settings.get(tx, operatorSetting);
}

/** The accounts that a server must have: the operator's, and those the configuration names. */
export async function bootstrap(database: Database, options: BootstrapOptions): Promise<Bootstrapped> {
  const planned = await database.read((tx) => plan(tx, options));
  if (planned.length > 0) await options.keep(planned);
  return database.write(async (tx) => {
    const created: NewAdministrator[] = [];
    for (const administrator of planned) {
      // Another node may have been faster.
      if (administrator.operator && (await settings.get(tx, operatorSetting)) !== null) continue;
      if ((await accounts.byId(tx, administrator.accountId)) !== null) continue;
      await make(tx, administrator, options);
      created.push(administrator);
    }
    return { operatorAccount: (await settings.get(tx, operatorSetting))!, created };
  });
}

async function plan(tx: Tx, options: BootstrapOptions): Promise<readonly NewAdministrator[]> {
  const planned: NewAdministrator[] = [];
  if ((await settings.get(tx, operatorSetting)) === null) {
    const id = options.first.id ?? options.accounts[0]?.id ?? randomAccountId(options.ids);
    const named = options.accounts.find((account) => account.id === id);
    planned.push(administrator(options, id, named?.name ?? "main", true, options.first.key));
  }
  for (const { id, name } of options.accounts) {
    if (planned.some((other) => other.accountId === id) || (await accounts.byId(tx, id)) !== null) continue;
    planned.push(administrator(options, id, name, false, undefined));
  }
  return planned;
}

function administrator(
  { ids, known }: BootstrapOptions,
  accountId: string,
  accountName: string,
  operator: boolean,
  given: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined,
): NewAdministrator {
  const key = given ?? known?.find((other) => other.accountId === accountId);
  return {
    accountId,
    accountName,
    userName: administratorName,
    accessKeyId: key?.accessKeyId ?? ids.accessKeyId("AKIA", accountId),
    secretAccessKey: key?.secretAccessKey ?? ids.secretAccessKey(),
    operator,
  };
}

async function make(tx: Tx, planned: NewAdministrator, options: BootstrapOptions): Promise<void> {
  await createAccountWithAdministrator(tx, options, {
    id: planned.accountId,
    name: planned.accountName,
    partition: options.partition,
    now: options.now,
    key: planned,
  });
  if (planned.operator) await settings.set(tx, operatorSetting, planned.accountId);
}
