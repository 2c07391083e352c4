/** A server's certificate through its life: taken without a restart, and spoken of before it ends. */
import { renameSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../../harness/until.ts";
import { selfSigned } from "../../harness/certificate.ts";
import type { Certificate } from "../../harness/certificate.ts";
import { program } from "./program.ts";
import { emptyDirectory } from "../../harness/cli.ts";

let directory = emptyDirectory();
beforeEach(() => {
  directory = emptyDirectory();
});
afterEach(() => directory.remove());

const words = ["--port", "0", "--tls-cert", "server.crt", "--tls-key", "server.key"];

/** Puts new files in the place of the old, as whoever renews certificates does. */
function put({ cert, key }: Certificate): void {
  for (const [name, text] of Object.entries({ "server.crt": cert, "server.key": key })) {
    const path = join(directory.path, name);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

/** The certificate that a new connection is shown, in PEM's base64. */
function shown(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw.toString("base64"));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

const base64 = ({ cert }: Certificate): string => cert.replaceAll(/-----.*-----|\s/g, "");

/** A request whose head is sent, and whose body comes when `finish` is called. */
function halfRequest(url: string): { readonly status: Promise<number>; finish(): void } {
  const body = "Action=GetCallerIdentity&Version=2011-06-15";
  const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
  const sending = request(url, { method: "POST", rejectUnauthorized: false, headers });
  const status = new Promise<number>((resolve, reject) => {
    sending.once("response", (response) => resolve(response.statusCode!));
    sending.once("error", reject);
  });
  sending.write(body.slice(0, 10));
  return { status, finish: () => sending.end(body.slice(10)) };
}

describe.each([1, 2])("%i process(es)", (workers) => {
  it("take a new certificate at SIGHUP, lose no request, and keep what they have where the new one is bad", async () => {
    const [first, second, third] = [selfSigned(), selfSigned(), selfSigned()];
    put(first);
    const { child, ended, said, written } = program(directory.path, [...words, "--workers", String(workers)]);
    const [, url] = (await said(/serves on (https:\S+)/)) as unknown as [string, string];
    await said(/get-caller-identity/);
    expect(await shown(url)).toBe(base64(first));
    const half = halfRequest(url);
    put(second);
    child.kill("SIGHUP");
    await until(async () => (await shown(url)) === base64(second));
    half.finish();
    expect(await half.status).toBe(403);
    // A key that is not the certificate's: as while one of two files is replaced.
    put({ cert: third.cert, key: first.key });
    child.kill("SIGHUP");
    await until(() => `${written().err}${written().out}`.includes("is not the key of the first certificate"));
    expect(await shown(url)).toBe(base64(second));
    put(third);
    child.kill("SIGHUP");
    await until(async () => (await shown(url)) === base64(third));
    expect(written().err).toContain("a new certificate serves from now on, until");
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});

it.each([
  {
    name: "has ended",
    validity: { from: -3, until: -1 },
    warned: /the certificate in \S+server\.crt has ended on .* clients refuse it; put a new one in its place/,
  },
  {
    name: "ends soon",
    validity: { from: -3, until: 5 },
    warned: /the certificate in \S+server\.crt ends on .* UTC; put a new one/,
  },
  {
    name: "is not valid yet",
    validity: { from: 2, until: 50 },
    warned: /the certificate in \S+server\.crt is valid from .* UTC on/,
  },
  { name: "is good", validity: { from: -1, until: 50 }, warned: null },
])("a start says that its certificate $name, and the metrics when it ends", async ({ validity, warned }) => {
  put(selfSigned(validity));
  const { child, ended, said, written } = program(directory.path, [...words, "--ephemeral", "--metrics-port", "0"]);
  const [, metrics] = (await said(/metrics +(http:\S+)/)) as unknown as [string, string];
  await said(/get-caller-identity/);
  const text = await (await fetch(metrics)).text();
  const expiry = Number(/^rolecall_tls_certificate_expiry_seconds (\S+)$/m.exec(text)?.[1]);
  expect(Math.abs(expiry - (Date.now() / 1000 + validity.until * 86_400))).toBeLessThan(600);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  if (warned === null) expect(written().err).not.toContain("certificate");
  else expect(written().err).toMatch(warned);
});

it("without TLS, SIGHUP ends nothing", async () => {
  const { child, ended, said } = program(directory.path, ["--port", "0", "--ephemeral"]);
  const [, url] = (await said(/serves on (http:\S+)/)) as unknown as [string, string];
  await said(/get-caller-identity/);
  child.kill("SIGHUP");
  expect((await fetch(`${url}/health`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
});
