/** Two accounts with their administrators, and short words for what most tests do in them. */
import type { RunningServer } from "../../src/server/server.ts";
import { createKey } from "../../src/services/rolecall/administrator.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { caller, sessionKeys } from "./clients.ts";
import type { Caller } from "./clients.ts";
import type { Start } from "./places.ts";
import type { TestServerOptions } from "./server.ts";

export const accountA = "111122223333";
export const accountB = "444455556666";
export const outside = "999988887777";

export interface Statement {
  readonly Effect?: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** The JSON text of a policy with these statements. */
export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function allow(action: unknown, resource: unknown = "*", more: object = {}): object {
  return { Effect: "Allow", Action: action, Resource: resource, ...more };
}

export function deny(action: unknown, resource: unknown = "*", more: object = {}): object {
  return { Effect: "Deny", Action: action, Resource: resource, ...more };
}

/** The text of a trust policy for one principal element. */
export function trust(principal: unknown, action: unknown = "sts:AssumeRole", more: object = {}): string {
  return document({ Effect: "Allow", Principal: principal, Action: action, ...more });
}

export interface World {
  readonly server: RunningServer;
  readonly url: string;
  readonly a: Caller;
  readonly b: Caller;
  as(keys: SigningCredentials): Caller;
  /** A new user of the administrator's account with a long-term key, allowed what the statements say. */
  user(admin: Caller, name: string, ...statements: readonly object[]): Promise<Caller>;
  /** A new role of the administrator's account. @returns its ARN */
  role(admin: Caller, name: string, trustPolicy: string, ...statements: readonly object[]): Promise<string>;
  /** A long-term key of an account's root: only the database can make the first one. */
  root(account: string): Promise<Caller>;
  /** The caller in the role's clothes. */
  assume(who: Caller, roleArn: string, more?: object): Promise<Caller>;
}

export async function startWorld(start: Start, options: TestServerOptions = {}): Promise<World> {
  const server = await start({
    first: { id: accountA },
    accounts: [{ id: accountB, name: "b" }],
    externalAccounts: new Set([outside]),
    ...options,
  });
  return worldOf(server);
}

/** The world of a server that was just made: it knows the administrators' secrets. */
export function worldOf(server: RunningServer): World {
  const { url } = server;
  const administrator = (account: string) => server.created.find(({ accountId }) => accountId === account)!;
  return {
    server,
    url,
    a: caller(url, administrator(accountA)),
    b: caller(url, administrator(accountB)),
    as: (keys) => caller(url, keys),
    async user(admin, name, ...statements) {
      await admin.iam.createUser({ UserName: name });
      if (statements.length > 0) {
        const PolicyDocument = document(...statements);
        await admin.iam.putUserPolicy({ UserName: name, PolicyName: "own", PolicyDocument });
      }
      const { AccessKey } = await admin.iam.createAccessKey({ UserName: name });
      return caller(url, { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
    },
    async role(admin, name, trustPolicy, ...statements) {
      const { Role } = await admin.iam.createRole({ RoleName: name, AssumeRolePolicyDocument: trustPolicy });
      if (statements.length > 0) {
        const PolicyDocument = document(...statements);
        await admin.iam.putRolePolicy({ RoleName: name, PolicyName: "own", PolicyDocument });
      }
      return Role!.Arn!;
    },
    async root(account) {
      const { database, ids, secrets, clock } = server.environment();
      const key = await database.write((tx) => createKey(tx, { ids, secrets }, { account, id: account }, clock.now()));
      return caller(url, key);
    },
    async assume(who, roleArn, more = {}) {
      const { Credentials } = await who.sts.assumeRole({ RoleArn: roleArn, RoleSessionName: "session", ...more });
      return caller(url, sessionKeys(Credentials));
    },
  };
}

/** `arn:aws:iam::ACCOUNT:KIND/NAME` */
export function arn(account: string, resource: string): string {
  return `arn:aws:iam::${account}:${resource}`;
}
