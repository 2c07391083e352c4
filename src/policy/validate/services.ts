/** What is known about services, as an argument: this library reads no files. */

import type { ConditionKeyType } from "../context-key.ts";

export interface ConditionKeyData {
  /** As AWS writes it; `${TagKey}` and the like stand for any text. */
  readonly key: string;
  readonly type: ConditionKeyType;
  readonly multivalued: boolean;
}

export interface ActionData {
  /** Without the service's prefix. */
  readonly name: string;
  readonly accessLevel: "List" | "Read" | "Write" | "Tagging" | "Permissions management";
  /** Names of resource types; empty when the action takes `*` only. */
  readonly resourceTypes: readonly string[];
  /** Keys of the action and of its resource types, without the global ones. */
  readonly conditionKeys: readonly string[];
}

export interface ResourceTypeData {
  readonly name: string;
  /** `arn:${Partition}:s3:::${BucketName}/${ObjectName}` */
  readonly arn: string;
}

export interface ServiceDescription {
  readonly prefix: string;
  readonly actions: readonly ActionData[];
  readonly resourceTypes: readonly ResourceTypeData[];
  readonly conditionKeys: readonly ConditionKeyData[];
}

export interface ServiceData {
  /** Prefixes of all services that exist, lower case. */
  readonly prefixes: ReadonlySet<string>;
  /** Prefixes of services that existed, lower case: what speaks of them is no mistake of spelling. */
  readonly retired?: ReadonlySet<string>;
  /** Services in ARNs that are not also prefixes of actions. */
  readonly arnServices?: ReadonlySet<string>;
  /** Keys that every service knows (`aws:…`). */
  readonly globalKeys: readonly ConditionKeyData[];
  /** The description of a service; undefined when it does not exist or was not loaded, and is then not judged. */
  service(prefix: string): ServiceDescription | undefined;
}

/**
 * The services that are built here: of them everything is known. Elsewhere the Service Authorization Reference leaves
 * ARNs and keys out that AWS's own policies use, and Access Analyzer reports none of them (recorded from AWS, March 2026).
 */
export const ownServices: ReadonlySet<string> = new Set(["iam", "sts", "rolecall"]);

/** Whether a key as written is the one described, whose `${…}` stands for any text. Case does not count. */
export function isKey(described: string, written: string): boolean {
  const open = described.indexOf("${");
  if (open < 0) return described.toLowerCase() === written.toLowerCase();
  const close = described.indexOf("}", open);
  const head = described.slice(0, open).toLowerCase();
  const tail = described.slice(close + 1).toLowerCase();
  const text = written.toLowerCase();
  return text.length > head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
