/** rolecall:Authorize: a service outside, which knows no keys, asks about requests that it received. */
import { beforeAll, expect, test } from "vitest";
import { TestClock } from "../../harness/deterministic.ts";
import { presign } from "../../harness/presign.ts";
import { sign } from "../../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { Caller } from "../../harness/clients.ts";
import { jsonFaultOf } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { hash, host, received } from "../../harness/received.ts";
import { accountA, accountB, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const goods = "arn:aws:shop:::goods/1";

/** What an S3 client sends of an upload, with S3's word for its body in the place of its hash. */
function putObject(credentials: SigningCredentials, payload: string) {
  const input = { method: "PUT", path: "/bucket/key", query: "", headers: ["Host", host], bodyHash: () => payload };
  const headers = { Host: host, ...sign(input, credentials, { region: "us-east-1", service: "s3" }, Date.now()) };
  const Headers = Object.entries(headers).map(([Name, Value]) => ({ Name: Name.toLowerCase(), Value }));
  return { Method: "PUT", Url: "/bucket/key", Headers };
}

onEachDatabase("rolecall:Authorize", (start) => {
  let world: World;
  let shop: Caller;
  let bob: Caller;
  const bobArn = arn(accountA, "user/bob");

  const ask = (request: object, more: object = {}, by: Caller = shop) =>
    by.rolecall("Authorize", { Request: request, Service: "shop", Action: "shop:Buy", Resources: [goods], ...more });

  beforeAll(async () => {
    world = await startWorld(start);
    shop = await world.user(world.a, "shop", allow("rolecall:Authorize", `arn:aws:rolecall::${accountA}:service/shop`));
    bob = await world.user(world.a, "bob", allow("shop:Buy", goods));
  });

  test("a good request, allowed and denied, resource by resource", async () => {
    const { status, body } = await ask(received(bob.keys), { Resources: [goods, "arn:aws:shop:::goods/2"] });
    const { User } = await world.a.iam.getUser({ UserName: "bob" });
    const Message = `User: ${bobArn} is not authorized to perform: shop:Buy on resource: arn:aws:shop:::goods/2 because no identity-based policy allows the shop:Buy action`;
    expect(status).toBe(200);
    expect(body).toEqual({
      Verified: true,
      Allowed: false,
      Principal: { Type: "User", Arn: bobArn, UserId: User!.UserId, Account: accountA },
      BodySigned: true,
      Decisions: [
        { Resource: goods, Outcome: "Allowed", Layer: expect.any(String) },
        { Resource: "arn:aws:shop:::goods/2", Outcome: "ImplicitlyDenied", Layer: "identity", Message },
      ],
      Fault: { Code: "AccessDenied", Status: 403, Message },
      EncodedMessage: expect.stringMatching(/^[\w-]+$/),
      EventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const good = await ask(received(bob.keys, { body: "{}" }));
    expect(good.body).toMatchObject({ Verified: true, Allowed: true });
    expect(good.body.Fault).toBeUndefined();
  });

  test("a body that the signature does not cover: the head is verified, and the answer says so", async () => {
    const storage = await world.user(world.a, "storage", allow("rolecall:Authorize", "*"));
    const writer = await world.user(world.a, "writer", allow("s3:PutObject", "*"));
    const put = (Request: object) =>
      storage.rolecall("Authorize", {
        Request,
        Service: "s3",
        Action: "s3:PutObject",
        Resources: ["arn:aws:s3:::bucket/key"],
        Context: [],
      });
    for (const [word, covered] of [
      ["UNSIGNED-PAYLOAD", false],
      ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", false],
      ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", false],
      ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", false],
      [hash("body"), true],
    ] as const) {
      const upload = putObject(writer.keys, word);
      const { status, body } = await put({ ...upload, BodySha256: hash("body") });
      expect([status, body.Verified, body.Allowed, body.BodySigned], word).toEqual([200, true, true, covered]);
      // Of what the head says nothing can be changed, the word least of all.
      const changed = upload.Headers.map(({ Name, Value }) => ({
        Name,
        Value: Name === "x-amz-content-sha256" ? "UNSIGNED-PAYLOAD" : Value,
      }));
      const forged = await put(
        word === "UNSIGNED-PAYLOAD" ? { ...upload, Url: "/bucket/other" } : { ...upload, Headers: changed },
      );
      expect(forged.body, word).toMatchObject({ Verified: false, Fault: { Code: "SignatureDoesNotMatch" } });
      expect(forged.body).not.toHaveProperty("BodySigned");
    }
    const unknown = await put(putObject(writer.keys, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"));
    expect(unknown.body).toMatchObject({ Verified: false, Fault: { Code: "InvalidRequest" } });
  });

  test("a presigned request", async () => {
    const input = { method: "GET", path: "/goods/1", query: "", headers: ["Host", host], bodyHash: () => hash("") };
    const query = presign(input, bob.keys, { region: "x-1", service: "shop" }, Date.now(), 60);
    const request = { Method: "GET", Url: `/goods/1?${query}`, Headers: [{ Name: "Host", Value: host }] };
    expect((await ask(request)).body).toMatchObject({ Verified: true, Allowed: true });
    const other = { ...request, Url: request.Url.replace("/goods/1", "/goods/2") };
    expect((await ask(other)).body).toMatchObject({ Verified: false, Allowed: false });
  });

  test("what is not verified is said in AWS's words, and nothing is decided", async () => {
    const now = Date.now();
    const invalid = "The security token included in the request is invalid.";
    const mismatch = /^The request signature we calculated does not match/;
    const whole = received(bob.keys);
    const cases: [request: object, code: string, message: string | RegExp][] = [
      [received({ ...bob.keys, secretAccessKey: "wrong" }), "SignatureDoesNotMatch", mismatch],
      [{ ...whole, Url: "/goods/1?a=c" }, "SignatureDoesNotMatch", mismatch],
      [{ ...whole, Method: "GET" }, "SignatureDoesNotMatch", mismatch],
      [{ ...whole, BodySha256: hash("other") }, "SignatureDoesNotMatch", mismatch],
      [received({ ...bob.keys, accessKeyId: "AKIAIOSFODNN7EXAMPLE" }), "InvalidClientTokenId", invalid],
      [received({ ...bob.keys, sessionToken: "foreign" }), "InvalidClientTokenId", invalid],
      [
        received(bob.keys, { time: now - 16 * 60_000 }),
        "SignatureDoesNotMatch",
        /^Signature expired: .* - 15 min\.\)$/,
      ],
      [
        received(bob.keys, { time: now + 16 * 60_000 }),
        "SignatureDoesNotMatch",
        /^Signature not yet current: .* \+ 15 min\.\)$/,
      ],
      [
        received(bob.keys, { service: "sts" }),
        "SignatureDoesNotMatch",
        "Credential should be scoped to correct service: 'shop'. ",
      ],
      [
        { Method: "GET", Url: "/", Headers: [{ Name: "Host", Value: host }] },
        "MissingAuthenticationToken",
        "Request is missing Authentication Token",
      ],
    ];
    for (const [request, code, message] of cases) {
      const { status, body } = await ask(request);
      expect(status).toBe(200);
      expect(body).toMatchObject({ Verified: false, Allowed: false, Decisions: [], Fault: { Code: code } });
      if (typeof message === "string") expect(body.Fault.Message).toBe(message);
      else expect(body.Fault.Message).toMatch(message);
      expect(body.Principal).toBeUndefined();
    }
    const elsewhere = await ask(received(bob.keys, { region: "eu-central-1" }), { Region: "us-east-1" });
    expect(elsewhere.body.Fault.Message).toBe("Credential should be scoped to a valid region. ");
  });

  test("a session is known with the person behind it, and ends with its role", async () => {
    const role = await world.role(
      world.b,
      "shopper",
      trust({ AWS: bobArn }, ["sts:AssumeRole", "sts:SetSourceIdentity"]),
      allow("shop:*"),
    );
    await world.a.iam.putUserPolicy({
      UserName: "bob",
      PolicyName: "assume",
      PolicyDocument: document(allow("sts:*")),
    });
    const hatted = await world.assume(bob, role, { SourceIdentity: "bob@example" });
    // The shop is of account A: for a caller of account B its resource policy must say yes, too.
    const closed = await ask(received(hatted.keys));
    expect(closed.body).toMatchObject({
      Verified: true,
      Allowed: false,
      Principal: { Type: "RoleSession", Account: accountB, SourceIdentity: "bob@example", OriginArn: bobArn },
    });
    expect(closed.body.Fault.Message).toMatch(/because no resource-based policy allows the shop:Buy action$/);
    const open = (principal: unknown) =>
      document({ Effect: "Allow", Principal: principal, Action: "shop:Buy", Resource: goods });
    const asked = (policy: string) => ask(received(hatted.keys), { ResourcePolicy: policy });
    expect((await asked(open({ AWS: role }))).body.Allowed).toBe(true);
    expect((await asked(open({ AWS: accountB }))).body.Allowed).toBe(true);
    expect((await asked(open({ AWS: arn(accountB, "role/other") }))).body.Allowed).toBe(false);
    const owned = await ask(received(hatted.keys), { ResourceAccount: accountB });
    expect(owned.body.Allowed).toBe(true);
    await world.b.iam.deleteRolePolicy({ RoleName: "shopper", PolicyName: "own" });
    expect((await asked(open({ AWS: accountB }))).body.Allowed).toBe(false);
    await world.b.iam.deleteRole({ RoleName: "shopper" });
    expect((await asked(open({ AWS: accountB }))).body).toMatchObject({
      Verified: false,
      Fault: { Code: "InvalidClientTokenId" },
    });
  });

  test("a resource policy alone can allow within the account, and deny", async () => {
    await world.a.iam.createUser({ UserName: "cat" });
    const { AccessKey } = await world.a.iam.createAccessKey({ UserName: "cat" });
    const cat = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const policy = (...statements: object[]) => document(...statements.map((it) => ({ Principal: "*", ...it })));
    const allowed = await ask(received(cat), { ResourcePolicy: policy(allow("shop:*", goods)) });
    expect(allowed.body.Allowed).toBe(true);
    const denied = await ask(received(bob.keys), { ResourcePolicy: policy(deny("shop:*", goods)) });
    expect(denied.body.Fault.Message).toMatch(/with an explicit deny in a resource-based policy$/);
    const broken = await ask(received(bob.keys), { ResourcePolicy: "{}" });
    expect(jsonFaultOf(broken)).toMatch(/^MalformedPolicyDocument 400: /);
  });

  test("a resource policy means by an ARN whoever has it now, by a unique id the one principal", async () => {
    const PolicyDocument = document(allow("sts:AssumeRole"));
    const make = async () => {
      const gus = await world.user(world.b, "gus", allow("shop:Buy"));
      await world.b.iam.putUserPolicy({ UserName: "gus", PolicyName: "assume", PolicyDocument });
      const role = await world.role(world.b, "buyer", trust({ AWS: accountB }), allow("shop:Buy"));
      return { user: gus, session: await world.assume(gus, role) };
    };
    const unmake = async (gus: Caller) => {
      for (const PolicyName of ["own", "assume"]) await world.b.iam.deleteUserPolicy({ UserName: "gus", PolicyName });
      await world.b.iam.deleteAccessKey({ UserName: "gus", AccessKeyId: gus.keys.accessKeyId });
      await world.b.iam.deleteUser({ UserName: "gus" });
      await world.b.iam.deleteRolePolicy({ RoleName: "buyer", PolicyName: "own" });
      await world.b.iam.deleteRole({ RoleName: "buyer" });
    };
    const answer = async (who: Caller, principal: string) => {
      const statement = { Principal: { AWS: principal }, ...allow("shop:Buy", goods) };
      return (await ask(received(who.keys), { ResourcePolicy: document(statement) })).body;
    };
    const first = await make();
    // The answer tells the ids: of a session the role's, before the colon.
    const userId = (await answer(first.user, accountB)).Principal.UserId as string;
    const sessionId = (await answer(first.session, accountB)).Principal.UserId as string;
    expect([userId, sessionId]).toEqual([expect.stringMatching(/^AIDA/), expect.stringMatching(/^AROA\w+:session$/)]);
    const [roleId] = sessionId.split(":");
    const asked: [who: "user" | "session", name: string, id: string][] = [
      ["user", arn(accountB, "user/gus"), userId],
      ["session", arn(accountB, "role/buyer"), roleId!],
      ["session", `arn:aws:sts::${accountB}:assumed-role/buyer/session`, sessionId],
    ];
    for (const [who, name, id] of asked) {
      for (const principal of [name, id]) expect((await answer(first[who], principal)).Allowed, principal).toBe(true);
    }
    await unmake(first.user);
    const second = await make();
    for (const [who, name, id] of asked) {
      expect((await answer(second[who], name)).Allowed, name).toBe(true);
      expect((await answer(second[who], id)).Allowed, id).toBe(false);
    }
    await unmake(second.user);
  });

  test("context keys of the service count as it gives them", async () => {
    const PolicyDocument = document(
      allow("shop:Buy", "*", { Condition: { StringEquals: { "shop:Colour": "red", "aws:SourceIp": "192.0.2.7" } } }),
    );
    await world.a.iam.createUser({ UserName: "dot" });
    await world.a.iam.putUserPolicy({ UserName: "dot", PolicyName: "p", PolicyDocument });
    const { AccessKey } = await world.a.iam.createAccessKey({ UserName: "dot" });
    const dot = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const context = (...pairs: [string, ...string[]][]) => ({
      Context: pairs.map(([Key, ...Values]) => ({ Key, Values })),
    });
    const full = context(["shop:colour", "red"], ["aws:SourceIp", "192.0.2.7"]);
    expect((await ask(received(dot), full)).body.Allowed).toBe(true);
    expect((await ask(received(dot), context(["shop:colour", "red"]))).body.Allowed).toBe(false);
  });

  test("what a service sends is bounded in all, not each part by itself", async () => {
    const values = (count: number, length: number) => Array.from({ length: count }, () => "x".repeat(length));
    const context = Array.from({ length: 4 }, (_, index) => ({ Key: `shop:Key${index}`, Values: values(2, 4080) }));
    expect((await ask(received(bob.keys), { Context: context })).body.Allowed).toBe(true);
    const headers = values(20, 3000).map((Value, index) => ({ Name: `x-${index}`, Value }));
    const request = received(bob.keys);
    const all = (name: string, most: number) =>
      `ValidationException 400: 1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have at most ${most} characters in all`;
    const tooMuch: [question: object, fault: string][] = [
      [{ Context: [...context, { Key: "shop:More", Values: values(1, 100) }] }, all("context", 32_768)],
      [{ Context: [{ Key: "shop:Key", Values: values(9, 4000) }] }, all("context", 32_768)],
      [{ Request: { ...request, Headers: [...headers, ...headers] } }, all("request.headers", 65_536)],
    ];
    for (const [question, fault] of tooMuch) expect(jsonFaultOf(await ask(request, question))).toBe(fault);
    for (const question of [
      { ResourcePolicy: "x".repeat(32_769) },
      { Request: { ...request, Url: `/${"x".repeat(16_384)}` } },
    ]) {
      expect(jsonFaultOf(await ask(request, question))).toMatch(
        /^ValidationException 400: .* less than or equal to \d+$/,
      );
    }
  });

  test("requests meant for rolecall itself cannot be brought in by a service", async () => {
    const greedy = await world.user(world.a, "greedy", allow("rolecall:*"));
    for (const Service of ["sts", "iam", "rolecall"]) {
      const answer = await ask(received(bob.keys, { service: Service }), { Service }, greedy);
      expect(jsonFaultOf(answer)).toBe(
        `ValidationException 400: Service must be the name of your own service, not ${Service}.`,
      );
    }
  });

  test("a service asks about its own actions, and no others", async () => {
    const every = await world.user(world.a, "every", allow("*"));
    const request = received(every.keys);
    for (const Action of ["shop:Buy", "SHOP:buy"]) {
      expect((await ask(request, { Action })).body, Action).toMatchObject({ Verified: true, Allowed: true });
    }
    for (const Action of ["iam:CreateUser", "sts:AssumeRole", "rolecall:Authorize", "s3:GetObject", "shop-2:Buy"]) {
      expect(jsonFaultOf(await ask(request, { Action })), Action).toBe(
        "ValidationException 400: Action must be one of your own service's: shop:….",
      );
    }
    for (const Action of ["*:Buy", "shop:*", "shop:Bu?", "\u017Fhop:Buy", "shop", ":Buy", "shop:", "shop:Buy:More"]) {
      expect(jsonFaultOf(await ask(request, { Action })), Action).toMatch(/^ValidationException 400: .*'action'/);
    }
    for (const Service of ["*", "sho*", "shop/../s3", "Shop", "sh\u212Aop"]) {
      const greedy = await ask(request, { Service, Action: `${Service}:Buy` });
      expect(jsonFaultOf(greedy), Service).toMatch(/^ValidationException 400: .*'service'/);
    }
  });

  test("a service of another account is told the effect, and nothing of the policies", async () => {
    const { Policy } = await world.b.iam.createPolicy({
      PolicyName: "secret-name",
      PolicyDocument: document(deny("shop:Sell")),
    });
    const eve = await world.user(world.b, "eve", allow(["shop:Buy", "shop:Sell"]));
    await world.b.iam.attachUserPolicy({ UserName: "eve", PolicyArn: Policy!.Arn! });
    const shopOfB = await world.user(
      world.b,
      "shop",
      allow("rolecall:Authorize", `arn:aws:rolecall::${accountB}:service/shop`),
    );
    const everybody = document({ Principal: "*", ...allow("shop:*") });
    const told = async (Action: string, by: Caller, more: object = {}) => {
      const { body } = await ask(received(eve.keys), { Action, ResourcePolicy: everybody, ...more }, by);
      return { Allowed: body.Allowed as boolean, ...body.Decisions[0], Fault: body.Fault?.Message as string };
    };
    const own = await told("shop:Sell", shopOfB);
    expect(own).toMatchObject({ Outcome: "ExplicitlyDenied", Layer: "identity" });
    expect(own.Fault).toMatch(/with an explicit deny in an identity-based policy: arn:.*policy\/secret-name$/);
    // One word for all denials of that side: by a policy, and for want of one.
    for (const Action of ["shop:Sell", "shop:Steal"]) {
      const message = `User: ${arn(accountB, "user/eve")} is not authorized to perform: ${Action} on resource: ${goods} because the policies of the caller's account do not allow the ${Action} action`;
      expect(await told(Action, shop), Action).toEqual({
        Allowed: false,
        Resource: goods,
        Outcome: "ImplicitlyDenied",
        Message: message,
        Fault: message,
      });
    }
    const allowed = await told("shop:Buy", shop, { ResourceAccount: accountB, ResourcePolicy: undefined });
    expect(allowed).toEqual({ Allowed: true, Resource: goods, Outcome: "Allowed" });
    // What the service brought is the service's to know.
    const nobody = document({ Principal: "*", ...deny("shop:*") });
    expect(await told("shop:Buy", shop, { ResourcePolicy: nobody })).toMatchObject({
      Outcome: "ExplicitlyDenied",
      Layer: "resource",
    });
  });

  test("accounts that a question is about have a record of it, and see what is theirs", async () => {
    const third = "777788889990";
    const fay = await world.user(world.b, "fay", allow("shop:Buy"));
    const ResourcePolicy = document({ Sid: "Secret", Principal: "*", ...allow("shop:Buy") });
    const Context = [{ Key: "shop:Secret", Values: ["hidden"] }];
    const { body } = await ask(received(fay.keys), { ResourceAccount: third, ResourcePolicy, Context });
    expect(body.Allowed).toBe(true);
    const recordOf = async (by: Caller, more: object = {}) => {
      const found = await by.rolecall("LookupEvents", { EventName: "Authorize", MaxResults: 1, ...more });
      return JSON.parse(found.body.Events[0]) as Record<string, unknown> & { sharedEventID: string };
    };
    const own = await recordOf(world.a);
    expect(own).toMatchObject({
      requestID: body.EventId,
      recipientAccountId: accountA,
      userIdentity: { arn: arn(accountA, "user/shop") },
      sharedEventID: expect.any(String),
    });
    const asked = { service: "shop", action: "shop:Buy", resources: [goods], resourceAccount: third };
    const theirs = await recordOf(world.b, { PrincipalArn: arn(accountB, "user/fay") });
    const shared = { requestID: body.EventId, sharedEventID: own.sharedEventID, requestParameters: asked };
    expect(theirs).toMatchObject({
      ...shared,
      recipientAccountId: accountB,
      userIdentity: { type: "AWSAccount", accountId: accountA },
      additionalEventData: { verified: true, allowed: true, askedFor: { arn: arn(accountB, "user/fay") } },
    });
    const owners = await recordOf(world.a, { AccountId: third });
    expect(owners).toMatchObject({ ...shared, recipientAccountId: third });
    const seen = (owners["additionalEventData"] as Record<string, unknown>)["askedFor"];
    expect(seen).toEqual({ accountId: accountB, principalId: body.Principal.UserId });
    for (const record of [theirs, owners]) expect(JSON.stringify(record)).not.toMatch(/Secret|hidden|user\/shop/);
    expect(new Set([own, theirs, owners].map(({ eventID }) => eventID)).size).toBe(3);

    // A question that was answered with no is one, too; one that nobody vouches for is about nobody.
    await ask(received(fay.keys), { Action: "shop:Sell" });
    expect(await recordOf(world.b)).toMatchObject({ additionalEventData: { allowed: false } });
    const Values = Array.from({ length: 7 }, () => "a".repeat(4000));
    const patterns = Array.from({ length: 400 }, (_, index) => `*${"a?".repeat(20)}b*${index}*`);
    const long = {
      Principal: "*",
      ...allow("shop:Buy", "*", { Condition: { "ForAnyValue:StringLike": { "shop:Long": patterns } } }),
    };
    const effort = { Context: [{ Key: "shop:Long", Values }], ResourcePolicy: document(long) };
    expect(jsonFaultOf(await ask(received(fay.keys), effort))).toMatch(/^AccessDenied 403: .* take too long /);
    const undecided = await recordOf(world.b);
    expect(undecided).toMatchObject({
      errorCode: "AccessDenied",
      additionalEventData: { verified: true, askedFor: { arn: arn(accountB, "user/fay") } },
    });
    await ask(received(fay.keys), { Action: "shop:Sell" });
    await ask(received({ ...fay.keys, secretAccessKey: "wrong" }));
    expect(await recordOf(world.b)).toMatchObject({ additionalEventData: { allowed: false } });
    expect(await recordOf(world.a)).toMatchObject({ additionalEventData: { verified: false } });
  });

  test("asking is a permission on the service's name", async () => {
    const answer = await ask(received(bob.keys), {}, bob);
    expect(jsonFaultOf(answer)).toBe(
      `AccessDenied 403: User: ${bobArn} is not authorized to perform: rolecall:Authorize on resource: arn:aws:rolecall::${accountA}:service/shop because no identity-based policy allows the rolecall:Authorize action`,
    );
    expect(jsonFaultOf(await ask(received(bob.keys), { Service: "other" }))).toMatch(
      /service\/other because no identity/,
    );
    const missing = await shop.rolecall("Authorize", { Service: "shop" });
    expect(jsonFaultOf(missing)).toMatch(/^ValidationException 400: /);
  });

  test("the trail names who was asked about", async () => {
    const { body } = await ask(received(bob.keys));
    const found = await world.a.rolecall("LookupEvents", {
      EventName: "Authorize",
      PrincipalArn: bobArn,
      MaxResults: 1,
    });
    const event = JSON.parse(found.body.Events[0]);
    expect(event).toMatchObject({
      eventSource: "rolecall",
      requestID: body.EventId,
      userIdentity: { arn: arn(accountA, "user/shop") },
      additionalEventData: { verified: true, allowed: true, askedFor: { arn: bobArn } },
    });
    expect(JSON.stringify(event)).not.toContain("Signature=");
  });

  test("administration belongs to the operator's account", async () => {
    const calls: [operation: string, input: object, resource: string][] = [
      ["CreateAccount", { Name: "c" }, "account/*"],
      ["ListAccounts", {}, "server"],
      ["GetAccount", { AccountId: accountA }, `account/${accountA}`],
      ["CreateOrganization", { ManagementAccountId: accountB }, "organization/*"],
      ["MoveAccount", { AccountId: accountB, OrganizationPath: "o-0123456789/r-0123/" }, `account/${accountB}`],
      [
        "MoveOrganizationalUnit",
        { OrganizationPath: "o-0123456789/r-0123/ou-0123-11111111/", ParentPath: "o-0123456789/r-0123/" },
        "organization/o-0123456789",
      ],
      ["Reset", {}, "server"],
      ["GetServerInformation", {}, "server"],
      ["LookupEvents", { AccountId: accountA }, `trail/${accountA}`],
    ];
    for (const [operation, input, resource] of calls) {
      expect(jsonFaultOf(await world.b.rolecall(operation, input)), operation).toBe(
        `AccessDenied 403: User: ${arn(accountB, "user/administrator")} is not authorized to perform: rolecall:${operation} on resource: arn:aws:rolecall::${accountA}:${resource} because no resource-based policy allows the rolecall:${operation} action`,
      );
    }
    const own = await world.b.rolecall("LookupEvents", {});
    const accounts = (own.body.Events as string[]).map((text) => JSON.parse(text).recipientAccountId as string);
    expect(new Set(accounts)).toEqual(new Set([accountB]));
    const made = await world.a.rolecall("CreateAccount", { Name: "c", AccountId: "777788889999" });
    expect(made.body.Account).toMatchObject({ AccountId: "777788889999", Name: "c" });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = made.body.Administrator;
    const c = world.as({ accessKeyId, secretAccessKey });
    expect((await c.sts.getCallerIdentity({})).Account).toBe("777788889999");
    expect((await c.rolecall("ListAccounts")).status).toBe(403);
  });
});

onEachDatabase("an ephemeral server that is reset", (start) => {
  test("is as it was first, and its administrator's key stays good", async () => {
    const key = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
    const world = await startWorld(start, {
      database: { sqlite: ":memory:" },
      first: { id: accountA, key },
      clock: new TestClock(Date.now()),
    });
    const bob = await world.user(world.a, "bob", allow("*"));
    const session = await world.assume(world.a, await world.role(world.a, "r", trust({ AWS: accountA })));
    expect((await bob.rolecall("Reset")).status).toBe(200);
    expect((await world.a.iam.listUsers({})).Users?.map((user) => user.UserName)).toEqual(["administrator"]);
    expect((await world.b.sts.getCallerIdentity({})).Account).toBe(accountB);
    for (const gone of [bob, session]) {
      await expect(gone.sts.getCallerIdentity({})).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    }
    await world.user(world.a, "bob");
  });
});
