/** Every call is on record, whoever made it and whatever came of it, and nothing on record is a secret. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { masterKey } from "../../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { compileProgram } from "../../harness/program.ts";
import { caller, sessionKeys } from "../../harness/clients.ts";
import { form, presignedTarget, send, signed } from "../../harness/http.ts";
import { dataDirectory, onEachDatabase, starter } from "../../harness/places.ts";
import { trailEvents } from "../../harness/trail-events.ts";
import type { TrailEvent } from "../../harness/trail-events.ts";
import { accountA, accountB, allow, arn, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const formType = "application/x-www-form-urlencoded";

/** Awaits a call and does not care what came of it. */
async function tried(call: Promise<unknown>): Promise<void> {
  await call.catch(() => undefined);
}

/** The text of every file under a directory. */
function filesOf(directory: string): { path: string; text: string; mode: number }[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path, text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 }));
}

onEachDatabase("the trail", (start) => {
  const directory = dataDirectory();
  const world: Promise<World> = Promise.resolve().then(() => startWorld(start, { dataDirectory: directory }));
  const newest = async (eventName: string): Promise<TrailEvent> => {
    const found = (await trailEvents((await world).server)).find((event) => event.eventName === eventName);
    if (found === undefined) throw new Error(`no record of ${eventName}`);
    return found;
  };

  test("success, refusal, wrong parameters, a missing entity: each has one record", async () => {
    const { a, user } = await world;
    const bob = await user(a, "bob");
    const before = (await trailEvents((await world).server)).length;
    await bob.sts.getCallerIdentity({});
    await tried(bob.iam.listUsers({}));
    await tried(a.iam.getUser({ UserName: "nobody" }));
    await tried(a.iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: "{}" }));
    await tried(a.iam.getUser({ UserName: "no name" }));
    const events = (await trailEvents((await world).server)).slice(0, -before).reverse();
    expect(events.map(({ eventName, errorCode }) => `${eventName} ${errorCode ?? "ok"}`)).toEqual([
      "GetCallerIdentity ok",
      "ListUsers AccessDenied",
      "GetUser NoSuchEntity",
      "CreateRole MalformedPolicyDocument",
      "GetUser ValidationError",
    ]);
    expect(events[1]).toMatchObject({
      userIdentity: { type: "IAMUser", arn: arn(accountA, "user/bob"), userName: "bob" },
      eventSource: "iam.amazonaws.com",
      awsRegion: "us-east-1",
      sourceIPAddress: "127.0.0.1",
      errorMessage: expect.stringMatching(/is not authorized to perform: iam:ListUsers/),
      recipientAccountId: accountA,
      readOnly: true,
    });
  });

  test("those whom nobody knows have a record, too, and it believes nothing of what they say", async () => {
    const { url, a } = await world;
    const stranger = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "nobody's" };
    const body = "Action=DeleteUser&Version=2010-05-08&UserName=administrator";
    await send(url, { headers: { "content-type": formType }, body });
    expect(await newest("DeleteUser")).toMatchObject({
      userIdentity: { type: "Unknown" },
      errorCode: "MissingAuthenticationToken",
      requestParameters: null,
    });
    await send(url, form(url, { Action: "GetSessionToken" }, { ...a.keys, secretAccessKey: "wrong" }));
    const forged = await newest("GetSessionToken");
    expect(forged).toMatchObject({ errorCode: "SignatureDoesNotMatch", userIdentity: { type: "Unknown" } });
    expect(forged.userIdentity.arn).toBeUndefined();
    const count = (await trailEvents((await world).server)).length;
    await send(url, form(url, { Action: "GetSessionToken" }, stranger));
    const [unknown, ...rest] = await trailEvents((await world).server);
    expect(rest).toHaveLength(count);
    expect(unknown).toMatchObject({
      errorCode: "InvalidClientTokenId",
      userIdentity: { type: "Unknown", accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
    });
  });

  test("what fails before anybody is proven is on record where it was about, else at the operator's", async () => {
    const { url, a, b, user } = await world;
    const bob = await user(b, "bob-about");
    const session = sessionKeys((await bob.sts.getSessionToken({})).Credentials);
    const whose = async (keys: SigningCredentials): Promise<string> => {
      await send(url, form(url, { Action: "GetAccessKeyInfo" }, keys));
      const { recipientAccountId, errorCode, userIdentity } = await newest("Unknown");
      expect(userIdentity.type).toBe("Unknown");
      return `${errorCode} ${recipientAccountId}`;
    };
    const signatures = async (keys: SigningCredentials): Promise<string> => {
      await send(url, form(url, { Action: "GetCallerIdentity" }, { ...keys, secretAccessKey: "wrong" }));
      const { recipientAccountId, errorCode } = await newest("GetCallerIdentity");
      return `${errorCode} ${recipientAccountId}`;
    };
    expect(await signatures(bob.keys)).toBe(`SignatureDoesNotMatch ${accountB}`);
    expect(await signatures(a.keys)).toBe(`SignatureDoesNotMatch ${accountA}`);
    await b.iam.updateAccessKey({ UserName: "bob-about", AccessKeyId: bob.keys.accessKeyId, Status: "Inactive" });
    expect(await whose(bob.keys)).toBe(`InvalidClientTokenId ${accountB}`);
    await b.iam.deleteAccessKey({ UserName: "bob-about", AccessKeyId: bob.keys.accessKeyId });
    await b.iam.deleteUser({ UserName: "bob-about" });
    expect(await whose(session)).toBe(`InvalidClientTokenId ${accountB}`);
    const stranger = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "nobody's" };
    expect(await whose(stranger)).toBe(`InvalidClientTokenId ${accountA}`);
    expect(await whose({ ...session, sessionToken: "forged" })).toBe(`InvalidClientTokenId ${accountA}`);
  });

  test("behind every hat stands the person who put on the first", async () => {
    const { a, b, user, role, assume } = await world;
    const ann = await user(a, "ann", allow("sts:*"));
    const actions = ["sts:AssumeRole", "sts:SetSourceIdentity"];
    const first = await role(b, "first", trust({ AWS: arn(accountA, "user/ann") }, actions), allow("sts:*"));
    const second = await role(b, "second", trust({ AWS: first }, actions), allow("iam:GetRole"));
    const one = await assume(ann, first, { SourceIdentity: "ann@example" });
    const two = await assume(one, second);
    await two.iam.getRole({ RoleName: "second" });
    const acted = await newest("GetRole");
    const { User } = await a.iam.getUser({ UserName: "ann" });
    expect(acted).toMatchObject({
      userIdentity: {
        type: "AssumedRole",
        arn: `arn:aws:sts::${accountB}:assumed-role/second/session`,
        sessionContext: {
          sessionIssuer: { type: "Role", arn: second, userName: "second" },
          sourceIdentity: "ann@example",
          attributes: { mfaAuthenticated: "false" },
        },
      },
      additionalEventData: { hats: { originArn: arn(accountA, "user/ann"), originPrincipalId: User!.UserId } },
    });
    const assumptions = (await trailEvents((await world).server)).filter((event) => event.eventName === "AssumeRole");
    const hats = acted.additionalEventData["hats"] as Record<string, string>;
    const issued = assumptions.map((event) => event.additionalEventData["issuedSession"] as { sessionId: string });
    expect(issued.map(({ sessionId }) => sessionId)).toContain(hats["sessionId"]);
    expect(issued.map(({ sessionId }) => sessionId)).toContain(hats["parentSessionId"]);
    // Putting on another account's role is on record in both accounts, under one id.
    const across = assumptions.filter((event) => event.sharedEventID !== undefined);
    expect(across.map((event) => event.recipientAccountId).sort()).toEqual([accountA, accountB]);
    expect(new Set(across.map((event) => event.sharedEventID)).size).toBe(1);
    expect(across.find((event) => event.recipientAccountId === accountB)).toMatchObject({
      userIdentity: { type: "AWSAccount", accountId: accountA, principalId: User!.UserId },
    });
    const seen = await b.rolecall("LookupEvents", { PrincipalArn: arn(accountA, "user/ann"), EventName: "GetRole" });
    expect(seen.body.Events).toHaveLength(1);
  });

  test("no secret, token or signature is in any file, and the private part is its owner's alone", async () => {
    const { url, a, server, assume, role } = await world;
    const { AccessKey } = await a.iam.createAccessKey({ UserName: "bob" });
    const bob: SigningCredentials = {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    };
    const may = await role(a, "secretive", trust({ AWS: accountA }, ["sts:AssumeRole", "sts:TagSession"]));
    const hatted = await assume(a, may, {
      Policy: document(allow("sts:*")),
      Tags: [{ Key: "team", Value: "x" }],
    });
    await hatted.sts.getCallerIdentity({});
    const user = (await a.sts.getSessionToken({})).Credentials!;
    const federated = (await a.sts.getFederationToken({ Name: "guest" })).Credentials!;
    const target = presignedTarget(url, { Action: "GetCallerIdentity" }, hatted.keys);
    expect((await send(url, { method: "GET", target })).status).toBe(200);
    const inner = signed(url, { method: "GET", target: "/" }, hatted.keys, { service: "shop" });
    const headers = Object.entries(inner.headers!).map(([Name, Value]) => ({ Name, Value }));
    const asking = { Service: "shop", Action: "shop:Look", Resources: ["*"] };
    await a.rolecall("Authorize", { ...asking, Request: { Method: "GET", Url: "/", Headers: headers } });
    await a.rolecall("Authorize", { ...asking, Request: { Method: "GET", Url: target, Headers: headers } });
    // The names of parameters are read decoded, so they may come encoded.
    const spelt = target.replace("X-Amz-Signature", "X-Amz-Signatur%65").replace("Security-Token", "Security-Toke%6E");
    await a.rolecall("Authorize", { ...asking, Request: { Method: "GET", Url: spelt, Headers: headers } });
    const account = (await a.rolecall("CreateAccount", { Name: "c" })).body.Administrator;
    await server.environment().trail.flush();
    const signatures = [target, ...Object.values(inner.headers!)].map(
      (text) => /Signature=([0-9a-f]{64})/.exec(text)?.[1],
    );
    const secrets = [
      ...[a.keys, bob, hatted.keys].map((keys) => keys.secretAccessKey),
      ...[user, federated].flatMap((it) => [it.SecretAccessKey!, it.SessionToken!]),
      hatted.keys.sessionToken!,
      account.SecretAccessKey as string,
      ...signatures.filter((it) => it !== undefined),
    ];
    expect(secrets).toHaveLength(11);
    const files = filesOf(join(directory, "trail"));
    const written = files.filter(({ path }) => path.endsWith(".jsonl"));
    expect(written.map(({ path }) => path).sort()).toEqual([
      expect.stringMatching(/trail\/events-\d{4}-\d\d-\d\d\.jsonl$/),
      expect.stringMatching(/trail\/nobody-\d{4}-\d\d-\d\d\.jsonl$/),
      expect.stringMatching(/trail\/private\/decisions-\d{4}-\d\d-\d\d\.jsonl$/),
    ]);
    for (const { text } of written) expect(text.length).toBeGreaterThan(1000);
    for (const { path, text, mode } of files) {
      expect(mode, path).toBe(0o600);
      for (const secret of secrets) {
        // As it is, and as JSON or a URL would have it.
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
          expect(text.includes(form), `${path}: ${form.slice(0, 8)}…`).toBe(false);
        }
      }
    }
  });

  test("the private part has the decision of every call that was decided, by event id", async () => {
    const { a } = await world;
    await tried(a.iam.getUser({ UserName: "nobody" }));
    const event = await newest("GetUser");
    const files = filesOf(join(directory, "trail/private"));
    const decisions = files.flatMap(({ text }) => text.split("\n")).filter((line) => line.includes(event.eventID));
    expect(decisions).toHaveLength(1);
    expect(JSON.parse(decisions[0]!)).toMatchObject({
      eventID: event.eventID,
      requirements: [
        {
          action: "iam:GetUser",
          resource: arn(accountA, "user/nobody"),
          outcome: "Allowed",
          context: { "aws:username": "administrator", "aws:principalaccount": accountA },
        },
      ],
    });
  });
});

describe("a server that is killed", () => {
  const start = starter();
  const directory = dataDirectory();

  test("has the record of every change that it acknowledged, once", async () => {
    const secret = randomBytes(32);
    const program = compileProgram("test/e2e/trail/serving.ts");
    const acknowledged: string[] = [];
    let administrator: SigningCredentials | undefined;
    try {
      for (const round of [0, 1]) {
        const child = program.spawn([directory, secret.toString("hex"), accountA]);
        const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
        const told = JSON.parse(line) as { url: string; administrator?: SigningCredentials };
        administrator ??= told.administrator!;
        const { iam } = caller(told.url, administrator);
        const lanes = Array.from({ length: 4 }, async (_, lane) => {
          for (let index = 0; ; index++) {
            const UserName = `u-${round}-${lane}-${index}`;
            await iam.createUser({ UserName });
            acknowledged.push(UserName);
          }
        });
        const ended = Promise.allSettled(lanes);
        // In the middle of its work, however slow the machine is.
        const enough = acknowledged.length + 20;
        await expect.poll(() => acknowledged.length, { interval: 5, timeout: 30_000 }).toBeGreaterThan(enough);
        child.kill("SIGKILL");
        await once(child, "exit");
        await ended;
      }
    } finally {
      program.remove();
    }
    const server = await start({
      database: { sqlite: join(directory, "rolecall.db") },
      dataDirectory: directory,
      masterKey: masterKey(secret, "the test"),
    });
    expect(server.created).toEqual([]);
    const recorded = (await trailEvents(server))
      .filter((event) => event.eventName === "CreateUser")
      .map((event) => event.requestParameters!["userName"] as string);
    const stored: string[] = [];
    const { iam } = caller(server.url, administrator!);
    let Marker: string | undefined;
    do {
      const page = await iam.listUsers({ MaxItems: 1000, ...(Marker === undefined ? {} : { Marker }) });
      stored.push(...page.Users!.map((user) => user.UserName!));
      Marker = page.Marker;
    } while (Marker !== undefined);
    const made = stored.filter((name) => name.startsWith("u-")).sort();
    expect(made.filter((name) => acknowledged.includes(name))).toHaveLength(acknowledged.length);
    // What was committed is on record, whether or not its answer got away; nothing else is, and nothing twice.
    expect(recorded.sort()).toEqual(made);
  });
});
