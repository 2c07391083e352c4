/** Service-specific credentials of users: who they are to one service alone. */
import { sql } from "kysely";

import { NotFound } from "../sql/errors.ts";
import { nameKey } from "../sql/names.ts";
import { unversioned } from "../sql/query.ts";
import { bytes, following, integer, key, optional, selected, text, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter, remover, updater } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { ChangeOf, NewOf, RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { owned, ownedRecords } from "./owned-records.ts";

const members = {
  ...owned,
  /** The user's present name. */
  ownerName: selected({
    expression: () => sql<string>`(select u."name" from "users" u where u."id" = "service_credentials"."owner_id")`,
    toRecord: (name: string) => name,
    value: "",
  }),
  /** `codecommit.amazonaws.com` */
  service: key,
  /** User name or alias at the service; it stays when the user gets another name. */
  name: text,
  nameKey: following(key, "name", nameKey),
  /** What tells the secret from any other text; the secret is not kept. */
  verifier: bytes,
  status: word<"Active" | "Inactive">(),
  createdAt: integer,
  expiresAt: optional(integer),
};
export const serviceCredentials = table("service_credentials", members);

export type ServiceCredentialRecord = RecordOf<typeof members>;
export type NewServiceCredential = NewOf<typeof members>;

const { read } = queriesOf(serviceCredentials);
const find = finder(serviceCredentials, "id");
const findByName = finder(serviceCredentials, "service", "nameKey");
const insert = inserter(serviceCredentials, "service", "nameKey");
const change = updater(serviceCredentials, "id", "account");
const drop = remover(serviceCredentials, "id", "account");
export const { countByOwner } = ownedRecords(serviceCredentials);

type PageOf = { whose: string; service: string; after: string; limit: number };
const selectPage = (by: "owner_id" | "account", which: "all" | "of one service") =>
  read((db, p: PageOf, dialect) => {
    const page = serviceCredentials
      .selectFrom(db, dialect)
      .where(by, "=", p.whose)
      .where("id", ">", p.after)
      .orderBy("id")
      .limit(p.limit);
    return which === "all" ? page : page.where("service", "=", p.service);
  });
const pages = {
  owner: { all: selectPage("owner_id", "all"), ofOne: selectPage("owner_id", "of one service") },
  account: { all: selectPage("account", "all"), ofOne: selectPage("account", "of one service") },
};
const selectCountOfService = read((db, p: { owner: string; service: string }) =>
  db
    .selectFrom("service_credentials")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("owner_id", "=", p.owner)
    .where("service", "=", p.service),
);

/** @param make the credential with the nth of the names that it may have; it gets the first that nobody has at the service */
export async function create(tx: Tx, make: (nth: number) => NewServiceCredential): Promise<ServiceCredentialRecord> {
  for (let nth = 0; ; nth++) {
    const record = serviceCredentials.fresh(make(nth));
    if ((await insert(tx, unversioned, record)) > 0) return record;
  }
}

export function byId(tx: Tx, id: string): Promise<ServiceCredentialRecord | null> {
  return find(tx, { id });
}

/** By its name at a service, regardless of case; of all accounts. */
export function byName(tx: Tx, service: string, name: string): Promise<ServiceCredentialRecord | null> {
  return findByName(tx, { service, nameKey: nameKey(name) });
}

/**
 * By id.
 *
 * @param whose a user's by `owner`, or those of all users of an account
 * @param page `after`: the id of the last one of the page before; `service`: of that one alone
 */
export async function list(
  tx: Tx,
  whose: { readonly owner: string } | { readonly account: string },
  page: { readonly service?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<ServiceCredentialRecord[]> {
  const [by, id] = "owner" in whose ? (["owner", whose.owner] as const) : (["account", whose.account] as const);
  const { service, after = "", limit } = page;
  const query = pages[by][service === undefined ? "all" : "ofOne"];
  return (await query.all(tx, { whose: id, service: service ?? "", after, limit })).map(serviceCredentials.record);
}

export async function countOfService(tx: Tx, owner: string, service: string): Promise<number> {
  return (await selectCountOfService.one(tx, { owner, service }))?.count ?? 0;
}

/** @throws NotFound */
export async function update(
  tx: Tx,
  credential: Ref,
  to: Pick<ChangeOf<typeof members>, "status" | "verifier">,
): Promise<void> {
  const found = await change(tx, unversioned, credential, to);
  if (found === 0) throw new NotFound("service-credential", credential.id);
}

/** @throws NotFound */
export async function remove(tx: Tx, credential: Ref): Promise<void> {
  const found = await drop(tx, unversioned, credential);
  if (found === 0) throw new NotFound("service-credential", credential.id);
}
