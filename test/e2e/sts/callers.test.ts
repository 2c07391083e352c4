/** Which kind of credentials may call which operation of STS, whatever policies allow. */
import { beforeAll, expect, test } from "vitest";
import { casesIn } from "../../harness/cases.ts";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { phoneOf } from "../../harness/phone.ts";
import { starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const operations = [
  "AssumeRole",
  "GetSessionToken",
  "GetFederationToken",
  "GetCallerIdentity",
  "GetAccessKeyInfo",
] as const;
type Operation = (typeof operations)[number];
type Row = { readonly caller: string } & Readonly<Record<Operation, string>>;

const rows = casesIn<Row>("sts/callers.jsonl");
const everything = document(allow("*"));
const password = "What it Was 1";
const start = starter();
let world: World;
let role: string;
let callers: Readonly<Record<string, Caller>>;

beforeAll(async () => {
  world = await startWorld(start);
  const { as, a } = world;
  const root = await world.root(accountA);
  const user = await world.user(a, "kim", allow("*"));
  const phone = await phoneOf(a, "kim");
  // It trusts by a policy that names all of the account, and roles need to be allowed by their own.
  role = await world.role(a, "hat", trust({ AWS: accountA }), allow("*"));
  const sessionOf = async (who: Caller, more: object = {}) =>
    as(sessionKeys((await who.sts.getSessionToken(more)).Credentials));
  const hat = await world.assume(user, role);
  const federated = await user.sts.getFederationToken({ Name: "visitor", Policy: everything });
  callers = {
    "root with a key": root,
    "root with a session": await sessionOf(root),
    "user with a key": user,
    "user with a session": await sessionOf(user),
    "user with a session and MFA": await sessionOf(user, phone.shows()),
    "user who has signed in": await signedIn(),
    "federated user": as(sessionKeys(federated.Credentials)),
    "session of a role": hat,
    "session of a chain": await world.assume(hat, role),
    "delegated session": await delegated(user),
  };
});

async function signedIn(): Promise<Caller> {
  await world.user(world.a, "lea", allow("*"));
  await world.a.iam.createLoginProfile({ UserName: "lea", Password: password });
  const { body } = await world.a.rolecall("SignIn", { Account: accountA, UserName: "lea", Password: password });
  return world.as(sessionKeys(body["Credentials"] as Parameters<typeof sessionKeys>[0]));
}

/** What kim has delegated to somebody of another account. */
async function delegated(approver: Caller): Promise<Caller> {
  await world.b.iam.createPolicy({ PolicyName: "all", PolicyDocument: document(allow("iam:GetUser")) });
  const { DelegationRequestId } = await world.b.iam.createDelegationRequest({
    Description: "Looks up who is there",
    Permissions: { PolicyTemplateArn: arn(accountB, "policy/all") },
    RequestorWorkflowId: "workflow",
    NotificationChannel: `arn:aws:sns:us-east-1:${accountB}:answers`,
    SessionDuration: 3600,
    OwnerAccountId: accountA,
  });
  const request = { DelegationRequestId: DelegationRequestId! };
  await approver.iam.associateDelegationRequest(request);
  await approver.iam.acceptDelegationRequest(request);
  await approver.iam.sendDelegationToken(request);
  const { body } = await world.b.rolecall("GetDelegationNotifications", request);
  const notifications = body["Notifications"] as readonly { readonly ExchangeToken?: string }[];
  const TradeInToken = notifications.find(({ ExchangeToken }) => ExchangeToken !== undefined)!.ExchangeToken!;
  return world.as(sessionKeys((await world.b.sts.getDelegatedAccessToken({ TradeInToken })).Credentials));
}

const calls: Readonly<Record<Operation, (who: Caller) => Promise<unknown>>> = {
  AssumeRole: ({ sts }) => sts.assumeRole({ RoleArn: role, RoleSessionName: "session" }),
  GetSessionToken: ({ sts }) => sts.getSessionToken({}),
  GetFederationToken: ({ sts }) => sts.getFederationToken({ Name: "visitor" }),
  GetCallerIdentity: ({ sts }) => sts.getCallerIdentity({}),
  GetAccessKeyInfo: ({ sts, keys }) => sts.getAccessKeyInfo({ AccessKeyId: keys.accessKeyId }),
};

test.each(rows.map((row) => [row.caller, row] as const))("%s", async (name, row) => {
  const who = callers[name]!;
  const { Arn } = await who.sts.getCallerIdentity({});
  const outcomes: Record<string, string> = {};
  for (const operation of operations) {
    const call = calls[operation](who);
    outcomes[operation] = row[operation] === "allowed" ? (await call, "allowed") : await refusal(call);
  }
  const { caller: _, ...wanted } = row;
  const filled = Object.entries(wanted).map(([operation, text]) => [operation, text.replace("${arn}", Arn!)]);
  expect(outcomes).toEqual(Object.fromEntries(filled));
});

test("every kind is there", () => {
  expect(rows.map(({ caller }) => caller)).toEqual(Object.keys(callers));
});

/** GetDelegatedAccessToken is what a delegation request ends in: whoever has its token, and is of the account that asked. */
test("a session cannot get what was delegated to its account with a token that it made up", async () => {
  for (const [name, who] of Object.entries(callers)) {
    const said = await refusal(who.sts.getDelegatedAccessToken({ TradeInToken: "made up" }));
    expect(said, name).toMatch(/^(ValidationError 400: The trade-in token is not valid|AccessDenied 403: User: )/);
  }
});
