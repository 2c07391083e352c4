import { assumedRoleArn, iamArn, isAccountId, parseArn } from "../arn/arn.ts";
import type { Arn } from "../arn/arn.ts";
import type { Fault } from "../contracts/fault.ts";
import { principalsOf, renderPrincipals } from "../policy/index.ts";
import type { PolicyDocument } from "../policy/document/document.ts";
import type { Bindings } from "../policy/types.ts";
import * as accounts from "../store/organizations/accounts.ts";
import { named } from "../text/shorten.ts";
import { malformedPolicy } from "./malformed-policy.ts";
import type { Tx } from "../store/sql/database.ts";
import type { Eventual } from "../store/sql/eventual.ts";
import * as roles from "../store/iam/roles.ts";
import * as users from "../store/iam/users.ts";

export interface BindingOptions {
  /** Accounts that may be trusted though nobody here can be them. */
  readonly externalAccounts: ReadonlySet<string>;
  /** The account of whoever writes the policy: it exists, and most policies name it. */
  readonly own: { readonly account: string; readonly partition: string };
}

/**
 * Binds the `AWS` principals of a document to unique ids, as AWS does when a trust or resource policy is saved: the
 * policy then means this user or role and no later one of the same name
 * (IAM User Guide, reference_policies_elements_principal).
 *
 * @throws Fault MalformedPolicyDocument where a principal does not exist
 */
export async function bindPrincipals(tx: Tx, document: PolicyDocument, options: BindingOptions): Promise<Bindings> {
  const bindings: Record<string, string> = {};
  for (const { path, type, value } of principalsOf(document)) {
    if (type !== "AWS" || value === "*") continue;
    const found = await resolve(tx, value, options);
    if (found === null) throw invalidPrincipal(value);
    if (found.id !== undefined) bindings[path] = found.id;
  }
  return bindings;
}

function invalidPrincipal(value: string): Fault {
  return malformedPolicy(`Invalid principal in policy: "AWS":"${named(value)}"`);
}

/** Null when the principal does not exist; an id where it is more than an account. */
async function resolve(tx: Tx, value: string, options: BindingOptions): Promise<{ id?: string } | null> {
  if (isAccountId(value)) return (await knownAccount(tx, value, options)) ? {} : null;
  const arn = parseArn(value);
  if (arn === null || arn.region !== "" || !isAccountId(arn.account)) return null;
  if (options.externalAccounts.has(arn.account)) return {};
  if ((await knownPartition(tx, arn.account, options)) !== arn.partition) return null;
  if (arn.service === "iam") return userOrRole(tx, arn, value);
  return arn.service === "sts" ? session(tx, arn) : null;
}

async function userOrRole(tx: Tx, arn: Arn, value: string): Promise<{ id?: string } | null> {
  if (arn.resource === "root") return {};
  const [kind, ...rest] = arn.resource.split("/");
  const name = rest.at(-1);
  if (name === undefined || (kind !== "user" && kind !== "role")) return null;
  const entity = await (kind === "user" ? users : roles).byName(tx, arn.account, name);
  // The path is part of the ARN: a principal named without its path does not exist.
  const exact = entity !== null && iamArn(arn.partition, arn.account, kind, entity.name, entity.path) === value;
  return exact ? { id: entity.id } : null;
}

async function session(tx: Tx, arn: Arn): Promise<{ id?: string } | null> {
  const [kind, ...rest] = arn.resource.split("/");
  if (kind === "federated-user") return rest.length === 1 ? {} : null;
  if (kind !== "assumed-role" || rest.length !== 2) return null;
  const role = await roles.byName(tx, arn.account, rest[0]!);
  return role !== null && role.name === rest[0] ? { id: `${role.id}:${rest[1]}` } : null;
}

async function knownAccount(tx: Tx, account: string, options: BindingOptions): Promise<boolean> {
  return options.externalAccounts.has(account) || (await knownPartition(tx, account, options)) !== undefined;
}

async function knownPartition(tx: Tx, account: string, { own }: BindingOptions): Promise<string | undefined> {
  return account === own.account ? own.partition : (await accounts.byId(tx, account))?.partition;
}

/**
 * The document as AWS shows it: each bound principal by its present ARN (it may have been renamed or moved), or by its
 * bare unique id once it is gone.
 */
export function renderTrustPolicy(tx: Tx, text: string, bindings: Bindings): Eventual<string> {
  const bound = Object.entries(bindings);
  return bound.length === 0 ? text : renderBound(tx, text, bound);
}

async function renderBound(tx: Tx, text: string, bound: readonly (readonly [string, string])[]): Promise<string> {
  const shown = new Map<string, string>();
  for (const [path, id] of bound) shown.set(path, await currentName(tx, id));
  return renderPrincipals(text, (path, value) => shown.get(path) ?? value);
}

async function currentName(tx: Tx, bound: string): Promise<string> {
  const [id, session] = bound.split(":", 2) as [string, string | undefined];
  if (id.startsWith("AIDA")) {
    const user = await users.byId(tx, id);
    if (user === null) return id;
    return iamArn(await partitionOf(tx, user.account), user.account, "user", user.name, user.path);
  }
  const role = await roles.byId(tx, id);
  if (role === null) return bound;
  const partition = await partitionOf(tx, role.account);
  return session === undefined
    ? iamArn(partition, role.account, "role", role.name, role.path)
    : assumedRoleArn(partition, role.account, role.name, session);
}

async function partitionOf(tx: Tx, account: string): Promise<string> {
  return (await accounts.byId(tx, account))?.partition ?? "aws";
}
