/** Makes records for tests, each with an account or an id that no other test has. */
import { createIds } from "../../src/clock/ids.ts";
import { SeededRandom } from "../harness/deterministic.ts";
import { seed } from "../harness/seed.ts";
import * as accounts from "../../src/store/organizations/accounts.ts";
import type { Database } from "../../src/store/sql/database.ts";
import type { NewPolicy } from "../../src/store/iam/policies.ts";
import type { NewRole } from "../../src/store/iam/roles.ts";
import type { NewUser } from "../../src/store/iam/users.ts";

export const ids = createIds(new SeededRandom(seed));
let accountCount = 0;

export async function newAccount(db: Database): Promise<string> {
  const id = String(100_000_000_000 + ++accountCount);
  await db.write((tx) => accounts.create(tx, { id, name: `Account ${accountCount}`, partition: "aws", createdAt: 1 }));
  return id;
}

export function newUser(account: string, name: string, more: Partial<NewUser> = {}): NewUser {
  return { id: ids.uniqueId("AIDA", account), account, name, path: "/", createdAt: 1_700_000_000_123, ...more };
}

export function newRole(account: string, name: string, more: Partial<NewRole> = {}): NewRole {
  return {
    id: ids.uniqueId("AROA", account),
    account,
    name,
    path: "/",
    maxSessionDuration: 3600,
    trustPolicy: '{"Statement":[]}',
    trustBindings: {},
    createdAt: 1_700_000_000_123,
    ...more,
  };
}

export function newGroup(account: string, name: string, path = "/") {
  return { id: ids.uniqueId("AGPA", account), account, name, path, createdAt: 5 };
}

export function newPolicy(account: string, name: string, more: Partial<NewPolicy> = {}): NewPolicy {
  const path = more.path ?? "/";
  return {
    id: ids.uniqueId("ANPA", account),
    account,
    arn: `arn:aws:iam::${account}:policy${path}${name}`,
    name,
    path,
    createdAt: 7,
    document: '{"Version":"2012-10-17"}',
    ...more,
  };
}
