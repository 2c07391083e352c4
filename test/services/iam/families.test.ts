import { expect, test } from "vitest";

import { attachmentOperations } from "../../../src/services/iam/attachment/attachment.ts";
import { boundaryOperations } from "../../../src/services/iam/boundary/boundary-family.ts";
import { pathListOperation } from "../../../src/services/iam/entity/path-list.ts";
import { renameOperation } from "../../../src/services/iam/entity/rename.ts";
import { taggedEntity, tagOperations } from "../../../src/services/iam/entity/tag-family.ts";
import { inlinePolicyOperations } from "../../../src/services/iam/inline-policy/inline-policy.ts";
import { anyCase } from "../../../src/store/iam/tags.ts";

test("a family has the names that the contract has for a kind", () => {
  const tags = tagOperations("User", { by: "UserName", keys: anyCase, find: taggedEntity("user") });
  expect(Object.values(tags).map(({ name, writes }) => [name, writes])).toEqual([
    ["TagUser", true],
    ["UntagUser", true],
    ["ListUserTags", false],
  ]);
  expect(Object.keys(attachmentOperations("group"))).toEqual([
    "AttachGroupPolicy",
    "DetachGroupPolicy",
    "ListAttachedGroupPolicies",
  ]);
  expect(Object.keys(inlinePolicyOperations("role"))).toEqual([
    "PutRolePolicy",
    "GetRolePolicy",
    "DeleteRolePolicy",
    "ListRolePolicies",
  ]);
});

// None of these may compile: the contract has no such operations, or not in this form.
const impossible = () => [
  // @ts-expect-error groups have no tags
  tagOperations("Group", { by: "GroupName", find: taggedEntity("user") }),
  // @ts-expect-error nor has the store any for them
  taggedEntity("group"),
  // @ts-expect-error operations on a user's tags name no role
  tagOperations("User", { by: "RoleName", find: taggedEntity("user") }),
  // @ts-expect-error groups have no permissions boundary
  boundaryOperations("group"),
  // @ts-expect-error the name of a role stays
  renameOperation("role"),
  // @ts-expect-error a list of users shows users
  pathListOperation("user", (user) => user.name),
  // @ts-expect-error no policy is attached to a policy
  attachmentOperations("policy"),
];

test("a kind without the operations of a family does not compile", () => {
  expect(impossible).toBeTypeOf("function");
});
