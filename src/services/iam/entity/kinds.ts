import type { IamType } from "../../../arn/arn.ts";
import type { Quotas } from "../../../operation/quotas.ts";
import type { Page } from "../../../store/sql/names.ts";
import type { Tx } from "../../../store/sql/transaction.ts";
import * as accessKeys from "../../../store/iam/access-keys.ts";
import * as attachments from "../../../store/iam/attachments.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import * as groups from "../../../store/iam/groups.ts";
import type { Tag } from "../../../store/iam/tags.ts";
import * as inlinePolicies from "../../../store/iam/inline-policies.ts";
import * as instanceProfiles from "../../../store/iam/instance-profiles.ts";
import * as serviceCredentials from "../../../store/iam/service-credentials.ts";
import * as sshPublicKeys from "../../../store/iam/ssh-public-keys.ts";
import * as loginProfiles from "../../../store/iam/login-profiles.ts";
import * as mfaDevices from "../../../store/iam/mfa-devices.ts";
import * as roles from "../../../store/iam/roles.ts";
import * as serverCertificates from "../../../store/iam/server-certificates.ts";
import * as signingCertificates from "../../../store/iam/signing-certificates.ts";
import * as users from "../../../store/iam/users.ts";
import type { TitlesOf } from "./family.ts";

/** What any entity that a call names has in common. */
export interface EntityRecord {
  readonly name: string;
  readonly path: string;
  readonly tags?: readonly Tag[];
}

/** Of how many entities of a kind an account may have. */
export type EntityQuota = keyof Quotas & `${string}PerAccount`;

interface Kind {
  /** In the names of operations and of members: `GetUser`, `UserName`. */
  readonly title: string;
  /** As refusals call one whose name is missing or taken, and what one may not do something to. */
  readonly noSuch: (name: string) => string;
  readonly taken: (name: string) => string;
  readonly shownAs: (name: string) => string;
  readonly quota: EntityQuota;
  readonly records: {
    readonly byName: (tx: Tx, account: string, name: string) => Promise<EntityRecord | null>;
    readonly list: (tx: Tx, account: string, page: Page) => Promise<readonly EntityRecord[]>;
    readonly remove: (tx: Tx, entity: Ref) => Promise<void>;
  };
  /**
   * What must be gone before one is deleted, as AWS tells one to mend it, and how many of it there are; in the order in
   * which AWS says so.
   */
  readonly obstacles: (tx: Tx, entity: Ref) => Readonly<Record<string, Promise<number>>>;
}

/** The kinds of entity that calls name by name, one row each; their type in ARNs is the key. */
export const kinds = {
  user: {
    title: "User",
    noSuch: (name) => `The user with name ${name} cannot be found.`,
    taken: (name) => `User with name ${name} already exists.`,
    shownAs: (name) => `user ${name}`,
    quota: "usersPerAccount",
    records: users,
    obstacles: (tx, user) => ({
      "delete login profile": loginProfiles.countOfUser(tx, user),
      ...policiesOf(tx, user),
      "remove tokens from principal": mfaDevices.countByOwner(tx, user.id),
      "delete certificates": signingCertificates.countByOwner(tx, user.id),
      // Recorded of service-specific credentials before access keys; of SSH keys AWS was not seen to say anything.
      "remove referenced objects": serviceCredentials
        .countByOwner(tx, user.id)
        .then(async (count) => count + (await sshPublicKeys.countByOwner(tx, user.id))),
      "delete access keys": accessKeys.countByOwner(tx, user.id),
      "remove users from group": groups.groupCountOfUser(tx, user),
    }),
  },
  group: {
    title: "Group",
    noSuch: (name) => `The group with name ${name} cannot be found.`,
    taken: (name) => `Group with name ${name} already exists.`,
    shownAs: (name) => `group ${name}`,
    quota: "groupsPerAccount",
    records: groups,
    obstacles: (tx, group) => ({ ...policiesOf(tx, group), "remove users from group": groups.memberCount(tx, group) }),
  },
  role: {
    title: "Role",
    noSuch: (name) => `The role with name ${name} cannot be found.`,
    taken: (name) => `Role with name ${name} already exists.`,
    shownAs: (name) => `role ${name}`,
    quota: "rolesPerAccount",
    records: roles,
    obstacles: (tx, role) => ({
      ...policiesOf(tx, role),
      "remove roles from instance profile": instanceProfiles.countOfRole(tx, role),
    }),
  },
  "instance-profile": {
    title: "InstanceProfile",
    noSuch: (name) => `Instance Profile ${name} cannot be found.`,
    taken: (name) => `Instance Profile ${name} already exists.`,
    shownAs: (name) => `instance profile ${name}`,
    quota: "instanceProfilesPerAccount",
    records: instanceProfiles,
    obstacles: (tx, profile) => ({ "remove roles from instance profile": instanceProfiles.roleCount(tx, profile) }),
  },
  "server-certificate": {
    title: "ServerCertificate",
    noSuch: (name) => `The Server Certificate with name ${name} cannot be found.`,
    taken: (name) => `The Server Certificate with name ${name} already exists.`,
    shownAs: (name) => `server certificate ${name}`,
    quota: "serverCertificatesPerAccount",
    records: serverCertificates,
    // Nothing here uses one.
    obstacles: () => ({}),
  },
} as const satisfies { readonly [Type in IamType]?: Kind };

function policiesOf(tx: Tx, holder: Ref) {
  return {
    "delete policies": inlinePolicies.totals(tx, holder).then(({ count }) => count),
    "detach all policies": attachments.countByOwner(tx, holder),
  };
}

export type NamedEntity = keyof typeof kinds;
export type Title<K extends NamedEntity> = (typeof kinds)[K]["title"];
export function titleOf<K extends NamedEntity>(kind: K): Title<K> {
  return kinds[kind].title;
}

/** The record of an entity of a kind. */
export type RecordOfKind<K extends NamedEntity> = NonNullable<
  Awaited<ReturnType<(typeof kinds)[K]["records"]["byName"]>>
>;

/** Kinds whose operations of a family the contract has. */
export type KindsOf<Patterns extends string> = {
  [K in NamedEntity]: Title<K> extends TitlesOf<Patterns> ? K : never;
}[NamedEntity];
