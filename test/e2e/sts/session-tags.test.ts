/** Session tags and source identity: what a session carries, and hands on. */
import { beforeAll, expect, test } from "vitest";
import { refusal } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const team = [{ Key: "team", Value: "platform" }];
const withTags = ["sts:AssumeRole", "sts:TagSession"];
const withIdentity = ["sts:AssumeRole", "sts:SetSourceIdentity"];

function denied(who: string, role: string, action: string): string {
  return `AccessDenied 403: User: ${who} is not authorized to perform: ${action} on resource: ${role}`;
}

function invalid(message: string): string {
  return `InvalidParameterValue 400: ${message}`;
}

/** May list users exactly when the session has the tag. */
function listsWhenTagged(key: string, value: string): object {
  return allow("iam:ListUsers", "*", { Condition: { StringEquals: { [`aws:PrincipalTag/${key}`]: value } } });
}

onEachDatabase("session tags and source identity", (start) => {
  let world: World;
  let ann: Caller;
  const annArn = arn(accountA, "user/ann");

  const assumption = (who: Caller, roleArn: string, more: object) =>
    who.sts.assumeRole({ RoleArn: roleArn, RoleSessionName: "session", ...more });

  beforeAll(async () => {
    world = await startWorld(start);
    ann = await world.user(world.a, "ann", allow("sts:*"));
  });

  test("both sides must allow sts:TagSession, and the tags are the session's", async () => {
    const role = await world.role(world.b, "tagged", trust({ AWS: annArn }), listsWhenTagged("Team", "platform"));
    expect(await refusal(assumption(ann, role, { Tags: team }))).toBe(denied(annArn, role, "sts:TagSession"));
    await world.b.iam.updateAssumeRolePolicy({ RoleName: "tagged", PolicyDocument: trust({ AWS: annArn }, withTags) });
    const ben = await world.user(world.a, "ben", allow("sts:AssumeRole"));
    await world.b.iam.updateAssumeRolePolicy({
      RoleName: "tagged",
      PolicyDocument: trust({ AWS: accountA }, withTags),
    });
    expect(await refusal(assumption(ben, role, { Tags: team }))).toBe(
      denied(arn(accountA, "user/ben"), role, "sts:TagSession"),
    );
    const tagged = await world.assume(ann, role, { Tags: team });
    expect((await tagged.iam.listUsers({})).Users).toHaveLength(1);
    const plain = await world.assume(ann, role);
    expect(await refusal(plain.iam.listUsers({}))).toMatch(/no identity-based policy allows the iam:ListUsers action$/);
  });

  test("session tags win over the role's own, whatever their case", async () => {
    const role = await world.role(
      world.a,
      "own-tags",
      trust({ AWS: annArn }, withTags),
      listsWhenTagged("team", "platform"),
    );
    await world.a.iam.tagRole({ RoleName: "own-tags", Tags: [{ Key: "Team", Value: "sales" }] });
    const plain = await world.assume(ann, role);
    expect(await refusal(plain.iam.listUsers({}))).toMatch(/^AccessDenied 403/);
    const tagged = await world.assume(ann, role, { Tags: team });
    expect((await tagged.iam.listUsers({})).Users?.length).toBeGreaterThan(0);
  });

  test("a trust policy can demand and limit tags", async () => {
    const role = await world.role(
      world.a,
      "choosy",
      trust({ AWS: annArn }, withTags, {
        Condition: {
          StringLike: { "aws:RequestTag/team": "*" },
          "ForAllValues:StringEquals": { "aws:TagKeys": ["team"], "sts:TransitiveTagKeys": ["team"] },
        },
      }),
    );
    expect(await refusal(assumption(ann, role, {}))).toBe(denied(annArn, role, "sts:AssumeRole"));
    const more = [...team, { Key: "cost", Value: "1" }];
    expect(await refusal(assumption(ann, role, { Tags: more }))).toBe(denied(annArn, role, "sts:TagSession"));
    const answer = await assumption(ann, role, { Tags: team, TransitiveTagKeys: ["team"] });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
  });

  test("transitive tags go on, cannot be replaced, and others stay behind", async () => {
    const first = await world.role(world.a, "chain-1", trust({ AWS: annArn }, withTags), allow("sts:*"));
    const second = await world.role(
      world.b,
      "chain-2",
      trust({ AWS: first }, withTags),
      listsWhenTagged("team", "platform"),
      allow("iam:ListRoles", "*", { Condition: { Null: { "aws:PrincipalTag/loose": "true" } } }),
      allow("sts:*"),
    );
    const loose = { Key: "loose", Value: "1" };
    const one = await world.assume(ann, first, { Tags: [...team, loose], TransitiveTagKeys: ["TEAM"] });
    const two = await world.assume(one, second);
    expect((await two.iam.listUsers({})).Users).toHaveLength(1);
    expect((await two.iam.listRoles({})).Roles?.length).toBeGreaterThan(0);
    expect(await refusal(assumption(one, second, { Tags: [{ Key: "Team", Value: "sales" }] }))).toBe(
      invalid(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      ),
    );
    // Handing tags on is tagging: the next role must allow it.
    const third = await world.role(world.b, "chain-3", trust({ AWS: second }));
    const hat = `arn:aws:sts::${accountB}:assumed-role/chain-2/session`;
    expect(await refusal(assumption(two, third, {}))).toBe(denied(hat, third, "sts:TagSession"));
  });

  test("tags that cannot be are refused in AWS's words", async () => {
    const role = await world.role(world.a, "wrong-tags", trust({ AWS: annArn }, withTags));
    const twice = [...team, { Key: "TEAM", Value: "b" }];
    expect(await refusal(assumption(ann, role, { Tags: twice }))).toBe(
      invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."),
    );
    expect(await refusal(assumption(ann, role, { Tags: team, TransitiveTagKeys: ["other"] }))).toBe(
      invalid("The specified transitive tag key must be included in the requested tags."),
    );
    const reserved = { Tags: [{ Key: "Aws:team", Value: "b" }] };
    expect(await refusal(assumption(ann, role, reserved))).toBe(
      invalid("Tag keys beginning with aws: are reserved for system use."),
    );
    expect((await assumption(ann, role, { Tags: [{ Key: "team", Value: "aws:b" }] })).AssumedRoleUser).toBeDefined();
    // Form, then permission, then the rules of tags.
    const guy = await world.user(world.a, "guy");
    const no = denied(arn(accountA, "user/guy"), role, "sts:TagSession");
    for (const Tags of [twice, reserved.Tags]) expect(await refusal(assumption(guy, role, { Tags }))).toBe(no);
    expect(await refusal(assumption(guy, role, { Policy: "{", Tags: team }))).toBe(no);
    expect(await refusal(assumption(guy, role, { Tags: [{ Key: "te?am", Value: "b" }] }))).toMatch(
      /^ValidationError 400/,
    );
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `key${index}`, Value: "" }));
    expect(await refusal(assumption(ann, role, { Tags: many }))).toMatch(
      /^ValidationError 400: 1 validation error detected: .*'tags' failed to satisfy constraint: Member must have length less than or equal to 50$/,
    );
  });

  test("a source identity needs permission on both sides, goes with the chain and stays", async () => {
    const role = await world.role(world.b, "known", trust({ AWS: annArn }), allow("sts:*"));
    const identity = { SourceIdentity: "ann@example.com" };
    expect(await refusal(assumption(ann, role, identity))).toBe(denied(annArn, role, "sts:SetSourceIdentity"));
    await world.b.iam.updateAssumeRolePolicy({
      RoleName: "known",
      PolicyDocument: trust({ AWS: annArn }, withIdentity),
    });
    expect((await assumption(ann, role, identity)).SourceIdentity).toBe("ann@example.com");
    // Longer than the 64 characters of AWS's model (observed there, September 2026).
    const long = "x".repeat(256);
    expect((await assumption(ann, role, { SourceIdentity: long })).SourceIdentity).toBe(long);
    expect(await refusal(assumption(ann, role, { SourceIdentity: `${long}x` }))).toMatch(/less than or equal to 256$/);
    const one = await world.assume(ann, role, identity);
    const next = await world.role(
      world.b,
      "known-2",
      trust({ AWS: role }, withIdentity, { Condition: { StringEquals: { "sts:SourceIdentity": "ann@example.com" } } }),
      allow("iam:ListUsers", "*", { Condition: { StringEquals: { "aws:SourceIdentity": "ann@example.com" } } }),
    );
    expect((await assumption(one, next, {})).SourceIdentity).toBe("ann@example.com");
    // The identity is what is refused, and named, also where one statement is about both.
    await world.b.iam.updateAssumeRolePolicy({
      RoleName: "known",
      PolicyDocument: trust({ AWS: annArn }, withIdentity, {
        Condition: { StringEquals: { "sts:SourceIdentity": "ann@example.com" } },
      }),
    });
    expect(await refusal(assumption(ann, role, { SourceIdentity: "ben" }))).toBe(
      denied(annArn, role, "sts:SetSourceIdentity"),
    );
    const two = await world.assume(one, next);
    expect((await two.iam.listUsers({})).Users).toBeDefined();
    const open = await world.role(world.b, "known-3", trust({ AWS: role }, withIdentity));
    expect(await refusal(assumption(one, open, { SourceIdentity: "somebody-else" }))).toBe(
      "ValidationError 400: The source identity is already set for this assume role session",
    );
    const closed = await world.role(world.b, "known-4", trust({ AWS: role }));
    const hat = `arn:aws:sts::${accountB}:assumed-role/known/session`;
    expect(await refusal(assumption(one, closed, {}))).toBe(denied(hat, closed, "sts:SetSourceIdentity"));
  });
});
