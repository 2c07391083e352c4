/** What one lane of the load works on, and the changes it makes: each always changes something that can be seen. */

/** A user as it must be seen from outside. */
export interface UserState {
  readonly kind: "user";
  readonly tags: number;
  readonly keys: number;
  readonly groups: readonly string[];
  readonly attached: boolean;
  /** Which of its texts the inline policy has; 0 where there is none. */
  readonly inline: number;
}

/** A managed policy as it must be seen from outside. */
export interface PolicyState {
  readonly kind: "policy";
  /** Numbers, ascending. */
  readonly versions: readonly number[];
  readonly standard: number;
  /** What the next version will be called; not seen from outside. */
  readonly next: number;
}

/** Null: it does not exist. */
export type State = UserState | PolicyState | null;

export interface Change {
  readonly parameters: Readonly<Record<string, string>>;
  readonly after: State;
}

export interface Subject {
  readonly kind: "user" | "policy";
  readonly name: string;
  state: State;
  /** Sent, and the answer never came or said nothing about the outcome. */
  pending: Change | null;
  /** Ids of the access keys whose answers came. */
  readonly keys: Set<string>;
}

export const groupNames = ["one", "two"] as const;
export const sharedPolicy = "shared";

export const accountId = "111122223333";

export function policyArn(name: string): string {
  return `arn:aws:iam::${accountId}:policy/${name}`;
}

export function policyText(number: number): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::bucket/${number}` },
  });
}

const newUser: UserState = { kind: "user", tags: 2, keys: 0, groups: [], attached: false, inline: 0 };

/** The change that makes a subject. */
export function birth(subject: Subject): Change {
  if (subject.kind === "policy") {
    return {
      parameters: { Action: "CreatePolicy", PolicyName: subject.name, PolicyDocument: policyText(1) },
      after: { kind: "policy", versions: [1], standard: 1, next: 2 },
    };
  }
  const tags = { "Tags.member.1.Key": "a", "Tags.member.1.Value": "1", "Tags.member.2.Key": "b" };
  return {
    parameters: { Action: "CreateUser", UserName: subject.name, ...tags, "Tags.member.2.Value": "2" },
    after: newUser,
  };
}

/** Every change that must succeed in the subject's present state. */
export function changesOf(subject: Subject): Change[] {
  const { state, name } = subject;
  if (state === null) return [];
  return state.kind === "user" ? userChanges(subject, state) : policyChanges(name, state);
}

function userChanges({ name: UserName, keys }: Subject, user: UserState): Change[] {
  const changes: Change[] = [];
  const change = (Action: string, more: Record<string, string>, after: State): void => {
    changes.push({ parameters: { Action, UserName, ...more }, after });
  };
  if (user.keys < 2) change("CreateAccessKey", {}, { ...user, keys: user.keys + 1 });
  const [key] = keys;
  if (key !== undefined) change("DeleteAccessKey", { AccessKeyId: key }, { ...user, keys: user.keys - 1 });
  for (const GroupName of groupNames) {
    if (user.groups.includes(GroupName)) {
      const groups = user.groups.filter((other) => other !== GroupName);
      change("RemoveUserFromGroup", { GroupName }, { ...user, groups });
    } else change("AddUserToGroup", { GroupName }, { ...user, groups: [...user.groups, GroupName].sort() });
  }
  const PolicyArn = policyArn(sharedPolicy);
  change(user.attached ? "DetachUserPolicy" : "AttachUserPolicy", { PolicyArn }, { ...user, attached: !user.attached });
  const inline = user.inline + 1;
  const PolicyName = "inline";
  change("PutUserPolicy", { PolicyName, PolicyDocument: policyText(inline) }, { ...user, inline });
  if (user.inline > 0) change("DeleteUserPolicy", { PolicyName }, { ...user, inline: 0 });
  if (user.keys === 0 && user.groups.length === 0 && !user.attached && user.inline === 0) {
    change("DeleteUser", {}, null);
  }
  return changes;
}

function policyChanges(name: string, policy: PolicyState): Change[] {
  const { versions, standard, next } = policy;
  const PolicyArn = policyArn(name);
  const changes: Change[] = [];
  const change = (Action: string, more: Record<string, string>, after: State): void => {
    changes.push({ parameters: { Action, PolicyArn, ...more }, after });
  };
  const others = versions.filter((number) => number !== standard);
  if (versions.length < 5) {
    const created = { ...policy, versions: [...versions, next], next: next + 1 };
    const PolicyDocument = policyText(next);
    change("CreatePolicyVersion", { PolicyDocument, SetAsDefault: "false" }, created);
    change("CreatePolicyVersion", { PolicyDocument, SetAsDefault: "true" }, { ...created, standard: next });
  }
  for (const number of others) {
    const VersionId = `v${number}`;
    change("SetDefaultPolicyVersion", { VersionId }, { ...policy, standard: number });
    const rest = versions.filter((other) => other !== number);
    change("DeletePolicyVersion", { VersionId }, { ...policy, versions: rest });
  }
  if (versions.length === 1) change("DeletePolicy", {}, null);
  return changes;
}

/** How a state is compared: what can be seen of it, as text. */
export function seen(state: State): string {
  if (state === null) return "gone";
  if (state.kind === "user") return JSON.stringify(state);
  return JSON.stringify({ versions: state.versions, standard: state.standard });
}
