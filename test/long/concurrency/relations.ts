/** A small world in which everything hangs on something else: users, a group, policies, attachments and boundaries. */
import { policyArn, policyText } from "../durability/subject.ts";
import type { Random } from "../../harness/random.ts";
import type { Act } from "./recorder.ts";
import type { Step } from "./serial-order.ts";

export interface Relations {
  /** By name: the groups, the attached policies and the boundary of each user. */
  readonly users: Readonly<Record<string, UserLinks>>;
  readonly groups: readonly string[];
  readonly policies: readonly string[];
}

interface UserLinks {
  readonly group: string | null;
  readonly policy: string | null;
  readonly boundary: string | null;
}

const userNames = ["u1", "u2"];
const groupNames = ["g1", "g2"];
const policyNames = ["p1", "p2"];

export const nothing: Relations = { users: {}, groups: [], policies: [] };

export function keyOf({ users, groups, policies }: Relations): string {
  const shown = Object.keys(users)
    .sort()
    .map((name) => {
      const { group, policy, boundary } = users[name]!;
      return `${name}(${group ?? ""} ${policy ?? ""} ${boundary ?? ""})`;
    });
  return `${shown.join()} ${[...groups].sort().join()} ${[...policies].sort().join()}`;
}

function refuse(state: Relations, answer: string): Step<Relations> {
  return { answer, next: state };
}

function become(next: Relations): Step<Relations> {
  return { answer: "ok", next };
}

function without(names: readonly string[], name: string): readonly string[] {
  return names.filter((other) => other !== name);
}

/** Each says what IAM's own documentation says of the call. */
export function randomAct(random: Random): Act<Relations> {
  const [user, group, policy] = [random.pick(userNames), random.pick(groupNames), random.pick(policyNames)];
  return random.pick([
    look,
    creation("User", user),
    creation("User", user),
    creation("Group", group),
    creation("Policy", policy),
    creation("Policy", policy),
    userDeletion(user),
    deletion("Group", group),
    deletion("Policy", policy),
    link("AttachUserPolicy", "policy", user, policy),
    link("AttachUserPolicy", "policy", user, policy),
    link("AddUserToGroup", "group", user, group),
    link("AddUserToGroup", "group", user, group),
    link("PutUserPermissionsBoundary", "boundary", user, policy),
    unlink("DetachUserPolicy", "policy", user, policy),
    unlink("RemoveUserFromGroup", "group", user, group),
    unlink("DeleteUserPermissionsBoundary", "boundary", user, policy),
  ]);
}

function creation(kind: "User" | "Group" | "Policy", name: string): Act<Relations> {
  const more = kind === "Policy" ? { PolicyDocument: policyText(1) } : {};
  return {
    parameters: { Action: `Create${kind}`, [`${kind}Name`]: name, ...more },
    step(state) {
      if (kind === "User") {
        if (state.users[name] !== undefined) return refuse(state, "EntityAlreadyExists");
        return become({ ...state, users: { ...state.users, [name]: { group: null, policy: null, boundary: null } } });
      }
      const field = kind === "Group" ? "groups" : "policies";
      if (state[field].includes(name)) return refuse(state, "EntityAlreadyExists");
      return become({ ...state, [field]: [...state[field], name] });
    },
  };
}

function userDeletion(name: string): Act<Relations> {
  return {
    parameters: { Action: "DeleteUser", UserName: name },
    step(state) {
      const { [name]: links, ...others } = state.users;
      if (links === undefined) return refuse(state, "NoSuchEntity");
      if (links.group !== null || links.policy !== null) return refuse(state, "DeleteConflict");
      return become({ ...state, users: others });
    },
  };
}

function deletion(kind: "Group" | "Policy", name: string): Act<Relations> {
  const which = kind === "Policy" ? { PolicyArn: policyArn(name) } : { GroupName: name };
  return {
    parameters: { Action: `Delete${kind}`, ...which },
    step(state) {
      const field = kind === "Group" ? "groups" : "policies";
      if (!state[field].includes(name)) return refuse(state, "NoSuchEntity");
      const used = Object.values(state.users).some((links) =>
        kind === "Group" ? links.group === name : links.policy === name || links.boundary === name,
      );
      if (used) return refuse(state, "DeleteConflict");
      return become({ ...state, [field]: without(state[field], name) });
    },
  };
}

function link(Action: string, field: keyof UserLinks, user: string, target: string): Act<Relations> {
  return {
    parameters: { Action, UserName: user, ...targetOf(field, target) },
    step(state) {
      const links = state.users[user];
      const there = state[field === "group" ? "groups" : "policies"].includes(target);
      if (links === undefined || !there) return refuse(state, "NoSuchEntity");
      if (links[field] === target) return { answer: "ok", next: state };
      // The quotas of this test are one; a boundary is replaced.
      if (links[field] !== null && field !== "boundary") return refuse(state, "LimitExceeded");
      return become({ ...state, users: { ...state.users, [user]: { ...links, [field]: target } } });
    },
  };
}

function unlink(Action: string, field: keyof UserLinks, user: string, target: string): Act<Relations> {
  const which = field === "boundary" ? {} : targetOf(field, target);
  return {
    parameters: { Action, UserName: user, ...which },
    step(state) {
      const links = state.users[user];
      const linked = field === "boundary" ? links?.boundary != null : links?.[field] === target;
      if (links === undefined || (field === "group" && !state.groups.includes(target)))
        return refuse(state, "NoSuchEntity");
      // Who is in no group can be removed from it (recorded from AWS, 2026); nothing else can be taken away twice.
      if (!linked) return refuse(state, field === "group" ? "ok" : "NoSuchEntity");
      return become({ ...state, users: { ...state.users, [user]: { ...links, [field]: null } } });
    },
  };
}

function targetOf(field: keyof UserLinks, target: string): Record<string, string> {
  if (field === "group") return { GroupName: target };
  return field === "policy" ? { PolicyArn: policyArn(target) } : { PermissionsBoundary: policyArn(target) };
}

/** Everything at once, in one snapshot. */
export const look: Act<Relations> = {
  reads: true,
  parameters: { Action: "GetAccountAuthorizationDetails", MaxItems: "1000" },
  detail(body) {
    const part = (element: string) => new RegExp(`<${element}>([^]*?)</${element}>`).exec(body)?.[1] ?? "";
    // Everything that hangs on a user stands before the time at which it was made, its name too.
    const users = Object.fromEntries(
      part("UserDetailList")
        .split("<CreateDate>")
        .flatMap((text) =>
          userNames.filter((name) => text.includes(`<UserName>${name}<`)).map((name) => [name, linksIn(text)] as const),
        ),
    );
    const named = (text: string, names: readonly string[], element: string) =>
      names.filter((name) => text.includes(`<${element}>${name}</${element}>`));
    const groups = named(part("GroupDetailList"), groupNames, "GroupName");
    const policies = policyNames.filter((name) => new RegExp(`<Arn>${policyArn(name)}</Arn>`).test(body));
    return keyOf({ users, groups, policies });
  },
  step: (state) => ({ answer: `ok ${keyOf(state)}`, next: state }),
};

function linksIn(text: string): UserLinks {
  const find = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null;
  return {
    group: find(/<GroupList>\s*<member>(\w+)</),
    policy: find(/<PolicyArn>[^<]*\/(p\d)</),
    boundary: find(/<PermissionsBoundaryArn>[^<]*\/(p\d)</),
  };
}
