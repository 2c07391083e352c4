/**
 * MFA devices that show codes: virtual ones, which calls make, and hardware tokens, which an administrator registers. The
 * seed that a device makes its codes from is ciphertext.
 */
import { pageParameters } from "../sql/names.ts";
import type { Page } from "../sql/names.ts";
import { unversioned } from "../sql/query.ts";
import { initially, integer, key, optional, together, word } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import type { RecordOf } from "../sql/table/types.ts";
import type { Tx } from "../sql/transaction.ts";
import type { Ref } from "./entities.ts";
import { named, namedTable, pageOf } from "./named-table.ts";
import type { NewNamed, PageOf } from "./named-table.ts";
import { requireSealing, sealed, sealedSecrets } from "./sealed-secrets.ts";
import { exactCase, tagsOf } from "./tags.ts";

export type MfaDeviceType = "virtual" | "hardware";

/** Its name is its serial number: that of a virtual device is its ARN. */
const members = {
  ...named,
  ...sealed,
  type: word<MfaDeviceType>(),
  /** Whom it is enabled for, by id: a user, or the account for its root; and since when. */
  enabled: together({ for: key, at: integer }),
  /** How many steps its clock was ahead when a pair of its codes was last accepted. */
  drift: initially(integer, 0),
  /** The step of the later code of that pair. */
  lastStep: optional(integer),
  /** How many pairs were refused, and in which span of time: those of a span before count no more. */
  refused: together({ span: integer, pairs: integer }),
  tags: tagsOf("mfa_devices"),
};

export type MfaDeviceRecord = RecordOf<typeof members>;
type NewMfaDevice = NewNamed<typeof members>;

const devices = namedTable(
  { kind: "mfa-device", change: null, table: "mfa_devices", quota: "MFADevicesPerAccount", tagKeys: exactCase },
  members,
);
export const { table, byName, update, remove } = devices;
export const secrets = sealedSecrets(table, () => unversioned);

const { read } = queriesOf(table);

const selectOf = {
  Any: read((db, p: PageOf & { type: string }, dialect) =>
    pageOf(table, db, p, dialect).where("mfa_devices.type", "=", p.type),
  ),
  Assigned: read((db, p: PageOf & { type: string }, dialect) =>
    pageOf(table, db, p, dialect)
      .where("mfa_devices.type", "=", p.type)
      .where("mfa_devices.enabled_for", "is not", null),
  ),
  Unassigned: read((db, p: PageOf & { type: string }, dialect) =>
    pageOf(table, db, p, dialect).where("mfa_devices.type", "=", p.type).where("mfa_devices.enabled_for", "is", null),
  ),
};
const selectOfOwner = read((db, p: PageOf & { owner: string }, dialect) =>
  pageOf(table, db, p, dialect).where("mfa_devices.enabled_for", "=", p.owner),
);
const selectOwnerCount = read((db, p: { owner: string }) =>
  db
    .selectFrom("mfa_devices")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("enabled_for", "=", p.owner),
);
const selectAssignedCount = read((db, p: { account: string }) =>
  db
    .selectFrom("mfa_devices")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("account", "=", p.account)
    .where("enabled_for", "is not", null),
);

/** @throws as every kind's, a serial number is unique in its account; FormerRingKey as every secret's */
export async function create(tx: Tx, made: NewMfaDevice, limit: number): Promise<MfaDeviceRecord> {
  await requireSealing(tx, made.sealedSecret);
  return devices.create(tx, made, limit);
}

interface DevicePage extends Page {
  readonly type: MfaDeviceType;
  /** Only those that are enabled for somebody, or for nobody. */
  readonly assigned: keyof typeof selectOf;
}

/** Those of an account and of a type, by serial number. */
export async function list(tx: Tx, account: string, page: DevicePage): Promise<MfaDeviceRecord[]> {
  const parameters = { account, type: page.type, ...pageParameters(page) };
  return (await selectOf[page.assigned].all(tx, parameters)).map(table.record);
}

/** Those that are enabled for a user, or the root of an account, by serial number. @param owner by id */
export async function listByOwner(tx: Tx, owner: Ref, page: Page): Promise<MfaDeviceRecord[]> {
  const parameters = { account: owner.account, owner: owner.id, ...pageParameters(page) };
  return (await selectOfOwner.all(tx, parameters)).map(table.record);
}

export async function countByOwner(tx: Tx, ownerId: string): Promise<number> {
  return (await selectOwnerCount.one(tx, { owner: ownerId }))?.count ?? 0;
}

/** How many of an account are enabled for somebody. */
export async function countAssigned(tx: Tx, account: string): Promise<number> {
  return (await selectAssignedCount.one(tx, { account }))?.count ?? 0;
}
