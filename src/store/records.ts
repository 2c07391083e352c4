/**
 * The domain records that the store takes and returns. Times are milliseconds since the epoch, account ids are twelve
 * digits as text, absent is null. Secrets are ciphertext: sealing happens above the store.
 */
import type { Bindings } from "../policy/types.ts";
import type { KeyState } from "../seal/ring-state.ts";
import type { RingPurpose } from "../seal/ring-purpose.ts";

/** Enough to name a record for a change: any record of an entity is one. */
export interface Ref {
  readonly account: string;
  /** Unique id (AIDA…, AROA…, AGPA…, ANPA…); for the root of an account, the account's id. */
  readonly id: string;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** One page of a list ordered by name, regardless of case. */
export interface Page {
  /** Name of the last item of the page before. */
  readonly after?: string | undefined;
  /** Most items to return; ask for one more than is shown to learn whether there are more. */
  readonly limit: number;
  /** Begins with `/`; `/` by default: everything. */
  readonly pathPrefix?: string | undefined;
}

export interface AccountRecord {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly partition: string;
  readonly createdAt: number;
  readonly organizationId: string | null;
  /** `o-xxx/r-xxx/ou-…/`, as aws:PrincipalOrgPaths has it. */
  readonly organizationPath: string | null;
  readonly alias: string | null;
}

export interface OrganizationRecord {
  /** `o-…` */
  readonly id: string;
  readonly managementAccount: string;
  /** `r-…` */
  readonly rootId: string;
  readonly createdAt: number;
}

export interface UserRecord extends Ref {
  readonly name: string;
  readonly path: string;
  readonly createdAt: number;
  readonly passwordLastUsedAt: number | null;
  readonly boundaryArn: string | null;
  readonly tags: readonly Tag[];
}

export interface NewUser extends Ref {
  readonly name: string;
  readonly path: string;
  readonly createdAt: number;
  readonly boundaryArn?: string | null | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

export type AccessKeyStatus = "Active" | "Inactive";

export interface AccessKeyRecord extends Ref {
  /** Id of the user, or of the account for a key of its root. */
  readonly ownerId: string;
  readonly sealedSecret: Uint8Array;
  readonly status: AccessKeyStatus;
  readonly createdAt: number;
  readonly lastUsed: AccessKeyUse | null;
}

export interface AccessKeyUse {
  readonly at: number;
  readonly region: string;
  readonly service: string;
}

export type NewAccessKey = Omit<AccessKeyRecord, "lastUsed">;

export interface GroupRecord extends Ref {
  readonly name: string;
  readonly path: string;
  readonly createdAt: number;
}

export interface RoleRecord extends Ref {
  readonly name: string;
  readonly path: string;
  readonly description: string | null;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly trustPolicy: string;
  readonly trustBindings: Bindings;
  readonly boundaryArn: string | null;
  readonly createdAt: number;
  readonly lastUsed: RoleUse | null;
  readonly serviceLinked: boolean;
  readonly tags: readonly Tag[];
}

export interface RoleUse {
  readonly at: number;
  readonly region: string;
}

export interface NewRole extends Ref {
  readonly name: string;
  readonly path: string;
  readonly description?: string | null | undefined;
  readonly maxSessionDuration: number;
  readonly trustPolicy: string;
  readonly trustBindings: Bindings;
  readonly boundaryArn?: string | null | undefined;
  readonly createdAt: number;
  readonly serviceLinked?: boolean | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

/** A customer managed policy. */
export interface PolicyRecord extends Ref {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Number of the default version: 1 is `v1`. */
  readonly defaultVersion: number;
  readonly attachable: boolean;
  /** Users, groups and roles that it is attached to. */
  readonly attachmentCount: number;
  /** Users and roles whose permissions boundary it is. */
  readonly boundaryUsageCount: number;
  readonly tags: readonly Tag[];
}

export interface NewPolicy extends Ref {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string | null | undefined;
  readonly createdAt: number;
  /** Of version 1. */
  readonly document: string;
  readonly attachable?: boolean | undefined;
  readonly tags?: readonly Tag[] | undefined;
}

export interface PolicyVersionRecord {
  readonly policyId: string;
  /** 1 is `v1`. */
  readonly number: number;
  readonly document: string;
  readonly createdAt: number;
  readonly isDefault: boolean;
}

/** The text in force of a customer managed policy. */
export interface PolicyDocument {
  readonly arn: string;
  readonly policyId: string;
  readonly version: number;
  readonly document: string;
}

export interface InlinePolicy {
  readonly name: string;
  readonly document: string;
}

export type EntityKind = "account" | "user" | "group" | "role" | "policy";

/** Anything with a unique id. */
export interface EntityRecord extends Ref {
  readonly kind: EntityKind;
}

/** Who a policy is attached to, or whose boundary it is. */
export interface PolicyEntity extends Ref {
  readonly kind: "user" | "group" | "role";
  readonly name: string;
  readonly path: string;
}

/** Everything that grants permissions to a principal. Documents of `attached` ARNs come from `documents`. */
export interface PrincipalPolicies {
  readonly inline: readonly InlinePolicy[];
  readonly attached: readonly string[];
  /** Empty for a role. */
  readonly groups: readonly GroupPolicies[];
  readonly boundaryArn: string | null;
}

export interface GroupPolicies {
  readonly id: string;
  readonly name: string;
  readonly inline: readonly InlinePolicy[];
  readonly attached: readonly string[];
}

export interface RingKeyRecord {
  readonly purpose: RingPurpose;
  readonly id: string;
  readonly state: KeyState;
  /** The key, sealed by the master key. */
  readonly sealedKey: Uint8Array;
  readonly createdAt: number;
  /** When it entered its state. */
  readonly changedAt: number;
  /** How often it has sealed, on all nodes, as far as they have recorded it. */
  readonly seals: number;
}

/** A process that uses the database, as it said of itself. Times are the database's. */
export interface NodeRecord {
  /** Of this run of the process. */
  readonly id: string;
  /** For people: machine and process. */
  readonly name: string;
  /** Where it has the master key from, for people. */
  readonly masterKeySource: string;
  readonly startedAt: number;
  /** Until when it is counted on, unless it says so again. */
  readonly expiresAt: number;
  /** The keys of both rings that it has, `RING/ID`. */
  readonly ringKeys: ReadonlySet<string>;
  /** How far its clock is ahead of the database's, in milliseconds. */
  readonly clockDeviation: number;
}

/** A trail record that is committed with its change and waits to be written to the trail. */
export interface OutboxRecord {
  readonly eventId: string;
  readonly account: string;
  readonly at: number;
  /** The public record, JSON text. */
  readonly record: string;
  /** What only the operator may see, JSON text. */
  readonly private: string;
}
