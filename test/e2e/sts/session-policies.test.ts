/** Session policies: what a session may at most, and how much room there is to say so. */
import { beforeAll, expect, test } from "vitest";
import { refusal } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

onEachDatabase("session policies", (start) => {
  let world: World;
  let bob: Caller;
  let role: string;
  const bobArn = arn(accountA, "user/bob");

  const assumption = (more: object) => bob.sts.assumeRole({ RoleArn: role, RoleSessionName: "session", ...more });
  const managed = async (name: string, ...statements: object[]): Promise<string> => {
    const { Policy } = await world.a.iam.createPolicy({ PolicyName: name, PolicyDocument: document(...statements) });
    return Policy!.Arn!;
  };
  const denied = (action: string, resource: string, reason: string) =>
    `AccessDenied 403: User: arn:aws:sts::${accountA}:assumed-role/limited/session is not authorized to perform: ${action} on resource: ${resource} ${reason}`;

  beforeAll(async () => {
    world = await startWorld(start);
    bob = await world.user(world.a, "bob");
    role = await world.role(
      world.a,
      "limited",
      trust({ AWS: bobArn }, ["sts:AssumeRole", "sts:TagSession"]),
      allow(["iam:ListUsers", "iam:ListRoles", "iam:ListGroups"]),
    );
  });

  test("the session may what both the role and the session policy allow", async () => {
    const hatted = await world.assume(bob, role, { Policy: document(allow(["iam:ListUsers", "iam:ListPolicies"])) });
    expect((await hatted.iam.listUsers({})).Users).toBeDefined();
    expect(await refusal(hatted.iam.listRoles({}))).toBe(
      denied("iam:ListRoles", arn(accountA, "role/"), "because no session policy allows the iam:ListRoles action"),
    );
    expect(await refusal(hatted.iam.listPolicies({}))).toBe(
      denied(
        "iam:ListPolicies",
        "policy path /",
        "because no identity-based policy allows the iam:ListPolicies action",
      ),
    );
    const denying = await world.assume(bob, role, { Policy: document(allow("*"), deny("iam:ListUsers")) });
    expect(await refusal(denying.iam.listUsers({}))).toBe(
      denied("iam:ListUsers", arn(accountA, "user/"), "with an explicit deny in a session policy"),
    );
    expect((await denying.iam.listRoles({})).Roles).toBeDefined();
  });

  test("managed session policies count as they are now, and grant nothing once they are gone", async () => {
    const policy = await managed("current", allow("iam:ListUsers"));
    const hatted = await world.assume(bob, role, {
      PolicyArns: [{ arn: policy }, { arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }],
    });
    expect((await hatted.iam.listUsers({})).Users).toBeDefined();
    const PolicyDocument = document(allow("iam:*"), deny("iam:ListUsers"));
    await world.a.iam.createPolicyVersion({ PolicyArn: policy, PolicyDocument, SetAsDefault: true });
    expect(await refusal(hatted.iam.listUsers({}))).toBe(
      denied("iam:ListUsers", arn(accountA, "user/"), `with an explicit deny in a session policy: ${policy}`),
    );
    expect((await hatted.iam.listRoles({})).Roles).toBeDefined();
    await world.a.iam.setDefaultPolicyVersion({ PolicyArn: policy, VersionId: "v1" });
    expect((await hatted.iam.listUsers({})).Users).toBeDefined();
    await world.a.iam.deletePolicyVersion({ PolicyArn: policy, VersionId: "v2" });
    await world.a.iam.deletePolicy({ PolicyArn: policy });
    expect(await refusal(hatted.iam.listUsers({}))).toMatch(
      /because no session policy allows the iam:ListUsers action$/,
    );
  });

  test("session policies that are not there, or none, are refused", async () => {
    const missing = arn(accountA, "policy/none");
    expect(await refusal(assumption({ PolicyArns: [{ arn: missing }] }))).toBe(
      `ValidationError 400: The session policy ${missing} does not exist in account ${accountA}.`,
    );
    expect(await refusal(assumption({ Policy: "{not json" }))).toBe(
      "MalformedPolicyDocumentException 400: Syntax errors in policy.",
    );
    const withPrincipal = document({ ...allow("s3:*"), Principal: "*" });
    expect(await refusal(assumption({ Policy: withPrincipal }))).toBe(
      "MalformedPolicyDocumentException 400: Policy document should not specify a principal.",
    );
    const eleven = Array.from({ length: 11 }, (_, index) => ({ arn: `${missing}${index}` }));
    expect(await refusal(assumption({ PolicyArns: eleven }))).toMatch(
      /Member must have length less than or equal to 10$/,
    );
  });

  test("the policies of the role are those of now, too", async () => {
    const hatted = await world.assume(bob, role);
    const before = denied(
      "iam:ListPolicies",
      "policy path /",
      "because no identity-based policy allows the iam:ListPolicies action",
    );
    expect(await refusal(hatted.iam.listPolicies({}))).toBe(before);
    const policy = await managed("later", allow("iam:ListPolicies"));
    await world.a.iam.attachRolePolicy({ RoleName: "limited", PolicyArn: policy });
    expect((await hatted.iam.listPolicies({ Scope: "Local" })).Policies).toBeDefined();
    await world.a.iam.detachRolePolicy({ RoleName: "limited", PolicyArn: policy });
    expect(await refusal(hatted.iam.listPolicies({}))).toBe(before);
  });

  test("what does not fit is refused, never cut", async () => {
    const wide = (length: number) => document(allow("iam:ListUsers", "*", { Sid: "A".repeat(length) }));
    const fits = 2048 - wide(0).length;
    const full = await assumption({ Policy: wide(fits) });
    expect(full.PackedPolicySize).toBe(100);
    expect(await refusal(assumption({ Policy: wide(fits + 1) }))).toBe(
      "PackedPolicyTooLargeException 400: Packed policy consumes 101% of allotted space, please use smaller policy.",
    );
    // What is too long is not read: that it is no policy at all is not looked for.
    expect(await refusal(assumption({ Policy: "[".repeat(500_000) }))).toMatch(/^PackedPolicyTooLargeException 400: /);
    const tags = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ Key: `${index}`.padEnd(128, "k"), Value: randomText(256) }));
    const tagged = await assumption({ Tags: tags(1) });
    expect(tagged.PackedPolicySize).toBe(84);
    expect(await refusal(assumption({ Tags: tags(2) }))).toBe(
      "PackedPolicyTooLargeException 400: Packed size of session tags consumes 168% of allotted space.",
    );
  });
});

/** Letters that no compression makes shorter than they must be; the same ones every time. */
let state = 12_345;
function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    text += state.toString(36);
  }
  return text.slice(0, length);
}
