import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, Harness, otherAccount } from "../harness.ts";

const document = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
});
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
});
const PolicyArn = `arn:aws:iam::${account}:policy/p`;

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ tagsPerResource: 3 });
  await harness.ok("CreateUser", { UserName: "u" });
  await harness.ok("CreateRole", { RoleName: "r", AssumeRolePolicyDocument: trust });
  await harness.ok("CreatePolicy", { PolicyName: "p", PolicyDocument: document });
});
afterEach(() => harness.close());

const tags = (...pairs: readonly string[]) =>
  pairs.map((pair) => ({ Key: pair.split("=")[0]!, Value: pair.split("=")[1]! }));

/** The three operations over one kind of resource. */
const kinds = {
  user: {
    tag: (Tags: ReturnType<typeof tags>) => harness.call("TagUser", { UserName: "u", Tags }),
    untag: (TagKeys: string[]) => harness.call("UntagUser", { UserName: "u", TagKeys }),
    list: (page: { MaxItems?: number; Marker?: string | undefined }) =>
      harness.ok("ListUserTags", { UserName: "u", ...page }),
  },
  role: {
    tag: (Tags: ReturnType<typeof tags>) => harness.call("TagRole", { RoleName: "r", Tags }),
    untag: (TagKeys: string[]) => harness.call("UntagRole", { RoleName: "r", TagKeys }),
    list: (page: { MaxItems?: number; Marker?: string | undefined }) =>
      harness.ok("ListRoleTags", { RoleName: "r", ...page }),
  },
  policy: {
    tag: (Tags: ReturnType<typeof tags>) => harness.call("TagPolicy", { PolicyArn, Tags }),
    untag: (TagKeys: string[]) => harness.call("UntagPolicy", { PolicyArn, TagKeys }),
    list: (page: { MaxItems?: number; Marker?: string | undefined }) =>
      harness.ok("ListPolicyTags", { PolicyArn, ...page }),
  },
} as const;

describe.each(["user", "role", "policy"] as const)("tags of a %s", (kind) => {
  it("are added, replaced regardless of case, paged and removed", async () => {
    const { tag, untag, list } = kinds[kind];
    expect((await tag(tags("b=1", "A=1", "c=1"))).fault).toBeUndefined();
    expect((await tag(tags("B=2"))).fault).toBeUndefined();
    expect(await list({})).toEqual({ Tags: tags("A=1", "B=2", "c=1"), IsTruncated: false });
    const first = await list({ MaxItems: 2 });
    expect(first).toMatchObject({ Tags: tags("A=1", "B=2"), IsTruncated: true });
    expect(await list({ MaxItems: 2, Marker: first.Marker })).toEqual({ Tags: tags("c=1"), IsTruncated: false });
    expect((await untag(["a", "C", "never"])).fault).toBeUndefined();
    expect(await list({})).toEqual({ Tags: tags("B=2"), IsTruncated: false });
  });

  it("are limited by what the resource has in the end", async () => {
    const { tag, list } = kinds[kind];
    await tag(tags("a=1", "b=1", "c=1"));
    expect((await tag(tags("d=1"))).fault).toEqual({
      code: "LimitExceeded",
      status: 409,
      message: "The number of tags has reached the maximum limit.",
    });
    expect((await tag(tags("C=2"))).fault).toBeUndefined();
    expect((await list({})).Tags).toHaveLength(3);
  });
});

describe("requirements of tag operations", () => {
  it("carry the request's tags and those of the resource", async () => {
    await harness.ok("TagRole", { RoleName: "r", Tags: tags("Team=a") });
    const on = {
      resource: `arn:aws:iam::${account}:role/r`,
      resourceAccount: account,
      resourceTags: [{ key: "Team", value: "a" }],
      shownAs: "role r",
    };
    expect(await harness.requirements("TagRole", { RoleName: "r", Tags: tags("x=y") })).toEqual([
      { ...on, action: "iam:TagRole", requestTags: [{ key: "x", value: "y" }] },
    ]);
    const withBoth = { ...on, resourceTags: [...on.resourceTags, { key: "x", value: "y" }] };
    expect(await harness.requirements("UntagRole", { RoleName: "r", TagKeys: ["x"] })).toEqual([
      { ...withBoth, action: "iam:UntagRole", tagKeys: ["x"] },
    ]);
    expect(await harness.requirements("ListRoleTags", { RoleName: "r" })).toEqual([
      { ...on, action: "iam:ListRoleTags" },
    ]);
    expect(await harness.requirements("TagPolicy", { PolicyArn, Tags: tags("x=y") })).toMatchObject([
      { action: "iam:TagPolicy", resource: PolicyArn, shownAs: `policy ${PolicyArn}` },
    ]);
  });
});

describe("policies of others", () => {
  const managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  const foreign = `arn:aws:iam::${otherAccount}:policy/p`;

  it("cannot be tagged", async () => {
    expect((await harness.call("TagPolicy", { PolicyArn: managed, Tags: tags("a=1") })).fault).toBeDefined();
    expect((await harness.call("TagPolicy", { PolicyArn: foreign, Tags: tags("a=1") })).fault).toBeDefined();
    expect(await harness.requirements("TagPolicy", { PolicyArn: foreign, Tags: tags("a=1") })).toMatchObject([
      { resource: foreign, resourceAccount: otherAccount },
    ]);
  });

  it("of AWS have no tags", async () => {
    expect(await harness.ok("ListPolicyTags", { PolicyArn: managed })).toEqual({ Tags: [], IsTruncated: false });
  });
});
