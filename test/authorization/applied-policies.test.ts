/** What is kept of a caller's policies must hold for whoever comes next, not only for whom it was gathered. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppliedPolicies } from "../../src/authorization/applied-policies.ts";
import { loadAwsManagedPolicies } from "../../src/authorization/aws-managed-policies.ts";
import type { Entity } from "../../src/session/actor.ts";
import * as accounts from "../../src/store/organizations/accounts.ts";
import { openDatabase } from "../../src/store/open.ts";
import type { Database } from "../../src/store/sql/database.ts";
import * as users from "../../src/store/iam/users.ts";

const account = "111122223333";
const boundaryArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const user: Entity = {
  kind: "user",
  id: "AIDAEXAMPLE",
  account,
  name: "alice",
  path: "/",
  arn: `arn:aws:iam::${account}:user/alice`,
  tags: [],
  boundaryArn: null,
  serviceLinked: false,
};

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ sqlite: ":memory:" });
  await database.write(async (tx) => {
    await accounts.create(tx, { id: account, name: "a", partition: "aws", createdAt: 1 });
    await users.create(tx, { ...user, createdAt: 1 });
  });
});
afterAll(() => database.close());

test.each([
  ["one that read the user before the boundary was set", [user, { ...user, boundaryArn }], [null, 1]],
  ["one that read the user before the boundary was removed", [{ ...user, boundaryArn }, user], [1, null]],
] as const)("%s does not decide for the next", async (_, entities, expected) => {
  const policies = new AppliedPolicies(loadAwsManagedPolicies());
  // Both at one revision: the request that began before the change took its snapshot after it.
  const found = [];
  for (const entity of entities) {
    const { boundaries } = await database.read(async (tx) => policies.of(tx, { entity, session: null }));
    found.push(boundaries?.length ?? null);
  }
  expect(found).toEqual(expected);
});

test("a user or role that was deleted after the request was authenticated has no credentials any more", async () => {
  const policies = new AppliedPolicies(loadAwsManagedPolicies());
  for (const kind of ["user", "role"] as const) {
    const gone = database.read(async (tx) => policies.of(tx, { entity: { ...user, kind, id: "GONE" }, session: null }));
    await expect(gone).rejects.toMatchObject({ code: "InvalidClientTokenId", status: 403 });
  }
});
