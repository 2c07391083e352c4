/** GetWebIdentityToken: tokens by which services outside know the caller, verified as those services do. */
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { allowInsecureRequests, discovery } from "openid-client";
import { beforeAll, describe, expect, it } from "vitest";
import * as outboundKeys from "../../../src/store/iam/outbound-keys.ts";
import { rolecall } from "../../harness/cli.ts";
import { refusal, sessionKeys } from "../../harness/clients.ts";
import type { Caller } from "../../harness/clients.ts";
import { TestClock } from "../../harness/deterministic.ts";
import { faultOf, form, send } from "../../harness/http.ts";
import { dataDirectory, onEachDatabase, starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const Audience = ["https://api.example.com"];
const tokens = allow(["sts:GetWebIdentityToken", "sts:TagGetWebIdentityToken", "sts:GetFederationToken"]);
const ofAws = "https://sts.amazonaws.com/";

async function tokenOf(caller: Caller, more: object = {}): Promise<string> {
  const answer = await caller.sts.getWebIdentityToken({ Audience, SigningAlgorithm: "ES384", ...more });
  return answer.WebIdentityToken!;
}

/** As a relying party verifies it that knows the issuer's URL and nothing else. */
async function verified(token: string, issuer: string, now: Date) {
  const configuration = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const keys = createRemoteJWKSet(new URL((configuration as { jwks_uri: string }).jwks_uri));
  return jwtVerify(token, keys, { issuer, audience: Audience[0]!, currentDate: now });
}

async function keyIds(issuer: string): Promise<readonly string[]> {
  const { keys } = (await (await fetch(`${issuer}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid).sort();
}

onEachDatabase("a token for a service outside", (start) => {
  let world: World;
  let issuer: string;
  let kim: Caller;

  beforeAll(async () => {
    world = await startWorld(start);
    issuer = (await world.a.iam.enableOutboundWebIdentityFederation({})).IssuerIdentifier!;
    kim = await world.user(world.a, "kim", tokens);
    await world.a.iam.tagUser({ UserName: "kim", Tags: [{ Key: "Team", Value: "platform" }] });
  });

  it.each(["RS256", "ES384"])("is verified by who knows its issuer: %s", async (SigningAlgorithm) => {
    const Tags = [{ Key: "job", Value: "7" }];
    const { WebIdentityToken: token, Expiration } = await kim.sts.getWebIdentityToken({
      Audience,
      SigningAlgorithm,
      DurationSeconds: 60,
      Tags,
    });
    const { payload } = await verified(token!, issuer, new Date());
    expect(decodeProtectedHeader(token!)).toEqual({
      kid: SigningAlgorithm === "RS256" ? "RSA_0" : "EC384_0",
      typ: "JWT",
      alg: SigningAlgorithm,
    });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(Expiration!.getTime()).toBe(payload.exp! * 1000);
    expect(payload).toEqual({
      aud: Audience[0],
      sub: arn(accountA, "user/kim"),
      [ofAws]: {
        aws_account: accountA,
        request_tags: { job: "7" },
        source_region: "us-east-1",
        principal_id: arn(accountA, "user/kim"),
        principal_tags: { Team: "platform" },
      },
      iss: issuer,
      exp: expect.any(Number),
      iat: expect.any(Number),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(Object.keys(payload)).toEqual(["aud", "sub", ofAws, "iss", "exp", "iat", "jti"]);
  });

  it("names a role and not its session, with what the session brings, in AWS's order", async () => {
    const user = arn(accountA, "user/administrator");
    const actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    const role = await world.role(world.a, "job", trust({ AWS: user }, actions), tokens);
    await world.a.iam.tagRole({
      RoleName: "job",
      Tags: [
        { Key: "Team", Value: "role" },
        { Key: "kept", Value: "yes" },
      ],
    });
    const session = await world.assume(world.a, role, {
      SourceIdentity: "ann",
      DurationSeconds: 900,
      Tags: [{ Key: "team", Value: "session" }],
    });
    const { payload } = await verified(await tokenOf(session), issuer, new Date());
    expect(payload.sub).toBe(role);
    const told = payload[ofAws] as Record<string, unknown>;
    expect(told).toMatchObject({
      source_identity: "ann",
      principal_id: role,
      principal_tags: { team: "session", kept: "yes" },
      original_session_exp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(Object.keys(told)).toEqual([
      "source_identity",
      "aws_account",
      "original_session_exp",
      "source_region",
      "principal_id",
      "principal_tags",
    ]);
    // Not beyond the session, and that is said before it is looked whether there is an issuer.
    expect(
      await refusal(session.sts.getWebIdentityToken({ Audience, SigningAlgorithm: "RS256", DurationSeconds: 901 })),
    ).toBe(
      "SessionDurationEscalationException 403: Requested token expiry time must be before the original session's expiry time.",
    );
  });

  it("tells where the account lies in its organization", async () => {
    const Organization = (await world.a.rolecall("CreateOrganization", { ManagementAccountId: accountB })).body[
      "Organization"
    ] as { Id: string; RootPath: string };
    const OrganizationPath = `${Organization.RootPath}ou-ab12-11111111/`;
    await world.a.rolecall("MoveAccount", { AccountId: accountB, OrganizationPath });
    const { IssuerIdentifier } = await world.b.iam.enableOutboundWebIdentityFederation({});
    const { payload } = await verified(await tokenOf(world.b), IssuerIdentifier!, new Date());
    expect(payload[ofAws]).toMatchObject({ org_id: Organization.Id, ou_path: [OrganizationPath] });
    // Each issuer has keys of its own: what one signed nobody takes for another's.
    await expect(verified(await tokenOf(world.b), issuer, new Date())).rejects.toThrow("signature verification failed");
  });

  it("is for root and its own sessions too, and for no federated user", async () => {
    const root = await world.root(accountA);
    expect((await verified(await tokenOf(root), issuer, new Date())).payload.sub).toBe(arn(accountA, "root"));
    const user = await kim.sts.getFederationToken({
      Name: "guest",
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: tokens }),
    });
    expect(
      await refusal(
        world.as(sessionKeys(user.Credentials)).sts.getWebIdentityToken({ Audience, SigningAlgorithm: "RS256" }),
      ),
    ).toBe("AccessDenied 403: GetWebIdentityToken does not support federated user sessions");
  });

  it("is as long as AWS gives one at most", async () => {
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "v".repeat(256) }));
    const asked = { Audience, SigningAlgorithm: "RS256", Tags: Tags.slice(0, 48) };
    expect((await kim.sts.getWebIdentityToken(asked)).WebIdentityToken!.length).toBeLessThan(20_400);
    expect(
      await refusal(kim.sts.getWebIdentityToken({ ...asked, Audience: ["a".repeat(1000), "b".repeat(1000)], Tags })),
    ).toBe("JWTPayloadSizeExceededException 400: JWT payload exceeds maximum allowed size");
  });

  it("is not given at AWS's global endpoint, whose name may lead here", async () => {
    const asked = { Action: "GetWebIdentityToken", SigningAlgorithm: "RS256", "Audience.member.1": "a" };
    const sent = form("http://sts.amazonaws.com", asked, kim.keys);
    expect(faultOf(await send(world.url, sent))).toBe(
      "InvalidAction 400: Operation not supported on STS global endpoint",
    );
  });

  it("is in no record", async () => {
    const token = await tokenOf(kim);
    const { body } = await world.a.rolecall("LookupEvents", { EventName: "GetWebIdentityToken" });
    const events = body["Events"] as string[];
    expect(events.length).toBeGreaterThan(0);
    expect(events.join()).not.toContain(token.split(".")[2]);
    expect(JSON.parse(events[0]!)).toMatchObject({
      eventSource: "sts.amazonaws.com",
      requestParameters: { audience: Audience, signingAlgorithm: "ES384" },
    });
  });

  it("its issuer is discovered by an OpenID Connect client", async () => {
    const client = await discovery(new URL(issuer), "anybody", undefined, undefined, {
      execute: [allowInsecureRequests],
    });
    expect(client.serverMetadata()).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` });
  });

  it("its issuer's documents are for everybody, and nothing else is there", async () => {
    const keys = await fetch(`${issuer}/.well-known/jwks.json?at=now`);
    expect(keys.headers.get("cache-control")).toBe("public, max-age=300");
    expect(await keys.text()).not.toMatch(/"[dpq]":/);
    const statuses = async (...urls: string[]) => Promise.all(urls.map(async (url) => (await fetch(url)).status));
    const [other] = [issuer.replace(/[^/]+$/, "00000000-0000-4000-8000-000000000000")];
    expect(
      await statuses(
        issuer,
        `${issuer}/`,
        `${issuer}/.well-known/other`,
        `${other}/.well-known/jwks.json`,
        `${other}/.well-known/openid-configuration`,
        `${issuer}/../${issuer.split("/").at(-1)}/.well-known/x`,
        `${issuer}%00/.well-known/jwks.json`,
      ),
    ).toEqual(Array(7).fill(404));
    expect((await fetch(`${issuer}/.well-known/jwks.json`, { method: "POST", body: "x" })).status).toBe(405);
  });

  it("its keys stay published while the account has it switched off, and are the same afterwards", async () => {
    const token = await tokenOf(kim);
    await world.a.iam.disableOutboundWebIdentityFederation({});
    await verified(token, issuer, new Date());
    expect(await refusal(kim.sts.getWebIdentityToken({ Audience, SigningAlgorithm: "RS256" }))).toBe(
      "OutboundWebIdentityFederationDisabledException 403: OutboundWebIdentityFederation is disabled.",
    );
    expect((await world.a.iam.enableOutboundWebIdentityFederation({})).IssuerIdentifier).toBe(issuer);
    expect(await keyIds(issuer)).toEqual(["EC384_0", "RSA_0"]);
  });

  it("is signed by one key of an algorithm, however many ask at once where there is none", async () => {
    const other = await startWorld(start);
    const { IssuerIdentifier } = await other.a.iam.enableOutboundWebIdentityFederation({});
    const { database } = other.server.environment();
    await database.write(async (tx) => {
      const keys = await outboundKeys.ofIssuer(tx, IssuerIdentifier!.split("/").at(-1)!);
      for (const key of keys) await outboundKeys.remove(tx, key);
    });
    const made = await Promise.all(Array.from({ length: 5 }, () => tokenOf(other.a)));
    for (const token of made) await verified(token, IssuerIdentifier!, new Date());
    expect(await keyIds(IssuerIdentifier!)).toEqual(["EC384_0"]);
  });
});

describe("keys of an issuer", () => {
  const start = starter();
  const directory = dataDirectory();
  const minute = 60_000;

  it("are rotated: a new one is published before it signs, the former one until its last token has expired", async () => {
    const clock = new TestClock(Date.now());
    const { a, url } = await startWorld(start, { clock, clockSkew: 10 * 3_600_000 });
    const { IssuerIdentifier: issuer } = await a.iam.enableOutboundWebIdentityFederation({});
    const { body } = await a.rolecall("RotateIssuerKeys");
    expect(body).toMatchObject({ Issuer: issuer });
    expect((body["IssuerKeys"] as { State: string }[]).map(({ State }) => State)).toEqual([
      "Signing",
      "Published",
      "Signing",
      "Published",
    ]);
    const all = ["EC384_0", "EC384_1", "RSA_0", "RSA_1"];
    expect(await keyIds(issuer!)).toEqual(all);
    // Once more changes nothing as long as the new ones wait.
    await a.rolecall("RotateIssuerKeys");
    expect(await keyIds(issuer!)).toEqual(all);
    expect(decodeProtectedHeader(await tokenOf(a)).kid).toBe("EC384_0");
    clock.advance(9 * minute);
    const last = await tokenOf(a, { DurationSeconds: 3600 });
    expect(decodeProtectedHeader(last).kid).toBe("EC384_0");
    clock.advance(minute);
    expect(decodeProtectedHeader(await tokenOf(a)).kid).toBe("EC384_1");
    clock.advance(58 * minute);
    await verified(last, issuer!, new Date(clock.now()));
    clock.advance(7 * minute);
    expect(await keyIds(issuer!)).toEqual(["EC384_1", "RSA_1"]);
    await verified(await tokenOf(a), issuer!, new Date(clock.now()));
    const environment = {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: a.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: a.keys.secretAccessKey,
    };
    const told = await rolecall(directory, ["issuer", "rotate", "--revoke"], environment);
    expect(told.out).toMatch(/EC384_2 {3}ES384 {2}Signing/);
    expect(await keyIds(issuer!)).toEqual(["EC384_2", "RSA_2"]);
    expect(decodeProtectedHeader(await tokenOf(a)).kid).toBe("EC384_2");
    expect((await rolecall(directory, ["issuer", "keys", "--json"], environment)).out).toContain('"KeyId":"RSA_2"');
  });

  it("are of who has an issuer", async () => {
    const { b } = await startWorld(start);
    for (const operation of ["ListIssuerKeys", "RotateIssuerKeys"]) {
      expect(await b.rolecall(operation)).toMatchObject({
        status: 404,
        body: { message: "The account has no issuer: iam:EnableOutboundWebIdentityFederation makes it." },
      });
    }
  });
});
