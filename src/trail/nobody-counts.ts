import { randomUUID } from "node:crypto";
import { isoSeconds } from "../clock/iso.ts";
import { shorten } from "../text/shorten.ts";
import type { CallFacts } from "./facts.ts";

/** What is told of a request that is only counted. */
export type CountedFacts = Pick<
  CallFacts,
  "now" | "service" | "operation" | "region" | "sourceIp" | "fault" | "fallbackAccount"
>;

interface KindName {
  readonly code: string;
  readonly service: string;
  readonly operation: string;
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
const others = { code: "Various", operation: "Unknown" };
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

  add({ now, service, operation, region, sourceIp, fault, fallbackAccount: account }: CountedFacts): void {
    const code = shorten(fault?.code ?? "", longestName);
    const kind = this.#kindOf({ code, service, operation, account, region: shorten(region, longestName) }, now);
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

  #kindOf({ code, service, operation, account, region }: KindName, now: number): Kind {
    const known = this.#kinds.get(`${code} ${service} ${operation}`);
    if (known !== undefined) return known;
    if (this.#kinds.size < mostKinds) return this.#begin({ code, service, operation, account, region }, now);
    const { code: various, operation: unknown } = others;
    return (
      this.#kinds.get(`${various} sts ${unknown}`) ?? this.#begin({ ...others, service: "sts", account, region }, now)
    );
  }

  #begin(name: KindName, now: number): Kind {
    const kind = { ...name, count: 0, first: now, last: now, addresses: new Set<string>() };
    this.#kinds.set(`${name.code} ${name.service} ${name.operation}`, kind);
    return kind;
  }

  /** One record for each kind. */
  records(): readonly string[] {
    return [...this.#kinds.values()].map(summary);
  }
}

/** CloudTrail's form, so that what reads records reads this; what is counted stands in additionalEventData. */
function summary(kind: Kind): string {
  const { code, service, operation, count, first, last } = kind;
  const addresses = [...kind.addresses];
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: "Unknown", principalId: "", accountId: "" },
    eventTime: isoSeconds(last),
    eventSource: service === "rolecall" ? "rolecall" : `${service}.amazonaws.com`,
    eventName: operation,
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
