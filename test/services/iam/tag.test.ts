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

describe.each(["user", "role"] as const)("tags of a %s", (kind) => {
  it("are added, replaced regardless of case, spelling too, paged and removed", async () => {
    const { tag, untag, list } = kinds[kind];
    expect((await tag(tags("b=1", "A=1", "c=1"))).fault).toBeUndefined();
    expect((await tag(tags("B=2"))).fault).toBeUndefined();
    expect(await list({})).toEqual({ Tags: tags("A=1", "B=2", "c=1"), IsTruncated: false });
    const first = await list({ MaxItems: 2 });
    expect(first).toMatchObject({ Tags: tags("A=1", "B=2"), IsTruncated: true });
    expect(await list({ MaxItems: 2, Marker: first.Marker })).toEqual({ Tags: tags("c=1"), IsTruncated: false });
    expect((await untag(["a", "A", "C", "never"])).fault).toBeUndefined();
    expect(await list({})).toEqual({ Tags: tags("B=2"), IsTruncated: false });
  });
});

describe("tags of a policy", () => {
  it("are told apart by case", async () => {
    const { tag, untag, list } = kinds.policy;
    expect((await tag(tags("b=1", "A=1", "a=2"))).fault).toBeUndefined();
    expect((await tag(tags("b=2"))).fault).toBeUndefined();
    expect(await list({})).toEqual({ Tags: tags("A=1", "a=2", "b=2"), IsTruncated: false });
    const first = await list({ MaxItems: 2 });
    expect(await list({ MaxItems: 2, Marker: first.Marker })).toEqual({ Tags: tags("b=2"), IsTruncated: false });
    expect((await tag(tags("B=1"))).fault?.code).toBe("LimitExceeded");
    expect((await untag(["a", "B"])).fault).toBeUndefined();
    expect(await list({})).toEqual({ Tags: tags("A=1", "b=2"), IsTruncated: false });
  });

  it("are told apart by case from the beginning", async () => {
    const Tags = tags("Env=1", "env=2");
    await harness.ok("CreatePolicy", { PolicyName: "q", PolicyDocument: document, Tags });
    const made = { PolicyArn: `arn:aws:iam::${account}:policy/q` };
    expect((await harness.ok("ListPolicyTags", made)).Tags).toEqual(Tags);
  });
});

describe.each(["user", "role", "policy"] as const)("tags of a %s", (kind) => {
  it("may be none to remove, and reserved keys are never there", async () => {
    const { tag, untag, list } = kinds[kind];
    expect((await tag(tags("a=aws:b"))).fault).toBeUndefined();
    expect((await untag([])).fault).toBeUndefined();
    expect((await untag(["aws:a", "AWS:a"])).fault).toBeUndefined();
    expect((await list({})).Tags).toEqual(tags("a=aws:b"));
  });

  it("are limited by what the resource has in the end", async () => {
    const { tag, list } = kinds[kind];
    await tag(tags("a=1", "b=1", "c=1"));
    // What was within the limit of it is not there either.
    expect((await tag(tags("a=2", "d=1"))).fault).toEqual({
      code: "LimitExceeded",
      status: 409,
      message: "The number of tags has reached the maximum limit.",
    });
    expect((await list({})).Tags).toEqual(tags("a=1", "b=1", "c=1"));
    expect((await tag(tags("c=2"))).fault).toBeUndefined();
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
    // Observed on AWS, September 2026.
    const refusal = "InvalidInput 400: Tags not supported for policies in this domain";
    expect(await harness.refusal("TagPolicy", { PolicyArn: managed, Tags: tags("a=1") })).toBe(refusal);
    expect(await harness.refusal("UntagPolicy", { PolicyArn: managed, TagKeys: ["a"] })).toBe(refusal);
    expect((await harness.call("TagPolicy", { PolicyArn: foreign, Tags: tags("a=1") })).fault).toBeDefined();
    expect(await harness.requirements("TagPolicy", { PolicyArn: foreign, Tags: tags("a=1") })).toMatchObject([
      { resource: foreign, resourceAccount: otherAccount },
    ]);
  });

  it("of AWS have no tags", async () => {
    expect(await harness.ok("ListPolicyTags", { PolicyArn: managed })).toEqual({ Tags: [], IsTruncated: false });
  });
});
