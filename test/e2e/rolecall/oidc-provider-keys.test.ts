/** Keys that are given for OIDC issuers which the server cannot ask. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rolecall } from "../../harness/cli.ts";
import { publicJwk, signingKey } from "../../harness/oidc-issuer.ts";
import { dataDirectory, onEachDatabase } from "../../harness/places.ts";
import { accountA, allow, arn, startWorld } from "../../harness/world.ts";
import { trailEvents } from "../../harness/trail-events.ts";

const url = "https://kubernetes.default.svc.cluster.local";
const providerArn = arn(accountA, "oidc-provider/kubernetes.default.svc.cluster.local");
const key = publicJwk(signingKey("cluster"));
const jwks = (...keys: object[]) => JSON.stringify({ keys });

onEachDatabase("keys of an issuer", (start) => {
  it("are given, shown and removed, and go with their provider", async () => {
    const world = await startWorld(start);
    const { a, b } = world;
    expect(await a.rolecall("PutOidcProviderKeys", { Provider: url, Jwks: jwks(key) })).toMatchObject({
      status: 404,
      body: { __type: "ResourceNotFoundException" },
    });
    await a.iam.createOpenIDConnectProvider({ Url: url, ClientIDList: ["sts.amazonaws.com"] });
    const none = { ProviderArn: providerArn, Keys: [] };
    expect((await a.rolecall("GetOidcProviderKeys", { Provider: providerArn })).body).toEqual({ ProviderKeys: none });
    const given = await a.rolecall("PutOidcProviderKeys", {
      Provider: url,
      Jwks: jwks(key, { ...key, kid: "sealing", use: "enc" }),
    });
    const kept = { kid: "cluster", use: "sig", kty: "EC", crv: "P-256", x: key.x, y: key.y };
    const described = {
      ProviderArn: providerArn,
      Keys: [{ KeyId: "cluster", Type: "EC P-256" }],
      Jwks: JSON.stringify({ keys: [kept] }),
    };
    expect(given.body).toEqual({
      ProviderKeys: described,
      Unused: [{ KeyId: "sealing", Reason: "is not for signatures (use)" }],
    });
    expect((await a.rolecall("GetOidcProviderKeys", { Provider: providerArn })).body).toEqual({
      ProviderKeys: described,
    });
    // Another account's provider is nothing to it, and its own are none of theirs.
    expect(await b.rolecall("GetOidcProviderKeys", { Provider: providerArn })).toMatchObject({ status: 404 });
    expect(await b.rolecall("GetOidcProviderKeys", { Provider: url })).toMatchObject({ status: 404 });
    // What is no set of keys changes nothing.
    for (const bad of ["{}", "[]", "keys", jwks(), jwks({ ...key, kid: "" }), jwks({ ...key, x: "AAAA" })]) {
      expect(await a.rolecall("PutOidcProviderKeys", { Provider: url, Jwks: bad }), bad).toMatchObject({
        status: 400,
        body: { __type: "ValidationException" },
      });
    }
    expect((await a.rolecall("GetOidcProviderKeys", { Provider: providerArn })).body).toEqual({
      ProviderKeys: described,
    });
    expect(await a.rolecall("DeleteOidcProviderKeys", { Provider: providerArn })).toMatchObject({ status: 200 });
    expect(await a.rolecall("DeleteOidcProviderKeys", { Provider: providerArn })).toMatchObject({ status: 404 });
    await a.rolecall("PutOidcProviderKeys", { Provider: url, Jwks: jwks(key) });
    await a.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: providerArn });
    await a.iam.createOpenIDConnectProvider({ Url: url });
    expect((await a.rolecall("GetOidcProviderKeys", { Provider: providerArn })).body).toEqual({ ProviderKeys: none });
    expect(JSON.stringify(await trailEvents(world.server))).toContain('"eventName":"PutOidcProviderKeys"');
  });

  it("are for those who may, by provider and its tags; and for the command line", async () => {
    const world = await startWorld(start);
    await world.a.iam.createOpenIDConnectProvider({ Url: url, Tags: [{ Key: "team", Value: "ops" }] });
    const resource = `arn:aws:rolecall::${accountA}:oidc-provider/kubernetes.*`;
    const whereTeam = (team: string) => ({ Condition: { StringEquals: { "aws:ResourceTag/team": team } } });
    const keeper = await world.user(
      world.a,
      "keeper",
      allow("rolecall:PutOidcProviderKeys", resource, whereTeam("ops")),
    );
    const other = await world.user(world.a, "other", allow("rolecall:*", resource, whereTeam("dev")));
    const put = { Provider: url, Jwks: jwks(key) };
    expect(await keeper.rolecall("PutOidcProviderKeys", put)).toMatchObject({ status: 200 });
    for (const operation of ["PutOidcProviderKeys", "GetOidcProviderKeys", "DeleteOidcProviderKeys"]) {
      expect(await other.rolecall(operation, put), operation).toMatchObject({ body: { __type: "AccessDenied" } });
    }
    const directory = dataDirectory();
    writeFileSync(join(directory, "jwks.json"), `${jwks(key, { ...key, kid: "odd", key_ops: ["verify"] })}\n`);
    const environment = {
      AWS_ACCESS_KEY_ID: world.a.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.a.keys.secretAccessKey,
    };
    const run = (...words: string[]) =>
      rolecall(directory, ["oidc", "keys", ...words, "--endpoint-url", world.url], environment);
    expect(await run("set", "--provider", providerArn, "--file", "jwks.json")).toMatchObject({
      code: 0,
      out: "EC P-256  cluster\n",
      err: "not used: odd has key_ops\n",
    });
    expect((await run("show", "--provider", url)).out).toBe("EC P-256  cluster\n");
    expect((await run("remove", "--provider", url)).out).toContain("are removed");
    expect(await run("show", "--provider", url)).toMatchObject({ code: 0, out: "" });
    expect(await run("set", "--provider", url)).toMatchObject({ code: 2 });
    expect(await run("set", "--provider", url, "--file", "missing.json")).toMatchObject({ code: 2 });
    expect(await run("mend", "--provider", url)).toMatchObject({ code: 2 });
  });
});
