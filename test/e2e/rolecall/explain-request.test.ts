import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { RolecallOperations } from "../../../src/contracts/rolecall/contract.ts";
import type { Explanation } from "../../../src/policy/index.ts";
import { sign } from "../../../src/sigv4/sign.ts";
import { rolecall } from "../../harness/cli.ts";
import type { Caller } from "../../harness/clients.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

type Explained = RolecallOperations["ExplainRequest"]["output"];

interface Called {
  readonly $metadata?: { readonly requestId?: string };
}

/** The id of a request, whatever came of it. */
async function requestId(call: Promise<unknown>): Promise<string> {
  const answer = (await call.catch((error: unknown) => error)) as Called;
  return answer.$metadata!.requestId!;
}

async function explained(who: Caller, input: object): Promise<Explained> {
  const { status, body } = await who.rolecall("ExplainRequest", input);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as Explained;
}

async function fault(who: Caller, input: object): Promise<string> {
  const { status, body } = await who.rolecall("ExplainRequest", input);
  return `${status} ${String((body as { __type?: string }).__type)}: ${String((body as { message?: string }).message)}`;
}

function explanationIn({ Explanations }: Explained, index = 0): Explanation {
  return JSON.parse(Explanations[index]!.Explanation) as Explanation;
}

const directory = dataDirectory();

describe.each([
  ["in memory", null],
  ["on disk", directory],
])("rolecall:ExplainRequest with a trail %s", (_name, trail) => {
  const start = starter();
  let world: World;
  beforeAll(async () => {
    world = await startWorld(start, { dataDirectory: trail });
  });

  it("explains a denial by the policies of that moment, and by those of now", async () => {
    const bob = await world.user(world.a, "bob", allow("iam:GetUser", arn(accountA, "user/other")));
    const id = await requestId(bob.iam.getUser({ UserName: "bob" }));
    const first = await explained(world.a, { RequestId: id });
    expect(first).toMatchObject({
      RequestId: id,
      Action: "iam:GetUser",
      Policies: "moment",
      ErrorCode: "AccessDenied",
    });
    expect(first.Explanations).toMatchObject([
      {
        Action: "iam:GetUser",
        Principal: arn(accountA, "user/bob"),
        RecordedOutcome: "ImplicitlyDenied",
        Withheld: [],
      },
    ]);
    const { blockedBy, statements, changes } = explanationIn(first);
    expect(blockedBy).toMatchObject([{ layer: "identity" }]);
    expect(statements[0]!.words).toContain("statement 0 of identity-based policy own does not apply: Resource");
    expect(changes[0]![0]).toMatchObject({ type: "AddStatement", layer: "identity" });

    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [allow("iam:*")] });
    await world.a.iam.putUserPolicy({ UserName: "bob", PolicyName: "own", PolicyDocument });
    expect((await explained(world.a, { EventId: first.EventId })).Explanations[0]!.Outcome).toBe("ImplicitlyDenied");
    const now = await explained(world.a, { RequestId: id, Policies: "now" });
    expect(now.Explanations).toMatchObject([{ Outcome: "Allowed", RecordedOutcome: "ImplicitlyDenied" }]);

    // What is gone has no policies.
    await world.a.iam.deleteUserPolicy({ UserName: "bob", PolicyName: "own" });
    await world.a.iam.deleteAccessKey({ UserName: "bob", AccessKeyId: bob.keys.accessKeyId });
    await world.a.iam.deleteUser({ UserName: "bob" });
    expect((await explained(world.a, { RequestId: id, Policies: "now" })).Explanations[0]!.Outcome).toBe(
      "ImplicitlyDenied",
    );
    expect(explanationIn(await explained(world.a, { RequestId: id })).statements).toHaveLength(1);
  });

  it("keeps what bound a principal, a boundary and a session policy", async () => {
    await world.user(world.a, "carol", allow("sts:AssumeRole"));
    const role = await world.role(world.a, "carols", trust({ AWS: arn(accountA, "user/carol") }), allow("iam:*"));
    const { AccessKeyMetadata } = await world.a.iam.listAccessKeys({ UserName: "carol" });
    await world.a.iam.deleteAccessKey({ UserName: "carol", AccessKeyId: AccessKeyMetadata![0]!.AccessKeyId! });
    await world.a.iam.deleteUserPolicy({ UserName: "carol", PolicyName: "own" });
    await world.a.iam.deleteUser({ UserName: "carol" });
    const second = await world.user(world.a, "carol", allow("sts:AssumeRole"));
    const id = await requestId(second.sts.assumeRole({ RoleArn: role, RoleSessionName: "session" }));
    const refused = await explained(world.a, { RequestId: id });
    expect(refused.Explanations).toMatchObject([{ Outcome: "ImplicitlyDenied", RecordedOutcome: "ImplicitlyDenied" }]);
    expect(explanationIn(refused).statements.find(({ layer }) => layer === "trust")).toMatchObject({
      applies: false,
      principal: { matched: false },
    });

    const dan = await world.user(world.a, "dan", allow("sts:AssumeRole"));
    const open = await world.role(world.a, "open", trust({ AWS: accountA }), allow("iam:*"));
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow("iam:ListUsers")] });
    const session = await world.assume(dan, open, { Policy });
    const inSession = await explained(world.a, { RequestId: await requestId(session.iam.listRoles({})) });
    expect(explanationIn(inSession).blockedBy).toMatchObject([{ layer: "session" }]);
    expect(inSession.Explanations[0]!.Principal).toBe(`arn:aws:sts::${accountA}:assumed-role/open/session`);
  });

  it("explains what was allowed by the policies of now alone", async () => {
    const id = await requestId(world.a.iam.listUsers({}));
    const now = await explained(world.a, { RequestId: id });
    expect(now).toMatchObject({ Policies: "now", Explanations: [{ Outcome: "Allowed", RecordedOutcome: "Allowed" }] });
    expect(await fault(world.a, { RequestId: id, Policies: "moment" })).toMatch(/^400 PoliciesNotKept: /);
  });

  it("says of a request that was refused before any decision what it was refused with", async () => {
    const wrong = { ...world.a.keys, secretAccessKey: "wrong" };
    const id = await requestId(world.as(wrong).iam.listUsers({}));
    expect(await explained(world.a, { RequestId: id })).toMatchObject({
      ErrorCode: "SignatureDoesNotMatch",
      Explanations: [],
    });
  });

  it("tells an account nothing of another account's policies, nor whether its role is there", async () => {
    await world.role(world.a, "closed", trust({ AWS: accountA }));
    const bea = await world.user(world.b, "bea", allow("sts:AssumeRole"));
    const views = [];
    for (const name of ["closed", "missing"]) {
      const id = await requestId(
        bea.sts.assumeRole({ RoleArn: arn(accountA, `role/${name}`), RoleSessionName: "session" }),
      );
      const seen = await explained(world.b, { RequestId: id });
      expect(seen.Explanations).toMatchObject([{ Withheld: ["trust"], Outcome: "ImplicitlyDenied" }]);
      expect(seen.Explanations[0]!.Summary).toContain(
        "the other account, whose policies are not shown, has to allow it",
      );
      expect(seen.Explanations[0]!.Explanation).not.toContain("trust");
      views.push(JSON.stringify(seen.Explanations).replaceAll(name, "NAME"));
      // The operator, who runs the server, sees both sides.
      const all = await explained(world.a, { RequestId: id });
      expect(all.AccountId).toBe(accountB);
      expect(new Set(explanationIn(all).blockedBy.map(({ layer }) => layer))).toEqual(new Set(["trust"]));
    }
    expect(views[0]).toBe(views[1]);
    const silent = await world.user(world.b, "silent", deny("sts:*"));
    const own = await requestId(
      silent.sts.assumeRole({ RoleArn: arn(accountA, "role/closed"), RoleSessionName: "session" }),
    );
    const told = await explained(world.b, { RequestId: own });
    expect(told.Explanations[0]!.Summary).toMatch(/with an explicit deny in an identity-based policy$/);
  });

  it("tells the role's account by its own policy why somebody else's AssumeRole was refused", async () => {
    const owner = await world.user(world.b, "owner", allow("rolecall:ExplainRequest"));
    const cas = await world.user(world.a, "cas", allow("sts:AssumeRole"));
    const guarded = await world.role(
      world.b,
      "guarded",
      trust({ AWS: accountA }, "sts:AssumeRole", { Condition: { StringEquals: { "sts:ExternalId": "right" } } }),
    );
    const refused = (who: Caller, more: object = {}) =>
      requestId(who.sts.assumeRole({ RoleArn: guarded, RoleSessionName: "session", ...more }));
    const id = await refused(cas, { ExternalId: "wrong" });
    const seen = await explained(owner, { RequestId: id });
    expect(seen).toMatchObject({
      AccountId: accountA,
      Action: "sts:AssumeRole",
      Policies: "moment",
      Explanations: [
        {
          Principal: arn(accountA, "user/cas"),
          Resource: guarded,
          Outcome: "ImplicitlyDenied",
          Withheld: ["identity"],
        },
      ],
    });
    const { blockedBy, statements } = explanationIn(seen);
    expect(blockedBy).toMatchObject([{ layer: "trust" }]);
    expect(statements).toMatchObject([
      { layer: "trust", conditions: [{ key: "sts:ExternalId", seen: "wrong", wanted: ["right"] }] },
    ]);
    expect(await explained(owner, { RequestId: id, AccountId: accountB })).toMatchObject({ RequestId: id });

    // Where the caller's own policies refuse, that is all that is told: neither which, nor how.
    const views: string[] = [];
    for (const [name, ...statements] of [["dora", deny("sts:*")], ["dina"]] as const) {
      const caller = await world.user(world.a, name, ...statements);
      const theirs = await explained(owner, { RequestId: await refused(caller, { ExternalId: "right" }) });
      expect(theirs.Explanations).toMatchObject([{ RecordedOutcome: "ImplicitlyDenied", Withheld: ["identity"] }]);
      views.push(JSON.stringify({ ...theirs, EventId: "", RequestId: "", EventTime: "" }).replaceAll(name, "NAME"));
    }
    expect(views[0]).toBe(views[1]);

    // A role that trusts nobody of theirs is met as none: it is explained by its trust policy of now.
    const shut = await world.role(world.b, "shut", trust({ AWS: accountB }));
    const unmet = await requestId(cas.sts.assumeRole({ RoleArn: shut, RoleSessionName: "session" }));
    const told = await explained(owner, { RequestId: unmet });
    expect(told).toMatchObject({ Policies: "now", Explanations: [{ Withheld: ["identity"] }] });
    expect(explanationIn(told).statements).toMatchObject([
      { principal: { matched: false, wanted: [arn(accountB, "root")] } },
    ]);
  });

  it("tells of the other account's context only whether it is what a policy wants", async () => {
    const owner = await world.user(world.b, "asker", allow("rolecall:ExplainRequest"));
    const Condition = {
      StringEquals: { "aws:PrincipalTag/level": "open" },
      Bool: { "aws:MultiFactorAuthPresent": "true" },
    };
    const role = await world.role(world.b, "tagged", trust({ AWS: accountA }, "sts:AssumeRole", { Condition }));
    await world.b.iam.tagRole({ RoleName: "tagged", Tags: [{ Key: "owner", Value: "their-secret" }] });
    const joe = await world.user(
      world.a,
      "joe",
      allow("sts:AssumeRole", "*", { Condition: { StringEquals: { "aws:ResourceTag/owner": "guess" } } }),
    );
    await world.a.iam.tagUser({ UserName: "joe", Tags: [{ Key: "level", Value: "our-secret" }] });
    const id = await requestId(joe.sts.assumeRole({ RoleArn: role, RoleSessionName: "session" }));
    const reader = await world.user(
      world.a,
      "own-reader",
      allow("rolecall:ExplainRequest", `arn:aws:rolecall::${accountA}:trail`),
    );
    const ours = await explained(reader, { RequestId: id });
    expect(JSON.stringify(ours)).not.toContain("their-secret");
    expect(explanationIn(ours).statements[0]).toMatchObject({
      layer: "identity",
      conditions: [{ key: "aws:ResourceTag/owner", matched: false, missing: false, seen: null, wanted: ["guess"] }],
    });
    const theirs = await explained(owner, { RequestId: id });
    expect(JSON.stringify(theirs)).not.toContain("our-secret");
    expect(explanationIn(theirs).statements[0]!.conditions).toMatchObject([
      { key: "aws:PrincipalTag/level", matched: false, missing: false, seen: null },
      { key: "aws:MultiFactorAuthPresent", matched: false, missing: true },
    ]);
    // The operator sees both.
    expect(JSON.stringify(await explained(world.a, { RequestId: id }))).toContain("their-secret");
  });

  it("tells nobody else of a refusal that is not theirs", async () => {
    const missing = /^404 ResourceNotFoundException: The trail has no record of the request /;
    const owner = await world.user(world.b, "other-owner", allow("rolecall:ExplainRequest"));
    const ida = await world.user(world.a, "ida", allow("sts:*"));
    const own = await world.role(world.a, "own", trust({ AWS: accountB }));
    for (const call of [
      // Their account is named, and it is not about anything of theirs.
      () => ida.sts.assumeRole({ RoleArn: own, RoleSessionName: "session", ExternalId: `a::${accountB}:a` }),
      // It is about something of theirs that has no policy of its own.
      () => ida.iam.getPolicy({ PolicyArn: arn(accountB, "policy/p") }),
    ]) {
      expect(await fault(owner, { RequestId: await requestId(call()) })).toMatch(missing);
    }
    const nobody = await world.user(world.b, "nobody", allow("iam:*"));
    const id = await requestId(ida.sts.assumeRole({ RoleArn: arn(accountB, "role/none"), RoleSessionName: "session" }));
    expect(await fault(nobody, { RequestId: id })).toMatch(/^403 AccessDenied/);
    expect(await fault(owner, { RequestId: id, AccountId: accountA })).toMatch(/^403 AccessDenied/);
  });

  it("shows each account its own records only, and those to whom they are allowed", async () => {
    const id = await requestId(world.a.iam.listUsers({}));
    const missing = /^404 ResourceNotFoundException: The trail has no record of the request /;
    expect(await fault(world.b, { RequestId: id })).toMatch(missing);
    expect(await fault(world.b, { RequestId: "00000000-0000-4000-8000-000000000000" })).toMatch(missing);
    const eve = await world.user(world.b, "eve", allow("iam:*"));
    expect(await fault(eve, { RequestId: id })).toMatch(/^403 AccessDenied.*: .*rolecall:ExplainRequest/);
    expect(await fault(world.a, {})).toBe("400 ValidationException: Give either RequestId or EventId.");
    expect(await fault(world.a, { RequestId: id, EventId: id })).toMatch(/^400 ValidationException/);
    // Of the operator's account, but not allowed to explain for others: the other side stays hidden.
    const reader = await world.user(
      world.a,
      "reader",
      allow("rolecall:ExplainRequest", `arn:aws:rolecall::${accountA}:trail`),
      allow("sts:AssumeRole"),
    );
    const theirs = await world.role(world.b, "theirs", trust({ AWS: accountB }));
    const own = await requestId(reader.sts.assumeRole({ RoleArn: theirs, RoleSessionName: "session" }));
    expect((await explained(reader, { RequestId: own })).Explanations[0]!.Withheld).toEqual(["trust"]);
  });

  it("explains what a service outside asked, without the asker's view of other accounts' users", async () => {
    const service = await world.user(world.b, "service", allow("rolecall:*"));
    const pat = await world.user(world.a, "pat", allow("docs:Read", "arn:aws:docs:::a"));
    const { body } = await service.rolecall("Authorize", {
      Request: forwarded(pat),
      Service: "docs",
      Action: "docs:Read",
      Resources: ["arn:aws:docs:::a", "arn:aws:docs:::b"],
      ResourceAccount: accountA,
    });
    const asked = body as { EventId: string; Decisions: { Outcome: string }[] };
    expect(asked.Decisions.map(({ Outcome }) => Outcome)).toEqual(["Allowed", "ImplicitlyDenied"]);
    const seen = await explained(world.b, { RequestId: asked.EventId });
    expect(seen.Explanations.map(({ Action, Withheld }) => `${Action} ${Withheld.join()}`)).toEqual([
      "rolecall:Authorize ",
      "docs:Read identity",
      "docs:Read identity",
    ]);
    const all = await explained(world.a, { RequestId: asked.EventId });
    expect(explanationIn(all, 2).statements).toMatchObject([{ layer: "identity", applies: false }]);
  });

  it("explains many requirements in several answers, and the command all of them", async () => {
    const service = await world.user(world.a, "asker", allow("rolecall:*"));
    const kim = await world.user(world.a, "kim");
    for (const name of ["one"]) {
      const PolicyDocument = document(
        ...Array.from({ length: 20 }, (_, index) => allow("docs:Read", [`arn:aws:docs:::${name}${index}*`])),
      );
      await world.a.iam.createPolicy({ PolicyName: `${name}-kim`, PolicyDocument });
      await world.a.iam.attachUserPolicy({ UserName: "kim", PolicyArn: arn(accountA, `policy/${name}-kim`) });
    }
    const headers = ["host", "docs.example.com"];
    const input = { method: "GET", path: "/", query: "", headers, bodyHash: () => emptyHash };
    const signed = sign(input, kim.keys, { region: "us-east-1", service: "docs" }, Date.now());
    const Headers = [...Object.entries(signed), headers as [string, string]].map(([Name, Value]) => ({ Name, Value }));
    const { body } = await service.rolecall("Authorize", {
      Request: { Method: "GET", Url: "/", Headers },
      Service: "docs",
      Action: "docs:Read",
      Resources: Array.from({ length: 40 }, (_, index) => `arn:aws:docs:::${index}`),
    });
    const id = (body as { EventId: string }).EventId;
    const resources: string[] = [];
    let answers = 0;
    let next: string | undefined;
    do {
      const answer = await explained(world.a, { RequestId: id, NextToken: next });
      expect(JSON.stringify(answer).length).toBeLessThan(500_000);
      expect(answer.RequestId).toBe(id);
      resources.push(...answer.Explanations.map(({ Resource }) => Resource));
      next = answer.NextToken;
      answers++;
    } while (next !== undefined);
    expect(answers).toBeGreaterThan(1);
    expect(resources.slice(1)).toEqual(Array.from({ length: 40 }, (_, index) => `arn:aws:docs:::${index}`));
    const environment = {
      AWS_ACCESS_KEY_ID: world.a.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.a.keys.secretAccessKey,
    };
    const command = ["explain", "--request", id, "--endpoint-url", world.url, "--json"];
    const { out } = await rolecall(directory, command, environment);
    expect((JSON.parse(out) as Explained).Explanations).toHaveLength(41);
  });

  it("is a command of the command line", async () => {
    const eli = await world.user(world.a, "eli");
    const id = await requestId(eli.iam.listUsers({}));
    const { accessKeyId, secretAccessKey } = world.a.keys;
    const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const ask = (...words: string[]) =>
      rolecall(directory, ["explain", "--request", ...words, "--endpoint-url", world.url], environment);
    const { code, out } = await ask(id);
    expect(code).toBe(0);
    expect(out).toContain("AccessDenied: User: arn:aws:iam::111122223333:user/eli is not authorized");
    expect(out).toContain("Explained by the policies of that moment");
    expect(out).toContain("What would allow it");
    const json = JSON.parse((await ask(id, "--json", "--policies", "now")).out) as Explained;
    expect(json).toMatchObject({ Policies: "now", Explanations: [{ Explanation: { decision: { allowed: false } } }] });
    expect((await ask(json.EventId!)).code).toBe(0);
    expect(await ask("00000000-0000-4000-8000-000000000000")).toMatchObject({
      code: 1,
      err: expect.stringContaining("The trail has no record of the event") as string,
    });
    expect((await ask("that one")).code).toBe(2);
    expect((await ask(id, "--policies", "later")).code).toBe(2);
  });
});

describe("ever new policies", () => {
  const start = starter();
  const crowded = dataDirectory();

  it("are not kept beyond their owner's budget, which is said, and costs nobody else", async () => {
    const world = await startWorld(start, { dataDirectory: crowded });
    const service = await world.user(world.a, "service", allow("rolecall:*"));
    const pat = await world.user(world.a, "pat");
    const filler = Array.from({ length: 16 }, () => "x".repeat(2000));
    const ask = async (number: number): Promise<string> => {
      const Condition = { StringEquals: { "docs:Kind": [String(number), ...filler] } };
      const { body } = await service.rolecall("Authorize", {
        Request: forwarded(pat),
        Service: "docs",
        Action: "docs:Read",
        Resources: ["arn:aws:docs:::a"],
        ResourcePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Principal: "*", ...allow("docs:Read", "*", { Condition }) }],
        }),
      });
      return (body as { EventId: string }).EventId;
    };
    const ids: string[] = [];
    for (let number = 0; number < 34; number++) ids.push(await ask(number));
    expect(await explained(world.a, { RequestId: ids[0] })).toMatchObject({ Policies: "moment" });
    expect(await fault(world.a, { RequestId: ids.at(-1) })).toMatch(/^400 PoliciesNotKept: /);
    expect(await fault(world.a, { RequestId: ids.at(-1), Policies: "moment" })).toMatch(/^400 PoliciesNotKept: /);
    const other = await requestId(pat.iam.listUsers({}));
    expect(await explained(world.a, { RequestId: other })).toMatchObject({ Policies: "moment" });
  });
});

/** A request to the service `docs` as it received it. */
function forwarded({ keys }: Caller): object {
  const headers = { host: "docs.example.com" };
  const signed = sign(
    { method: "GET", path: "/a", query: "", headers: Object.entries(headers).flat(), bodyHash: () => emptyHash },
    keys,
    { region: "us-east-1", service: "docs" },
    Date.now(),
  );
  const Headers = Object.entries({ ...headers, ...signed }).map(([Name, Value]) => ({ Name, Value }));
  return { Method: "GET", Url: "/a", Headers };
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

it("writes policy documents among what decided, for their owner alone", () => {
  const privates = join(directory, "trail", "private");
  const names = readdirSync(privates);
  expect(names).toEqual([expect.stringMatching(/^decisions-\d{4}-\d\d-\d\d\.jsonl$/)]);
  const lines = readFileSync(join(privates, names[0]!), "utf8").trimEnd().split("\n");
  const documents = lines.filter((line) => line.startsWith('{"sha256":'));
  expect(documents.length).toBeGreaterThan(5);
  expect(new Set(documents).size).toBe(documents.length);
  expect(statSync(join(privates, names[0]!)).mode & 0o777).toBe(0o600);
});
