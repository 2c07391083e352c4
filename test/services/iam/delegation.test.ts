import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { allow, document } from "../../harness/world.ts";
import { account, Harness, otherAccount } from "../harness.ts";

const template = `arn:aws:iam::${account}:policy/template`;

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open({ delegationRequestsPerAccount: 2 });
});
afterEach(() => harness.close());

async function withTemplate(PolicyDocument: string): Promise<void> {
  await harness.ok("CreatePolicy", { PolicyName: "template", PolicyDocument });
}

function asked(more: object = {}) {
  return {
    Description: "For a test",
    Permissions: { PolicyTemplateArn: template },
    RequestorWorkflowId: "workflow",
    NotificationChannel: `arn:aws:sns:us-east-1:${account}:answers`,
    SessionDuration: 5430,
    ...more,
  };
}

async function ask(more: object = {}): Promise<{ readonly DelegationRequestId: string }> {
  const { DelegationRequestId } = await harness.ok("CreateDelegationRequest", asked(more));
  return { DelegationRequestId: DelegationRequestId! };
}

const day = 86_400_000;

describe("requests of one account", () => {
  beforeEach(() => withTemplate(document(allow("s3:GetObject"))));

  it("are as many as the quota says, of those that wait for somebody", async () => {
    const first = await ask({ RequestorWorkflowId: "workflow-1" });
    await ask({ RequestorWorkflowId: "workflow-2" });
    const third = asked({ RequestorWorkflowId: "workflow-3" });
    const full = "LimitExceeded 409: Cannot exceed quota for DelegationRequestsPerAccount: 2";
    expect(await harness.refusal("CreateDelegationRequest", third)).toBe(full);
    await harness.ok("AssociateDelegationRequest", first);
    expect(await harness.refusal("CreateDelegationRequest", third)).toBe(full);
    await harness.ok("RejectDelegationRequest", first);
    await harness.ok("CreateDelegationRequest", third);
    harness.clock.advance(day);
    await ask({ RequestorWorkflowId: "workflow-4" });
  });

  it("made at once are no more", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((number) =>
        harness.call("CreateDelegationRequest", asked({ RequestorWorkflowId: `workflow-${number}` })),
      ),
    );
    expect(answers.filter(({ fault }) => fault === undefined)).toHaveLength(2);
  });

  it("keep their workflow's id until they are forgotten", async () => {
    const request = await ask();
    harness.clock.advance(day);
    expect((await harness.ok("GetDelegationRequest", request)).DelegationRequest!.State).toBe("EXPIRED");
    for (const name of ["AssociateDelegationRequest", "UpdateDelegationRequest", "SendDelegationToken"] as const) {
      expect(await harness.refusal(name, request)).toMatch(/^InvalidInput 400: .* its state is EXPIRED\.$/);
    }
    expect(await harness.refusal("CreateDelegationRequest", asked())).toMatch(/^EntityAlreadyExists 409/);
    harness.clock.advance(30 * day + 1);
    await ask({ RequestorWorkflowId: "another" });
    expect(await harness.refusal("GetDelegationRequest", request)).toMatch(/^NoSuchEntity 404/);
    await ask();
  });

  it("wait as long as their state lets them, and notes do not make it longer", async () => {
    const request = await ask();
    const ends = async () => (await harness.ok("GetDelegationRequest", request)).DelegationRequest!.ExpirationTime;
    const since = (ms: number) => new Date(harness.clock.now() + ms);
    expect(await ends()).toEqual(since(day));
    await harness.ok("AssociateDelegationRequest", request);
    expect(await ends()).toEqual(since(7 * day));
    harness.clock.advance(day);
    await harness.ok("UpdateDelegationRequest", request);
    const forwarded = since(7 * day);
    harness.clock.advance(day);
    await harness.ok("UpdateDelegationRequest", { ...request, Notes: "Still there" });
    expect(await ends()).toEqual(forwarded);
  });

  it("are the account's that they name, and of a root as long as it accepts four hours", async () => {
    const request = await ask({ OwnerAccountId: otherAccount });
    expect(await harness.refusal("GetDelegationRequest", request)).toMatch(/^NoSuchEntity 404/);
    expect(await harness.refusal("AssociateDelegationRequest", request)).toMatch(/^NoSuchEntity 404/);
  });
});

interface Words {
  readonly name: string;
  readonly policy: readonly object[];
  readonly words: readonly string[];
}

describe("a summary", () => {
  test.each(casesIn<Words>("services/delegation-words.jsonl"))("$name", async ({ policy, words }) => {
    await withTemplate(document(...policy));
    const { DelegationRequestId } = await ask();
    const EntityArn = `arn:aws:iam::${account}:delegation-request/${DelegationRequestId}`;
    const { SummaryContent } = await harness.ok("GetHumanReadableSummary", { EntityArn });
    const [who, why, ...lines] = SummaryContent!.split("\n");
    expect(who).toBe(
      `account ${account} (account ${account}) asks for access to this account for 1 hour 30 minutes 30 seconds, from when it is released. It can never do more with it than whoever accepts.`,
    );
    expect(why).toBe("What it says it is for: For a test");
    expect(lines.filter((line) => line !== "")).toEqual(words);
  });
});

interface Check {
  readonly name: string;
  /** Statements of what is asked for. */
  readonly asked: readonly object[];
  /** Those of the caller. */
  readonly has: readonly object[];
  readonly result: string;
}

describe("the permission check", () => {
  test.each(casesIn<Check>("services/delegation-checks.jsonl"))("$name", async ({ asked: wanted, has, result }) => {
    await withTemplate(document(...wanted));
    const request = await ask();
    await harness.ok("CreateUser", { UserName: "ann" });
    const own = { UserName: "ann", PolicyName: "own" };
    if (has.length > 0) await harness.ok("PutUserPolicy", { ...own, PolicyDocument: document(...has) });
    const caller = await harness.user("ann");
    const input = { ...request, DelegationPermissionCheck: true };
    const { PermissionCheckResult, PermissionCheckStatus } = await harness.ok("GetDelegationRequest", input, {
      caller,
    });
    expect([PermissionCheckStatus, PermissionCheckResult]).toEqual(["COMPLETE", result]);
  });
});
