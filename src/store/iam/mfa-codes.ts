/**
 * What is remembered of the codes that MFA devices have shown: which were used, and how many were verified lately. All
 * nodes remember together. What a removed device has used is forgotten with it; how many were verified is not, for a new
 * one may have its serial number.
 */
import { nameKey } from "../sql/names.ts";
import { unversioned } from "../sql/query.ts";
import { integer, key } from "../sql/table/column.ts";
import { queriesOf } from "../sql/table/queries.ts";
import { finder, inserter } from "../sql/table/statements.ts";
import { table } from "../sql/table/table.ts";
import type { Tx } from "../sql/transaction.ts";
import type { MfaDeviceRecord } from "./mfa-devices.ts";

export const usedCodes = table("mfa_used_codes", {
  deviceId: key,
  /** In which step of its clock the device shows the code: two steps may have the same one. */
  step: integer,
});

/** Verifications are counted by serial number: a new device of an old one's number goes on where that one stood. */
export const verifications = table("mfa_verifications", {
  account: key,
  serialKey: key,
  /** The number of a span of time since the epoch. */
  span: integer,
  codes: integer,
});

type Device = Pick<MfaDeviceRecord, "id" | "account" | "name">;

/** How many codes may be verified in each span of time. */
interface Budget {
  readonly span: number;
  readonly most: number;
}

const { write } = queriesOf(usedCodes, verifications);
const insertUsed = inserter(usedCodes, "deviceId", "step");
const findVerifications = finder(verifications, "account", "serialKey");
const dropUsedBefore = write((db, p: { device: string; step: number }) =>
  db.deleteFrom("mfa_used_codes").where("device_id", "=", p.device).where("step", "<", p.step),
);
const countVerification = write((db, p: { account: string; serial: string; span: number; most: number }) =>
  db
    .insertInto("mfa_verifications")
    .values({ account: p.account, serial_key: p.serial, span: p.span, codes: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(["account", "serial_key"])
        .doUpdateSet((eb) => ({
          codes: eb
            .case()
            .when("mfa_verifications.span", "=", eb.ref("excluded.span"))
            .then(eb("mfa_verifications.codes", "+", 1))
            .else(1)
            .end(),
          span: eb.ref("excluded.span"),
        }))
        .where((eb) =>
          eb.or([
            eb("mfa_verifications.span", "<>", eb.ref("excluded.span")),
            eb("mfa_verifications.codes", "<", p.most),
          ]),
        ),
    ),
);
const dropOtherVerifications = write((db, p: { account: string; serial: string; span: number }) =>
  db
    .deleteFrom("mfa_verifications")
    .where("account", "=", p.account)
    .where("serial_key", "<>", p.serial)
    .where("span", "<", p.span),
);

/** Whether one more code of a device may be verified. */
export async function mayVerify(tx: Tx, device: Device, { span, most }: Budget): Promise<boolean> {
  const known = await findVerifications(tx, serialOf(device));
  return known === null || known.span !== span || known.codes < most;
}

/** Counts a code before it is verified, and forgets the account's counts of spans that are over. @returns as `mayVerify` */
export async function verifying(tx: Tx, device: Device, { span, most }: Budget): Promise<boolean> {
  const { account, serialKey: serial } = serialOf(device);
  dropOtherVerifications.defer(tx, { account, serial, span });
  return (await countVerification.run(tx, unversioned, { account, serial, span, most })) > 0;
}

/**
 * Uses up a code, and forgets those of steps that can come no more.
 *
 * @param oldest the first step that is remembered
 * @returns false where it was used before
 */
export async function use(tx: Tx, device: Device, step: number, oldest: number): Promise<boolean> {
  dropUsedBefore.defer(tx, { device: device.id, step: oldest });
  return (await insertUsed(tx, unversioned, { deviceId: device.id, step })) > 0;
}

function serialOf({ account, name }: Device) {
  return { account, serialKey: nameKey(name) };
}
