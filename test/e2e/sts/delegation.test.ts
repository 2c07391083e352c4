/** Temporary access on request: from asking to what the credentials can do, and all that must not be possible on the way. */
import { beforeAll, expect, test } from "vitest";
import { TestClock } from "../../harness/deterministic.ts";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

/** The account that asks, and the one that is asked. */
const requestor = accountB;
const owner = accountA;
const template = arn(requestor, "policy/lookup");

onEachDatabase("temporary access on request", (start) => {
  const clock = new TestClock(Date.now());
  let world: World;
  let vendor: Caller;
  let number = 0;

  async function ask(more: object = {}, who: Caller = vendor): Promise<{ readonly DelegationRequestId: string }> {
    const answer = await who.iam.createDelegationRequest({
      Description: "Looks up who is there",
      Permissions: {
        PolicyTemplateArn: template,
        Parameters: [{ Name: "userNames", Type: "stringList", Values: ["ann", "bert"] }],
      },
      RequestorWorkflowId: `workflow-${number++}`,
      NotificationChannel: `arn:aws:sns:us-east-1:${requestor}:answers`,
      SessionDuration: 3600,
      OwnerAccountId: owner,
      ...more,
    });
    return { DelegationRequestId: answer.DelegationRequestId! };
  }

  interface Notification {
    readonly Type: string;
    readonly State: string;
    readonly ExchangeToken?: string;
  }

  async function notifications(DelegationRequestId: string, who: Caller = vendor): Promise<readonly Notification[]> {
    const { body } = await who.rolecall("GetDelegationNotifications", { DelegationRequestId });
    return (body["Notifications"] ?? []) as readonly Notification[];
  }

  async function tokenOf(DelegationRequestId: string): Promise<string> {
    return (await notifications(DelegationRequestId)).find(({ Type }) => Type === "ExchangeToken")!.ExchangeToken!;
  }

  /** Asked, accepted and sent by one who may. */
  async function granted(approver: Caller, more: object = {}): Promise<string> {
    const request = await ask(more);
    await approver.iam.associateDelegationRequest(request);
    await approver.iam.acceptDelegationRequest(request);
    await approver.iam.sendDelegationToken(request);
    return request.DelegationRequestId;
  }

  async function pickedUp(id: string): Promise<Caller> {
    const { Credentials } = await vendor.sts.getDelegatedAccessToken({ TradeInToken: await tokenOf(id) });
    return world.as(sessionKeys(Credentials));
  }

  beforeAll(async () => {
    // Clients keep their own time.
    world = await startWorld(start, { clock, clockSkew: 400 * 86_400_000 });
    await world.b.iam.createPolicy({
      PolicyName: "lookup",
      PolicyDocument: document(allow("iam:GetUser", "arn:aws:iam::*:user/@{userNames}")),
    });
    vendor = await world.user(world.b, "vendor", allow(["iam:CreateDelegationRequest", "sts:GetDelegatedAccessToken"]));
    for (const UserName of ["ann", "bert", "carl"]) await world.a.iam.createUser({ UserName });
  });

  test("the whole way: asked, taken, forwarded, accepted, released, picked up, over", async () => {
    const request = await ask({ OnlySendByOwner: true, RequestMessage: "As agreed by telephone" });
    const id = request.DelegationRequestId;
    const clerk = await world.user(world.a, "clerk");
    const seen = (await clerk.iam.getDelegationRequest(request)).DelegationRequest!;
    expect(seen).toMatchObject({
      DelegationRequestId: id,
      OwnerAccountId: owner,
      State: "UNASSIGNED",
      RequestorId: requestor,
      RequestorName: "b",
      SessionDuration: 3600,
      OnlySendByOwner: true,
      PermissionPolicy: document(allow("iam:GetUser", ["arn:aws:iam::*:user/ann", "arn:aws:iam::*:user/bert"])),
    });
    expect(seen.ExpirationTime!.getTime() - seen.CreateDate!.getTime()).toBe(86_400_000);
    // Nobody has it yet, so it is in nobody's list.
    expect((await world.a.iam.listDelegationRequests({})).DelegationRequests).toEqual([]);

    await clerk.iam.associateDelegationRequest(request);
    const OwnerId = arn(owner, "user/clerk");
    expect((await clerk.iam.listDelegationRequests({ OwnerId })).DelegationRequests).toMatchObject([
      { State: "ASSIGNED" },
    ]);
    const EntityArn = arn(owner, `delegation-request/${id}`);
    const { SummaryContent, SummaryState } = await clerk.iam.getHumanReadableSummary({ EntityArn });
    expect(SummaryState).toBe("AVAILABLE");
    expect(SummaryContent).toContain("b (account 444455556666) asks for access to this account for 1 hour");
    expect(SummaryContent).toContain("- call iam:GetUser on arn:aws:iam::*:user/ann and arn:aws:iam::*:user/bert");

    // What he has no permissions for he cannot give; accepting is never a default permission.
    const check = await clerk.iam.getDelegationRequest({ ...request, DelegationPermissionCheck: true });
    expect(check).toMatchObject({ PermissionCheckStatus: "COMPLETE", PermissionCheckResult: "DENIED" });
    expect(await refusal(clerk.iam.acceptDelegationRequest(request))).toMatch(/^AccessDenied 403/);
    await clerk.iam.updateDelegationRequest({ ...request, Notes: "Please decide" });
    expect(await world.a.iam.getDelegationRequest({ ...request, DelegationPermissionCheck: true })).toMatchObject({
      DelegationRequest: { State: "PENDING_APPROVAL", Notes: "Please decide", OwnerId },
      PermissionCheckResult: "ALLOWED",
    });
    await world.a.iam.acceptDelegationRequest(request);
    expect(await refusal(world.a.iam.sendDelegationToken(request))).toBe(
      `AccessDenied 403: Only the owner of the delegation request ${id} may send its token.`,
    );
    expect((await notifications(id)).map(({ State }) => State)).toEqual(["ASSIGNED", "PENDING_APPROVAL", "ACCEPTED"]);
    await clerk.iam.sendDelegationToken(request);

    const TradeInToken = await tokenOf(id);
    const { AssumedPrincipal, Credentials, PackedPolicySize } = await vendor.sts.getDelegatedAccessToken({
      TradeInToken,
    });
    expect(AssumedPrincipal).toBe(arn(owner, "user/administrator"));
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(Credentials!.Expiration!.getTime()).toBe(Math.floor(clock.now() / 1000) * 1000 + 3_600_000);
    const delegated = world.as(sessionKeys(Credentials));
    expect(await delegated.sts.getCallerIdentity({})).toMatchObject({ Account: owner, Arn: AssumedPrincipal });
    expect((await delegated.iam.getUser({ UserName: "bert" })).User!.UserName).toBe("bert");
    expect(await refusal(delegated.iam.getUser({ UserName: "carl" }))).toContain(
      "because no session policy allows the iam:GetUser action",
    );

    // Half an hour later it is good for the half hour that is left, and then for nothing.
    clock.advance(1_800_000);
    const again = await vendor.sts.getDelegatedAccessToken({ TradeInToken });
    expect(again.Credentials!.Expiration).toEqual(Credentials!.Expiration);
    clock.advance(1_800_000);
    expect(await refusal(delegated.iam.getUser({ UserName: "bert" }))).toMatch(/^ExpiredToken 403/);
    expect(await refusal(vendor.sts.getDelegatedAccessToken({ TradeInToken }))).toBe(
      "ExpiredTradeInTokenException 400: The trade-in token has expired.",
    );
    expect((await notifications(id)).at(-1)).toMatchObject({ Type: "StateChange", State: "FINALIZED" });
  });

  test("the trail names who has the credentials, whose they are, and who is behind them", async () => {
    const id = await granted(world.a);
    await (await pickedUp(id)).iam.getUser({ UserName: "ann" });
    const events = await trailEvents(world.server);
    const used = events.findLast(
      ({ eventName, userIdentity }) => eventName === "GetUser" && "invokedByDelegate" in userIdentity,
    )!;
    expect(used).toMatchObject({
      recipientAccountId: owner,
      userIdentity: {
        type: "IAMUser",
        arn: arn(owner, "user/administrator"),
        invokedByDelegate: { accountId: requestor },
      },
      additionalEventData: { hats: { originArn: arn(requestor, "user/vendor") } },
    });
    const exchanged = events.filter(
      ({ eventName, additionalEventData: more }) =>
        eventName === "GetDelegatedAccessToken" &&
        (more as { delegation?: { requestId: string } }).delegation?.requestId === id,
    );
    expect(exchanged.map(({ recipientAccountId }) => recipientAccountId).sort()).toEqual([owner, requestor]);
    for (const event of exchanged) {
      expect(event).toMatchObject({
        additionalEventData: { delegation: { approver: arn(owner, "user/administrator") } },
      });
      expect(JSON.stringify(event)).not.toContain(await tokenOf(id).then((token) => token.slice(-40)));
    }
    expect(JSON.stringify(events)).not.toMatch(/"(?:TradeInToken|ExchangeToken)":"[\w-]{20}/i);
  });

  test("a token is its requestor's alone, and nobody makes one", async () => {
    const id = await granted(world.a);
    const token = await tokenOf(id);
    const invalid = "ValidationError 400: The trade-in token is not valid.";
    expect(await refusal(world.a.sts.getDelegatedAccessToken({ TradeInToken: token }))).toBe(invalid);
    const changed = token.slice(0, -2) + (token.endsWith("AA") ? "BB" : "AA");
    for (const TradeInToken of [changed, `${token}=`, "x", "A".repeat(200), vendor.keys.secretAccessKey]) {
      expect(await refusal(vendor.sts.getDelegatedAccessToken({ TradeInToken })), TradeInToken).toBe(invalid);
    }
    // A session token is sealed with the same ring, for something else.
    const { Credentials } = await world.b.sts.getSessionToken({});
    expect(await refusal(vendor.sts.getDelegatedAccessToken({ TradeInToken: Credentials!.SessionToken }))).toBe(
      invalid,
    );
    const stranger = await world.user(world.b, "stranger");
    expect(await refusal(stranger.sts.getDelegatedAccessToken({ TradeInToken: token }))).toMatch(/^AccessDenied 403/);
    expect((await stranger.rolecall("GetDelegationNotifications", { DelegationRequestId: id })).body).toMatchObject({
      __type: "AccessDenied",
    });
    expect((await world.a.rolecall("GetDelegationNotifications", { DelegationRequestId: id })).body).toMatchObject({
      __type: "ResourceNotFoundException",
    });
  });

  test("nothing is released before it was accepted, or after it was rejected", async () => {
    const request = await ask();
    const state = async () => (await world.a.iam.getDelegationRequest(request)).DelegationRequest!.State;
    const said = (what: string, is: string) =>
      `The delegation request ${request.DelegationRequestId} cannot be ${what}: its state is ${is}.`;
    expect(await refusal(world.a.iam.acceptDelegationRequest(request))).toBe(
      `ConcurrentModificationException 409: ${said("accepted", "UNASSIGNED")}`,
    );
    await world.a.iam.associateDelegationRequest(request);
    expect(await refusal(world.a.iam.associateDelegationRequest(request))).toBe(
      `InvalidInputException 400: ${said("associated", "ASSIGNED")}`,
    );
    expect(await refusal(world.a.iam.sendDelegationToken(request))).toBe(
      `InvalidInputException 400: ${said("sent", "ASSIGNED")}`,
    );
    await world.a.iam.acceptDelegationRequest(request);
    await world.a.iam.rejectDelegationRequest({ ...request, Notes: "Not today" });
    expect((await world.a.iam.getDelegationRequest(request)).DelegationRequest).toMatchObject({
      State: "REJECTED",
      RejectionReason: "Not today",
    });
    for (const refused of [
      world.a.iam.sendDelegationToken(request),
      world.a.iam.updateDelegationRequest(request),
      world.a.iam.rejectDelegationRequest(request),
    ]) {
      expect(await refusal(refused)).toMatch(/^InvalidInputException 400: .* its state is REJECTED\.$/);
    }
    expect(await refusal(world.a.iam.acceptDelegationRequest(request))).toMatch(/^ConcurrentModificationException 409/);
    expect((await notifications(request.DelegationRequestId)).some(({ Type }) => Type === "ExchangeToken")).toBe(false);
    clock.advance(7 * 86_400_000);
    expect(await state()).toBe("EXPIRED");
  });

  test("of several who decide at once, one does", async () => {
    const request = await ask();
    await world.a.iam.associateDelegationRequest(request);
    const accepted = await Promise.allSettled([1, 2, 3].map(() => world.a.iam.acceptDelegationRequest(request)));
    expect(accepted.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    const ended = await Promise.allSettled([
      world.a.iam.sendDelegationToken(request),
      world.a.iam.rejectDelegationRequest(request),
    ]);
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const unowned = await ask({ OwnerAccountId: undefined });
    const taken = await Promise.allSettled(
      [world.a, world.b].map(({ iam }) => iam.associateDelegationRequest(unowned)),
    );
    expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("another account learns nothing of a request, and who has no policy only of what is open to him", async () => {
    const request = await ask();
    const missing = { DelegationRequestId: "00000000-0000-4000-8000-000000000000" };
    const told = async (call: Promise<unknown>, id: string) => (await refusal(call)).replaceAll(id, "ID");
    for (const who of [world.b, vendor]) {
      expect(await told(who.iam.getDelegationRequest(request), request.DelegationRequestId)).toBe(
        await told(who.iam.getDelegationRequest(missing), missing.DelegationRequestId),
      );
    }
    await world.a.iam.associateDelegationRequest(request);
    const other = await world.user(world.a, "other");
    expect(await refusal(other.iam.getDelegationRequest(request))).toMatch(/^AccessDenied 403/);
    const own = { StringEquals: { "iam:DelegationRequestOwner": arn(owner, "user/administrator") } };
    const reader = await world.user(world.a, "reader", allow("iam:*DelegationRequest*", "*", { Condition: own }));
    expect((await reader.iam.getDelegationRequest(request)).DelegationRequest!.State).toBe("ASSIGNED");
    expect(await refusal(reader.iam.listDelegationRequests({}))).toMatch(/^AccessDenied 403/);
    const OwnerId = arn(owner, "user/administrator");
    expect((await reader.iam.listDelegationRequests({ OwnerId })).DelegationRequests!.length).toBeGreaterThan(0);
    const denied = await world.user(world.a, "denied", deny("iam:AssociateDelegationRequest"));
    expect(await refusal(denied.iam.associateDelegationRequest(await ask()))).toContain("with an explicit deny");
  });

  test("delegated permissions are never more than the approver's, and end with them", async () => {
    const role = await world.role(
      world.a,
      "approver",
      trust({ AWS: owner }),
      allow("iam:*DelegationRequest"),
      allow("iam:SendDelegationToken"),
    );
    const approver = await world.assume(world.a, role);
    const delegated = await pickedUp(await granted(approver));
    expect((await delegated.sts.getCallerIdentity({})).Arn).toBe(`arn:aws:sts::${owner}:assumed-role/approver/session`);
    const look = () => delegated.iam.getUser({ UserName: "ann" });
    expect(await refusal(look())).toContain("because no identity-based policy allows the iam:GetUser action");
    const more = { RoleName: "approver", PolicyName: "more" };
    await world.a.iam.putRolePolicy({ ...more, PolicyDocument: document(allow("iam:GetUser")) });
    await look();
    // Ours: policies can tell delegated credentials from the approver himself.
    const Condition = { StringEquals: { "rolecall:DelegateAccount": requestor } };
    await world.a.iam.putRolePolicy({
      RoleName: "approver",
      PolicyName: "revoked",
      PolicyDocument: document(deny("*", "*", { Condition })),
    });
    expect(await refusal(look())).toContain("with an explicit deny in an identity-based policy");
    await world.a.iam.deleteRolePolicy({ RoleName: "approver", PolicyName: "revoked" });
    for (const PolicyName of ["own", "more"]) await world.a.iam.deleteRolePolicy({ RoleName: "approver", PolicyName });
    await world.a.iam.deleteRole({ RoleName: "approver" });
    expect(await refusal(look())).toMatch(/^InvalidClientTokenId 403/);
  });

  test("delegated credentials put on nothing, accept nothing, and are nobody's owner", async () => {
    const wide = {
      PolicyName: "wide",
      PolicyDocument: document(allow(["iam:GetUser", "iam:AcceptDelegationRequest", "sts:*"])),
    };
    await world.b.iam.createPolicy(wide);
    const Permissions = { PolicyTemplateArn: arn(requestor, "policy/wide") };
    const role = await world.role(world.a, "target", trust({ AWS: owner }));
    const delegated = await pickedUp(await granted(world.a, { Permissions }));
    const refused = /^AccessDenied 403: User: .* is not authorized to perform: sts:/;
    expect(await refusal(delegated.sts.assumeRole({ RoleArn: role, RoleSessionName: "s" }))).toMatch(refused);
    expect(await refusal(delegated.sts.getSessionToken({}))).toMatch(refused);
    const open = await ask({ Permissions });
    expect(await refusal(delegated.iam.associateDelegationRequest(open))).toMatch(/^AccessDenied 403/);
    await world.a.iam.associateDelegationRequest(open);
    expect(await refusal(delegated.iam.acceptDelegationRequest(open))).toBe(
      "AccessDenied 403: A session that session policies limit cannot accept delegation requests.",
    );
    // The owner's default permissions are not those of who has his credentials.
    expect(await refusal(delegated.iam.rejectDelegationRequest(open))).toMatch(/^AccessDenied 403/);
  });

  test("the root accepts four hours at most, and its credentials are limited too", async () => {
    const root = await world.root(owner);
    const long = await ask({ SessionDuration: 14_401 });
    await root.iam.associateDelegationRequest(long);
    expect(await refusal(root.iam.acceptDelegationRequest(long))).toMatch(/^AccessDenied 403: Root users may only/);
    const delegated = await pickedUp(await granted(root, { SessionDuration: 14_400 }));
    expect((await delegated.sts.getCallerIdentity({})).Arn).toBe(arn(owner, "root"));
    await delegated.iam.getUser({ UserName: "ann" });
    expect(await refusal(delegated.iam.getUser({ UserName: "carl" }))).toContain("no session policy allows");
  });
});
