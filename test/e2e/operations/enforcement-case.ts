/** A case of enforcement as data: whose policies, which call, what comes of it. */
import type * as stsSdk from "@aws-sdk/client-sts";
import { caller, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { sdkCall, sdkFault } from "../../harness/sdk-call.ts";
import { accountA, arn, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

/** Statements, or a whole document where its version matters. */
type Policy = readonly object[] | { readonly Version: string };

interface Holder {
  readonly inline?: readonly Policy[];
  /** Customer managed, by name; `${arn:NAME}` names one. */
  readonly managed?: Readonly<Record<string, Policy>>;
  /** ARNs of AWS's own. */
  readonly attached?: readonly string[];
}

interface BoundedHolder extends Holder {
  readonly boundary?: Policy;
}

export interface EnforcementCase {
  readonly name: string;
  readonly user?: BoundedHolder & { readonly tags?: readonly { Key: string; Value: string }[] };
  /** Of the user. */
  readonly group?: Holder;
  /** Where there is one, the user puts it on and calls as its session. */
  readonly role?: BoundedHolder;
  readonly session?: { readonly policy?: Policy; readonly tags?: readonly object[]; readonly sourceIdentity?: string };
  readonly userAgent?: string;
  readonly region?: string;
  readonly call: { readonly service: "iam" | "sts"; readonly operation: string; readonly input: object };
  /** `allowed`, AccessDenied's message, or another fault as `CODE: MESSAGE`. */
  readonly expect: string;
}

/** Makes what the case tells of, calls, and says what came of it in the words of `expect`. */
export async function outcome(world: World, id: string, raw: EnforcementCase): Promise<{ got: string; want: string }> {
  const who =
    raw.role === undefined ? arn(accountA, `user/${id}`) : `arn:aws:sts::${accountA}:assumed-role/${id}/session`;
  const wanted = fill(raw, id, who);
  const user = await makeUser(world, id, wanted);
  const options = {
    ...(wanted.userAgent === undefined ? {} : { userAgent: wanted.userAgent }),
    ...(wanted.region === undefined ? {} : { region: wanted.region }),
  };
  const keys = wanted.role === undefined ? user.keys : await putOn(world, id, user, wanted);
  return { got: await call(caller(world.url, keys, options), wanted), want: wanted.expect };
}

function fill(given: EnforcementCase, id: string, who: string): EnforcementCase {
  const text = JSON.stringify(given)
    .replaceAll("${id}", id)
    .replaceAll("${who}", who)
    .replaceAll("${account}", accountA)
    .replace(/\$\{arn:(\w+)\}/g, (_, name: string) => arn(accountA, `policy/${id}-${name}`));
  return JSON.parse(text) as EnforcementCase;
}

async function makeUser(world: World, id: string, { user = {}, group }: EnforcementCase): Promise<Caller> {
  const { iam } = world.a;
  const made = await world.user(world.a, id);
  const name = { UserName: id };
  await hold(world, id, user, {
    put: (PolicyName, PolicyDocument) => iam.putUserPolicy({ ...name, PolicyName, PolicyDocument }),
    attach: (PolicyArn) => iam.attachUserPolicy({ ...name, PolicyArn }),
    bound: (PermissionsBoundary) => iam.putUserPermissionsBoundary({ ...name, PermissionsBoundary }),
  });
  if (user.tags !== undefined) await iam.tagUser({ ...name, Tags: [...user.tags] });
  if (group !== undefined) {
    await iam.createGroup({ GroupName: id });
    await iam.addUserToGroup({ GroupName: id, ...name });
    await hold(world, id, group, {
      put: (PolicyName, PolicyDocument) => iam.putGroupPolicy({ GroupName: id, PolicyName, PolicyDocument }),
      attach: (PolicyArn) => iam.attachGroupPolicy({ GroupName: id, PolicyArn }),
      bound: () => Promise.reject(new Error("a group has no boundary")),
    });
  }
  return made;
}

async function putOn(world: World, id: string, user: Caller, { role = {}, session = {} }: EnforcementCase) {
  const { iam } = world.a;
  const actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
  const RoleArn = await world.role(world.a, id, trust({ AWS: arn(accountA, `user/${id}`) }, actions));
  const name = { RoleName: id };
  await hold(world, id, role, {
    put: (PolicyName, PolicyDocument) => iam.putRolePolicy({ ...name, PolicyName, PolicyDocument }),
    attach: (PolicyArn) => iam.attachRolePolicy({ ...name, PolicyArn }),
    bound: (PermissionsBoundary) => iam.putRolePermissionsBoundary({ ...name, PermissionsBoundary }),
  });
  const { Credentials } = await user.sts.assumeRole({
    RoleArn,
    RoleSessionName: "session",
    ...(session.policy === undefined ? {} : { Policy: textOf(session.policy) }),
    ...(session.tags === undefined ? {} : { Tags: session.tags as stsSdk.Tag[] }),
    ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }),
  });
  return sessionKeys(Credentials);
}

interface Hands {
  put(name: string, document: string): Promise<unknown>;
  attach(policyArn: string): Promise<unknown>;
  bound(policyArn: string): Promise<unknown>;
}

async function hold(world: World, id: string, holder: BoundedHolder, hands: Hands): Promise<void> {
  const managed = async (name: string, policy: Policy): Promise<string> => {
    const made = await world.a.iam.createPolicy({ PolicyName: `${id}-${name}`, PolicyDocument: textOf(policy) });
    return made.Policy!.Arn!;
  };
  for (const [index, policy] of (holder.inline ?? []).entries()) await hands.put(`inline-${index}`, textOf(policy));
  for (const [name, policy] of Object.entries(holder.managed ?? {})) await hands.attach(await managed(name, policy));
  for (const policyArn of holder.attached ?? []) await hands.attach(policyArn);
  if (holder.boundary !== undefined) await hands.bound(await managed("boundary", holder.boundary));
}

function textOf(policy: Policy): string {
  return JSON.stringify(Array.isArray(policy) ? { Version: "2012-10-17", Statement: policy } : policy);
}

async function call(as: Caller, { call: { service, operation, input } }: EnforcementCase): Promise<string> {
  try {
    await sdkCall(as, service, operation, input);
    return "allowed";
  } catch (error) {
    return sdkFault(error).replace(/^AccessDenied: /, "");
  }
}
