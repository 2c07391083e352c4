/** What `rolecall exec` serves to its command: to whom, and that real clients take it, and take new ones. */
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveCredentials } from "../../../src/cli/credentials/credential-server.ts";
import type { CredentialServer } from "../../../src/cli/credentials/credential-server.ts";
import { KeptCredentials } from "../../../src/cli/credentials/kept-credentials.ts";
import type { RoleCredentials } from "../../../src/cli/credentials/role-credentials.ts";
import { askers, bareEnvironment, startAsker } from "../../harness/identity/clients.ts";
import { starter } from "../../harness/places.ts";
import { accountA, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

const credentials: RoleCredentials = {
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "secret",
  Token: "token",
  Expiration: "2026-11-28T12:00:00Z",
  AccountId: "111122223333",
};

describe("who is answered", () => {
  let fails = false;
  let server: CredentialServer;
  beforeAll(async () => {
    server = await serveCredentials(async () => {
      if (fails) throw new Error("AccessDenied: not you");
      return credentials;
    });
  });
  afterAll(() => server.close());

  function ask(headers: Record<string, string>, path = "/", method = "GET"): Promise<{ status: number; body: object }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, server.url), { method, headers, agent: false }, async (answer) => {
        let text = "";
        for await (const chunk of answer) text += String(chunk);
        resolve({ status: answer.statusCode!, body: JSON.parse(text) as object });
      });
      outgoing.once("error", reject).end();
    });
  }

  test("whoever has the token", async () => {
    expect(await ask({ authorization: server.token })).toEqual({ status: 200, body: credentials });
    expect(server.token).toMatch(/^[\w-]{43}$/);
    expect(new URL(server.url).hostname).toBe("127.0.0.1");
  });

  test.each([
    ["no token", {}, 401, "/", "GET"],
    ["another one", { authorization: "x".repeat(43) }, 401, "/", "GET"],
    ["as a bearer", { authorization: "Bearer TOKEN" }, 401, "/", "GET"],
    [
      "another name of this machine, as a web page has",
      { host: "evil.example", authorization: "TOKEN" },
      403,
      "/",
      "GET",
    ],
    ["localhost without its port", { host: "127.0.0.1", authorization: "TOKEN" }, 403, "/", "GET"],
    ["another path", { authorization: "TOKEN" }, 404, "/latest/meta-data", "GET"],
    ["another method", { authorization: "TOKEN" }, 405, "/", "POST"],
  ] as const)("not %s", async (_name, headers, status, path, method) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, value.replace("TOKEN", server.token)]);
    const answered = await ask(Object.fromEntries(sent) as Record<string, string>, path, method);
    expect(answered.status).toBe(status);
    expect(JSON.stringify(answered.body)).not.toContain("secret");
  });

  test("what cannot be had is an error in both spellings that SDKs read", async () => {
    fails = true;
    const { status, body } = await ask({ authorization: server.token });
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: "CredentialsUnavailable", Message: "AccessDenied: not you" });
  });

  test("a head beyond 8 KiB ends the connection, and so do more connections than a command has", async () => {
    const { port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write(`GET / HTTP/1.1\r\nX: ${"x".repeat(9000)}\r\n`),
      );
      socket.on("data", (chunk) => (text += String(chunk))).on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 431/);
    const open = Array.from({ length: 64 }, () => connect(Number(port), "127.0.0.1").on("error", () => undefined));
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
    await expect(ask({ authorization: server.token })).rejects.toThrow();
    for (const socket of open) socket.destroy();
  });
});

describe("unmodified clients take new ones once there are some", () => {
  const start = starter();
  let world: World;
  let role: string;
  beforeAll(async () => {
    world = await startWorld(start);
    role = await world.role(world.a, "worn", trust({ AWS: accountA }));
  });

  /** Real sessions that say they end in four minutes: every SDK asks anew for what has so little left. */
  async function obtain(now: number): Promise<RoleCredentials> {
    const { keys } = await world.assume(world.a, role);
    return {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      Token: keys.sessionToken!,
      Expiration: new Date(now + 4 * 60_000).toISOString(),
      AccountId: accountA,
    };
  }

  test.each(askers)("%s", async (_name, command) => {
    let now = Date.now();
    const kept = new KeptCredentials(
      () => obtain(now),
      () => now,
      () => undefined,
    );
    const server = await serveCredentials(() => kept.get());
    const asker = startAsker(command, {
      ...bareEnvironment,
      AWS_ENDPOINT_URL: world.url,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: server.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: server.token,
    });
    const first = await asker.ask();
    expect(first).toEqual({ key: (await kept.get()).AccessKeyId, arn: expect.stringContaining("assumed-role/worn/") });
    now += 3 * 60_000;
    // The SDK for JavaScript uses its own ones once more, and asks beside it.
    const asked = [first];
    while (asked.at(-1)!.key === first.key && asked.length < 50) asked.push(await asker.ask());
    expect(asked.at(-1)).toEqual({ key: (await kept.get()).AccessKeyId, arn: first.arn });
    expect(asked.at(-1)!.key).not.toBe(first.key);
    asker.close();
    await server.close();
  });
});
