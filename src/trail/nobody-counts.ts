import { randomUUID } from "node:crypto";
import { isoSeconds } from "../clock/iso.ts";
import { shorten } from "../text/shorten.ts";
import type { CallFacts } from "./facts.ts";
import { recordedOutsideContracts } from "./recorded-operation.ts";
import type { RecordedOperation } from "./recorded-operation.ts";

/** What is told of a request that is only counted. */
export type CountedFacts = Pick<CallFacts, "now" | "operation" | "region" | "sourceIp" | "fault" | "fallbackAccount">;

interface KindName {
  readonly code: string;
  readonly operation: RecordedOperation;
  readonly account: string;
  readonly region: string;
}

/** Requests that were alike. */
interface Kind extends KindName {
  count: number;
  first: number;
  last: number;
  readonly addresses: Set<string>;
}

/** Kinds that are told apart; further ones are one kind together. */
const mostKinds = 16;
const others = { code: "Various", operation: recordedOutsideContracts("various", "Unknown") };
/** Addresses that are named of one kind. */
const mostAddresses = 10;
const longestAddress = 64;
const longestName = 128;

/** Counts requests that have no record of their own, by what was asked and how it was refused. */
export class NobodyCounts {
  readonly #kinds = new Map<string, Kind>();

  get empty(): boolean {
    return this.#kinds.size === 0;
  }

  add({ now, operation, region, sourceIp, fault, fallbackAccount: account }: CountedFacts): void {
    const code = shorten(fault?.code ?? "", longestName);
    const kind = this.#kindOf({ code, operation, account, region: shorten(region, longestName) }, now);
    kind.count++;
    kind.first = Math.min(kind.first, now);
    kind.last = Math.max(kind.last, now);
    if (kind.addresses.size < mostAddresses) kind.addresses.add(shorten(sourceIp, longestAddress));
  }

  /** Takes over what another has counted. */
  merge(other: NobodyCounts): void {
    for (const from of other.#kinds.values()) {
      const kind = this.#kindOf(from, from.first);
      kind.count += from.count;
      kind.first = Math.min(kind.first, from.first);
      kind.last = Math.max(kind.last, from.last);
      for (const address of from.addresses) if (kind.addresses.size < mostAddresses) kind.addresses.add(address);
    }
  }

  #kindOf(name: KindName, now: number): Kind {
    const known = this.#kinds.get(keyOf(name));
    if (known !== undefined) return known;
    if (this.#kinds.size < mostKinds) return this.#begin(name, now);
    return this.#kinds.get(keyOf(others)) ?? this.#begin({ ...name, ...others }, now);
  }

  #begin(name: KindName, now: number): Kind {
    const { code, operation, account, region } = name;
    const kind = { code, operation, account, region, count: 0, first: now, last: now, addresses: new Set<string>() };
    this.#kinds.set(keyOf(name), kind);
    return kind;
  }

  /** One record for each kind. */
  records(): readonly string[] {
    return [...this.#kinds.values()].map(summary);
  }
}

function keyOf({ code, operation }: Pick<KindName, "code" | "operation">): string {
  return `${code} ${operation.eventSource} ${operation.eventName}`;
}

/** CloudTrail's form, so that what reads records reads this; what is counted stands in additionalEventData. */
function summary(kind: Kind): string {
  const { code, operation, count, first, last } = kind;
  const addresses = [...kind.addresses];
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: "Unknown", principalId: "", accountId: "" },
    eventTime: isoSeconds(last),
    eventSource: operation.eventSource,
    eventName: operation.eventName,
    awsRegion: kind.region,
    sourceIPAddress: addresses.length === 1 ? addresses[0] : "various",
    errorCode: code,
    errorMessage: `${count} more of this kind that have no record of their own`,
    requestParameters: null,
    responseElements: null,
    additionalEventData: { counted: { count, first: isoSeconds(first), last: isoSeconds(last), addresses } },
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: kind.account,
    eventCategory: "Management",
  });
}
