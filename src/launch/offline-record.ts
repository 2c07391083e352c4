import type { Ids } from "../clock/ids.ts";
import type { Tx } from "../store/sql/database.ts";
import * as outbox from "../store/server/outbox.ts";
import { recordedOutsideContracts } from "../trail/recorded-operation.ts";
import { trailRecords } from "../trail/record.ts";

export interface OfflineCall {
  readonly operation: string;
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Who asked, as the operating system knows them. */
  readonly login: string;
  readonly userAgent: string;
  readonly input: object;
  readonly output: object;
}

/** Nobody signed this call: its record, in the same transaction, says who was at the machine instead. */
export async function recordOffline(tx: Tx, ids: Ids, call: OfflineCall): Promise<void> {
  const records = trailRecords(
    {
      eventId: ids.uuid(),
      requestId: ids.uuid(),
      now: call.now,
      operation: recordedOutsideContracts("rolecall", call.operation),
      region: "us-east-1",
      sourceIp: "offline",
      userAgent: call.userAgent,
      secure: false,
      host: undefined,
      caller: null,
      claimedAccessKeyId: undefined,
      fallbackAccount: call.account,
      input: call.input,
      output: call.output,
      fault: null,
      verdicts: [],
      asked: [],
      concerned: [],
      additional: { offline: true, login: call.login },
    },
    ids,
  );
  for (const { eventId, text } of records) {
    outbox.append(tx, { eventId, account: call.account, at: call.now, record: text, private: "" });
  }
}
