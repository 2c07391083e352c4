import type { Ids } from "../../clock/ids.ts";
import type { KeyRing } from "../../seal/key-ring.ts";
import * as accessKeys from "../../store/iam/access-keys.ts";
import * as accounts from "../../store/organizations/accounts.ts";
import * as attachments from "../../store/iam/attachments.ts";
import type { AccountRecord } from "../../store/organizations/accounts.ts";
import type { Tx } from "../../store/sql/database.ts";
import * as users from "../../store/iam/users.ts";

/** What making an administrator needs of the server; the first start has no more than this. */
export interface AdministratorSources {
  readonly ids: Ids;
  readonly secrets: KeyRing;
}

export interface NewAdministratedAccount {
  readonly id: string;
  readonly name: string;
  readonly email?: string | undefined;
  readonly partition: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A key given from outside (ephemeral servers only); made afresh otherwise. */
  readonly key?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export interface CreatedAdministrator {
  readonly account: AccountRecord;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const administratorName = "administrator";

/** An account with its root and one administrator, who may do everything in it. */
export async function createAccountWithAdministrator(
  tx: Tx,
  sources: AdministratorSources,
  wanted: NewAdministratedAccount,
): Promise<CreatedAdministrator> {
  const account = await accounts.create(tx, {
    id: wanted.id,
    name: wanted.name,
    email: wanted.email ?? null,
    partition: wanted.partition,
    createdAt: wanted.now,
  });
  const user = await createAdministrator(tx, sources, account, wanted.now);
  const key = await createKey(tx, sources, { account: account.id, id: user.id }, wanted.now, wanted.key);
  return { account, userName: user.name, ...key };
}

/** The user `administrator` with AdministratorAccess attached. */
export async function createAdministrator(tx: Tx, sources: AdministratorSources, account: AccountRecord, now: number) {
  const user = await users.create(tx, {
    account: account.id,
    id: sources.ids.uniqueId("AIDA", account.id),
    name: administratorName,
    path: "/",
    createdAt: now,
  });
  await attachments.attach(tx, user, `arn:${account.partition}:iam::aws:policy/AdministratorAccess`);
  return user;
}

/** A long-term key of a user, or of the account's root where the owner is the account itself. */
export async function createKey(
  tx: Tx,
  sources: Pick<AdministratorSources, "ids" | "secrets">,
  owner: { readonly account: string; readonly id: string },
  now: number,
  given?: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const accessKeyId = given?.accessKeyId ?? sources.ids.accessKeyId("AKIA", owner.account);
  const secretAccessKey = given?.secretAccessKey ?? sources.ids.secretAccessKey();
  await accessKeys.create(tx, {
    id: accessKeyId,
    account: owner.account,
    ownerId: owner.id,
    sealedSecret: sources.secrets.seal(new TextEncoder().encode(secretAccessKey), accessKeyId),
    status: "Active",
    createdAt: now,
  });
  return { accessKeyId, secretAccessKey };
}

/** Twelve random digits, the first never 0: people drop leading zeros when they copy ids. */
export function randomAccountId(ids: Ids): string {
  const digits = BigInt(`0x${ids.uuid().replaceAll("-", "").slice(16)}`) % 900_000_000_000n;
  return String(100_000_000_000n + digits);
}
