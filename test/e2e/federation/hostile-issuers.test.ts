/** Issuers that hang, drip, flood, redirect, lie and are not who they say: each is bounded, and named by what it does. */
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/clock/clock.ts";
import { IssuerFetch } from "../../../src/federation/oidc/issuer-fetch.ts";
import type { FailureKind, IssuerFailure } from "../../../src/federation/oidc/issuer-failure.ts";
import { issue } from "../../harness/certificate.ts";
import type { Issued, Wanted } from "../../harness/certificate.ts";
import { sharedMaterial, TestIssuer } from "../../harness/oidc-issuer.ts";
import type { TestIssuerOptions } from "../../harness/oidc-issuer.ts";

const { authority } = sharedMaterial();
const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function issuerOf(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const issuer = await TestIssuer.start(options);
  closing.push(() => issuer.close());
  return issuer;
}

const open = [
  { host: "127.0.0.1", port: null },
  { host: "localhost", port: null },
];

interface Asking {
  readonly thumbprints?: readonly string[];
  readonly privateIssuers?: typeof open;
  readonly trusted?: boolean;
  readonly timeout?: number;
}

/** What came of asking. */
async function asked(
  url: string,
  { thumbprints = [], privateIssuers = open, trusted = true, timeout = 10_000 }: Asking = {},
): Promise<{ kind: FailureKind | "fetched"; seen: string }> {
  const authorities = trusted ? [authority.cert] : null;
  const fetch = new IssuerFetch({ privateIssuers, authorities }, systemClock, { timeout });
  try {
    const { verification } = await fetch.keysOf(url, { account: "111122223333", thumbprints });
    return { kind: "fetched", seen: verification };
  } catch (error) {
    const { kind, message } = error as IssuerFailure;
    return { kind, seen: message };
  }
}

type Behaviour = TestIssuer["behaviour"];
const json = { "content-type": "application/json" };
const says =
  (status: number, headers: Record<string, string> = json, body: string | Buffer = ""): Behaviour =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };

/** Writes for ever, as fast as it is read. */
const floods: Behaviour = (_, response) => {
  response.writeHead(200, json);
  const chunk = Buffer.alloc(65_536, 32);
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", write);
  write();
  return true;
};

const drips: Behaviour = (_, response) => {
  response.writeHead(200, json);
  const timer = setInterval(() => response.write(" "), 5);
  response.on("close", () => clearInterval(timer));
  return true;
};

describe.each<[what: string, kind: FailureKind, seen: string, behaviour: Behaviour]>([
  ["floods", "answer", "more than 524288 bytes", floods],
  ["promises ten gigabytes", "answer", "more than", says(200, { ...json, "content-length": "10000000000" })],
  [
    "redirects to metadata",
    "answer",
    "redirects are not followed",
    says(302, { location: "https://169.254.169.254/" }),
  ],
  ["redirects to itself", "answer", "the answer 307", says(307, { location: "/" })],
  ["packs its answer", "answer", "packed", says(200, { "content-encoding": "gzip" }, Buffer.alloc(1000))],
  ["answers no JSON", "answer", "no JSON", says(200, json, "<html>")],
  ["answers JSON that is nested deeply", "answer", "nested too deeply", says(200, json, "[".repeat(500_000))],
  ["answers a list", "answer", "no JSON object", says(200, json, "[]")],
  ["answers what is no UTF-8", "answer", "not UTF-8", says(200, json, Buffer.from([0x7b, 0xff, 0x7d]))],
  ["says a thing twice", "answer", "no JSON", says(200, json, '{"issuer": "a", "issuer": "b"}')],
  ["has nothing there", "answer", "the answer 404", says(404)],
  ["has no content", "answer", "the answer 204", says(204)],
  ["is out of order", "unreachable", "answered 503", says(503)],
  ["is asked too often", "unreachable", "answered 429", says(429)],
  ["closes", "unreachable", "127.0.0.1", (request) => (request.socket.destroy(), true)],
  [
    "closes in the middle",
    "unreachable",
    "127.0.0.1",
    (request, response) => {
      response.writeHead(200, { ...json, "content-length": "100" }).write("{");
      setImmediate(() => request.socket.destroy());
      return true;
    },
  ],
  [
    "changes the protocol",
    "answer",
    "another protocol",
    (request) => {
      request.socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
      return true;
    },
  ],
  ["has a head without end", "answer", "HPE_HEADER_OVERFLOW", says(200, { ...json, more: "x".repeat(20_000) })],
  ["speaks something else", "answer", "no HTTP", (request) => (request.socket.write("SSH-2.0-x\r\n"), true)],
])("an issuer that %s", (_, kind, seen, behaviour) => {
  test("as the discovery document", async () => {
    const issuer = await issuerOf();
    issuer.behaviour = behaviour;
    const outcome = await asked(issuer.url);
    expect(outcome).toMatchObject({ kind, seen: expect.stringContaining(seen) });
    expect(issuer.asked).toHaveLength(1);
  });

  test("as the keys", async () => {
    const issuer = await issuerOf();
    issuer.behaviour = (request, response) => request.url === "/keys" && behaviour(request, response) === true;
    expect(await asked(issuer.url)).toMatchObject({ kind, seen: expect.stringContaining(seen) });
    expect(issuer.asked).toHaveLength(2);
  });
});

test.each<[string, Behaviour]>([
  ["hangs", () => true],
  ["drips", drips],
])("an issuer that %s is given up in time", async (_, behaviour) => {
  const issuer = await issuerOf();
  issuer.behaviour = behaviour;
  expect(await asked(issuer.url, { timeout: 200 })).toMatchObject({ kind: "timeout" });
});

test("both documents have one time", async () => {
  const issuer = await issuerOf();
  let late = 0;
  issuer.behaviour = (request, response) => {
    if (late++ === 0) return false;
    return drips(request, response);
  };
  expect(await asked(issuer.url, { timeout: 300 })).toMatchObject({ kind: "timeout" });
});

/** It closes only once its connections are closed, which is the client's part. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("an issuer that takes connections and says nothing, and one that speaks no TLS", async () => {
  const silent = await listening(createServer((socket) => void socket.on("error", () => {}).resume()));
  expect(await asked(silent, { timeout: 200 })).toMatchObject({ kind: "timeout" });
  const plain = await listening(
    createServer(
      (socket) =>
        void socket
          .on("error", () => {})
          .resume()
          .end("HTTP/1.1 200 OK\r\n\r\n"),
    ),
  );
  expect(await asked(plain)).toMatchObject({ kind: "unreachable" });
  const old = await listening(
    createTlsServer({ ...authority, maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" }),
  );
  expect(await asked(old)).toMatchObject({ kind: "unreachable" });
});

test("an issuer that is gone, and a name that is none", async () => {
  const issuer = await issuerOf();
  await issuer.close();
  expect(await asked(issuer.url)).toMatchObject({ kind: "unreachable", seen: expect.stringContaining("ECONNREFUSED") });
  expect(await asked("https://issuer.invalid")).toMatchObject({ kind: "unreachable" });
});

const wrongDiscovery: readonly [string, Record<string, unknown>, FailureKind, string][] = [
  ["another issuer", { issuer: "https://other.example" }, "answer", "https://other.example"],
  ["another spelling of the issuer", { issuer: "https://127.0.0.1" }, "answer", "has"],
  ["no issuer", { issuer: undefined }, "answer", "has none"],
  ["no jwks_uri", { jwks_uri: undefined }, "answer", "has none"],
  ["keys without TLS", { jwks_uri: "http://127.0.0.1/keys" }, "answer", "http://127.0.0.1/keys"],
  ["keys in a file", { jwks_uri: "file:///etc/passwd" }, "answer", "file:"],
  ["keys behind a password", { jwks_uri: "https://user:password@127.0.0.1/keys" }, "answer", "user"],
  ["keys at metadata", { jwks_uri: "https://169.254.169.254/keys" }, "address", "169.254.169.254"],
  ["keys at metadata, in other digits", { jwks_uri: "https://0xa9fea9fe/keys" }, "address", "169.254.169.254"],
  ["keys at metadata, by IPv6", { jwks_uri: "https://[::ffff:a9fe:a9fe]/keys" }, "address", "a9fe:a9fe"],
  ["keys at a neighbour", { jwks_uri: "https://10.0.0.1/keys" }, "address", "10.0.0.1"],
  ["no response types", { response_types_supported: undefined }, "answer", "has none"],
  ["no subject types", { subject_types_supported: "public" }, "answer", "public"],
  ["no algorithms", { id_token_signing_alg_values_supported: [1] }, "answer", "something else"],
];
test.each(wrongDiscovery)("discovery with %s", async (_, discovery, kind, seen) => {
  const issuer = await issuerOf();
  issuer.discovery = discovery;
  expect(await asked(issuer.url)).toMatchObject({ kind, seen: expect.stringContaining(seen) });
});

test("a key set without a list", async () => {
  const issuer = await issuerOf();
  issuer.jwks = { keys: { first: 1 } };
  expect(await asked(issuer.url)).toMatchObject({ kind: "answer", seen: expect.stringContaining("list of keys") });
});

test("an issuer with a path, with and without a slash at its end, and keys on another host", async () => {
  for (const path of ["/realms/x", "/realms/x/"]) {
    const issuer = await issuerOf({ path });
    expect(await asked(issuer.url)).toEqual({ kind: "fetched", seen: "IAMTrustStore" });
    expect(issuer.asked).toEqual(["/realms/x/.well-known/openid-configuration", "/realms/x/keys"]);
  }
  const [issuer, other] = [await issuerOf({ host: "localhost" }), await issuerOf()];
  issuer.discovery = { jwks_uri: `${other.url}/keys` };
  expect(await asked(issuer.url)).toMatchObject({ kind: "fetched" });
  expect([issuer.asked.length, other.asked.length]).toEqual([1, 1]);
});

test("private addresses are reached only where they are named, by name and port, and nothing is sent before", async () => {
  const issuer = await issuerOf({ host: "localhost" });
  expect(await asked(issuer.url, { privateIssuers: [] })).toMatchObject({
    kind: "address",
    seen: expect.stringMatching(/^localhost:\d+ is at .*127\.0\.0\.1/),
  });
  const named = (host: string, port: number | null) => ({ privateIssuers: [{ host, port: port as null }] });
  expect(await asked(issuer.url, named("localhost", 443))).toMatchObject({ kind: "address" });
  expect(await asked(issuer.url, named("127.0.0.1", null))).toMatchObject({ kind: "address" });
  expect(issuer.asked).toEqual([]);
  expect(await asked(issuer.url, named("localhost", issuer.port))).toMatchObject({ kind: "fetched" });
  // The host of the keys is held to the same.
  const moved = await issuerOf({ host: "localhost" });
  moved.discovery = { jwks_uri: `https://127.0.0.1:${issuer.port}/keys` };
  expect(await asked(moved.url, named("localhost", moved.port))).toMatchObject({ kind: "address" });
});

test("what is asked in a query is in no message: it may be a token", async () => {
  const issuer = await issuerOf();
  const fetch = new IssuerFetch({ privateIssuers: open, authorities: [authority.cert] }, systemClock);
  for (const status of [404, 500]) {
    issuer.behaviour = says(status);
    const asking = fetch.documentAt(new URL(`${issuer.url}/me?access_token=secret`), "111122223333");
    const { message, wanted, advice } = await asking.then(
      () => Promise.reject(new Error("it was answered")),
      (error: unknown) => error as IssuerFailure,
    );
    expect(message).toContain(`/me`);
    expect(`${message} ${wanted} ${advice}`).not.toContain("secret");
  }
});

test("settings for proxies are not looked at", async () => {
  const issuer = await issuerOf();
  const names = ["HTTPS_PROXY", "https_proxy", "NODE_USE_ENV_PROXY"];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : "http://127.0.0.1:9";
  try {
    expect(await asked(issuer.url)).toMatchObject({ kind: "fetched" });
  } finally {
    for (const [index, name] of names.entries()) {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    }
  }
});

describe("certificates", () => {
  const foreign = issue({ name: "another authority", authority: true });
  const middle = issue({ name: "middle", issuer: authority, authority: true });
  const leaf = (wanted: Wanted = {}): Issued => issue({ name: "issuer", issuer: authority, ...wanted });
  const cases: readonly [string, TestIssuerOptions, Asking, string][] = [
    ["of a trusted authority", {}, {}, "IAMTrustStore"],
    ["of a trusted authority, with thumbprints of another", {}, { thumbprints: ["0".repeat(40)] }, "IAMTrustStore"],
    ["that has ended", { certificate: leaf({ from: -9, until: -1 }) }, {}, "CERT_HAS_EXPIRED"],
    ["that begins tomorrow", { certificate: leaf({ from: 1, until: 2 }) }, {}, "CERT_NOT_YET_VALID"],
    ["for another host", { host: "localhost", certificate: leaf() }, {}, "ERR_TLS_CERT_ALTNAME_INVALID"],
    [
      "of an authority that nobody trusts",
      { certificate: leaf({ issuer: foreign }), chain: [foreign.cert] },
      {},
      "thumbprint",
    ],
    ["signed by itself", { certificate: issue(), chain: [] }, {}, "thumbprint"],
  ];
  test.each(cases)("%s", async (_, options, asking, seen) => {
    const issuer = await issuerOf(options);
    expect((await asked(issuer.url, asking)).seen).toContain(seen);
  });

  const byThumbprint: readonly [string, TestIssuerOptions, string][] = [
    ["the authority's", {}, "Thumbprint"],
    [
      "of a chain with an intermediate",
      { certificate: leaf({ issuer: middle }), chain: [middle.cert, authority.cert] },
      "Thumbprint",
    ],
    [
      "of an intermediate that is sent last",
      { certificate: leaf({ issuer: middle }), chain: [middle.cert] },
      "Thumbprint",
    ],
    ["of one that is signed by itself", { certificate: issue(), chain: [] }, "Thumbprint"],
    [
      "of a chain in another order",
      { certificate: leaf({ issuer: middle }), chain: [authority.cert, middle.cert] },
      "does not lead to the next",
    ],
    ["of a chain with a stranger at its end", { chain: [foreign.cert] }, "does not lead to the next"],
    ["of a certificate that has ended", { certificate: leaf({ from: -9, until: -1 }) }, "CERT_HAS_EXPIRED"],
    ["of one for another host", { host: "localhost", certificate: leaf() }, "not for localhost"],
    ["of one that is for clients", { certificate: leaf({ uses: [2] }) }, "INVALID_PURPOSE"],
    ["of one that is for servers too", { certificate: leaf({ uses: [2, 1] }) }, "Thumbprint"],
  ];
  test.each(byThumbprint)("by the thumbprint %s", async (_, options, seen) => {
    const issuer = await issuerOf(options);
    const outcome = await asked(issuer.url, { thumbprints: [issuer.thumbprint], trusted: false });
    expect(outcome.seen).toContain(seen);
    expect(issuer.asked).toHaveLength(seen === "Thumbprint" ? 2 : 0);
  });

  test("a thumbprint of the leaf is none of a chain's end", async () => {
    const issuer = await issuerOf();
    const { thumbprint } = await issuerOf({ certificate: leaf(), chain: [] });
    expect(await asked(issuer.url, { thumbprints: [thumbprint], trusted: false })).toMatchObject({
      kind: "certificate",
    });
  });
});
