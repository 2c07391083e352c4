/** Both key rings: rotation under load, retirement, the master key, and secrets at rest. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TestClock } from "../../harness/deterministic.ts";
import type { RunningServer } from "../../../src/server/server.ts";
import { MasterKeyError } from "../../../src/seal/errors.ts";
import { sealingKeyId } from "../../../src/seal/key-ring.ts";
import { masterKey } from "../../../src/seal/master-key.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import * as accessKeys from "../../../src/store/iam/access-keys.ts";
import * as keyRings from "../../../src/store/server/key-rings.ts";
import { form, send, signed } from "../../harness/http.ts";
import { onEachDatabase, starter } from "../../harness/places.ts";
import { startTestServer } from "../../harness/server.ts";
import { trust } from "../../harness/world.ts";
import { account } from "../../harness/hostile/inputs.ts";

const master = masterKey(Buffer.alloc(32, 3), "the test");
const hour = 3_600_000;
/** More than a new key waits before it seals, where there are several nodes (milliseconds). */
const settled = 16_000;

class Client {
  readonly #clock: TestClock;

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  /** @returns the answer's body @throws Error for anything but 200 */
  async call(server: RunningServer, keys: SigningCredentials, parameters: Record<string, string>): Promise<string> {
    const service =
      parameters["Action"] === "AssumeRole" || parameters["Action"] === "GetCallerIdentity" ? "sts" : "iam";
    const sent = form(server.url, parameters, keys, { service, time: this.#clock.now() });
    const answer = await send(server.url, sent);
    if (answer.status !== 200) throw new Error(`${parameters["Action"]}: ${answer.body}`);
    return answer.body;
  }
}

/** The text of the first element of that name. */
function element(body: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  if (text === undefined) throw new Error(`no ${name} in ${body}`);
  return text;
}

function sessionOf(body: string): SigningCredentials {
  return {
    accessKeyId: element(body, "AccessKeyId"),
    secretAccessKey: element(body, "SecretAccessKey"),
    sessionToken: element(body, "SessionToken"),
  };
}

const ringOf = async (server: RunningServer, purpose: "tokens" | "secrets") => {
  const records = await server.environment().database.read((tx) => keyRings.list(tx, purpose));
  return records.filter(({ state }) => state !== "retired");
};

onEachDatabase("rotation", (start, backend) => {
  const startSecond = starter(backend);

  test("under load without one failed verification; secrets are sealed anew, token keys go after the longest session", async () => {
    const clock = new TestClock(Date.now());
    const client = new Client(clock);
    const place = await backend.place();
    afterAll(() => place.remove());
    const options = { database: place.location, masterKey: master, first: { id: account }, clock };
    const nodes = [await start(options)];
    const administrator = nodes[0]!.created[0]!;
    if (backend.name === "postgresql") nodes.push(await startSecond(options));
    await client.call(nodes[0]!, administrator, {
      Action: "CreateRole",
      RoleName: "hat",
      AssumeRolePolicyDocument: trust({ AWS: account }),
    });
    await client.call(nodes[0]!, administrator, { Action: "CreateUser", UserName: "wearer" });
    const key = await client.call(nodes[0]!, administrator, { Action: "CreateAccessKey", UserName: "wearer" });
    await client.call(nodes[0]!, administrator, {
      Action: "PutUserPolicy",
      UserName: "wearer",
      PolicyName: "own",
      PolicyDocument: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}',
    });
    const wearer = { accessKeyId: element(key, "AccessKeyId"), secretAccessKey: element(key, "SecretAccessKey") };
    const hat = { Action: "AssumeRole", RoleArn: `arn:aws:iam::${account}:role/hat`, RoleSessionName: "load" };
    const before = { tokens: await ringOf(nodes[0]!, "tokens"), secrets: await ringOf(nodes[0]!, "secrets") };
    const old = sessionOf(await client.call(nodes[0]!, wearer, hat));

    let running = true;
    let calls = 0;
    // A session issued by one node is used at the other at once.
    const load = async (lane: number): Promise<void> => {
      for (let index = lane; running; index++) {
        const [issuer, other] = [nodes[index % nodes.length]!, nodes[(index + 1) % nodes.length]!];
        const session = sessionOf(await client.call(issuer, wearer, hat));
        await client.call(other, session, { Action: "GetCallerIdentity" });
        await client.call(other, old, { Action: "GetCallerIdentity" });
        calls += 3;
      }
    };
    const loading = Promise.all([0, 1, 2, 3].map(load));
    for (let rotation = 0; rotation < 3; rotation++) {
      expect(await rotate(nodes[rotation % nodes.length]!, administrator, clock.now())).toBe(2);
      // Nodes look at the rings every five seconds; here time goes faster, so they are told to.
      for (let look = 0; look < 3; look++) {
        for (const node of nodes) await node.environment().ringKeeper.tend();
        clock.advance(settled);
      }
    }
    for (const node of nodes) await node.environment().ringKeeper.tend();
    running = false;
    await loading;
    expect(calls).toBeGreaterThan(20);

    // Every secret under the key that seals now, and no other key of that ring left.
    const secrets = await ringOf(nodes[0]!, "secrets");
    expect(secrets).toHaveLength(1);
    expect(secrets[0]!.id).not.toBe(before.secrets[0]!.id);
    const sealed = await nodes[0]!
      .environment()
      .database.read((tx) => accessKeys.secrets.page(tx, { after: "", limit: 100 }));
    expect(new Set(sealed.map((record) => sealingKeyId(record.sealedSecret)))).toEqual(new Set([secrets[0]!.id]));
    expect(sealed.length).toBeGreaterThan(1);

    // Token keys stay as long as a session may be alive, and not longer.
    expect((await ringOf(nodes[0]!, "tokens")).map(({ id }) => id)).toContain(before.tokens[0]!.id);
    clock.advance(37 * hour);
    for (const node of nodes) await node.environment().ringKeeper.tend();
    const tokens = await ringOf(nodes[0]!, "tokens");
    expect(tokens).toHaveLength(1);
    await expect(client.call(nodes[0]!, old, { Action: "GetCallerIdentity" })).rejects.toThrow(
      /ExpiredToken|InvalidClientTokenId/,
    );
    for (const node of nodes) {
      const fresh = sessionOf(await client.call(node, wearer, hat));
      await client.call(nodes.at(-1)!, fresh, { Action: "GetCallerIdentity" });
    }
  });
});

/** @param time milliseconds since the epoch @returns how many keys were made */
async function rotate(server: RunningServer, administrator: SigningCredentials, time: number): Promise<number> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Rolecall.RotateKeys" };
  const sent = signed(server.url, { headers, body: "{}" }, administrator, { service: "rolecall", time });
  const { body } = await send(server.url, sent);
  return (JSON.parse(body) as { KeyIds: string[] }).KeyIds.length;
}

test("a wrong master key is told plainly, with both fingerprints; the right one opens everything again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-keys-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const clock = new TestClock(Date.now());
  const options = { database: { sqlite: join(directory, "test.db") }, first: { id: account }, clock };
  const first = await startTestServer({ ...options, masterKey: master });
  const administrator = first.created[0]!;
  await first.close();
  const other = masterKey(Buffer.alloc(32, 4), "the file ./other.key");
  const failure = await startTestServer({ ...options, masterKey: other }).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(MasterKeyError);
  const { message } = failure as Error;
  for (const part of [other.fingerprint, master.fingerprint, "the file ./other.key"]) expect(message).toContain(part);
  const again = await startTestServer({ ...options, masterKey: master });
  const client = new Client(clock);
  await client.call(again, administrator, { Action: "GetCallerIdentity" });
  await again.close();
});

test("no secret, token or master key can be read in what is on the disk", async () => {
  const directory = mkdtempSync(join(tmpdir(), "rolecall-rest-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const clock = new TestClock(Date.now());
  const client = new Client(clock);
  const server = await startTestServer({
    database: { sqlite: join(directory, "rolecall.db") },
    dataDirectory: directory,
    masterKey: master,
    first: { id: account },
    clock,
  });
  const administrator = server.created[0]!;
  const hidden: Buffer[] = [Buffer.from(administrator.secretAccessKey), Buffer.alloc(32, 3)];
  await client.call(server, administrator, {
    Action: "CreateRole",
    RoleName: "hat",
    AssumeRolePolicyDocument: trust({ AWS: account }),
  });
  for (let index = 0; index < 20; index++) {
    await client.call(server, administrator, { Action: "CreateUser", UserName: `u${index}` });
    const body = await client.call(server, administrator, { Action: "CreateAccessKey", UserName: `u${index}` });
    hidden.push(Buffer.from(element(body, "SecretAccessKey")));
  }
  await client.call(server, administrator, {
    Action: "PutUserPolicy",
    UserName: "u0",
    PolicyName: "own",
    PolicyDocument: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}',
  });
  const assumed = sessionOf(
    await client.call(server, administrator, {
      Action: "AssumeRole",
      RoleArn: `arn:aws:iam::${account}:role/hat`,
      RoleSessionName: "rest",
    }),
  );
  hidden.push(Buffer.from(assumed.secretAccessKey), Buffer.from(assumed.sessionToken!));
  hidden.push(...hidden.flatMap((key) => [Buffer.from(key.toString("base64")), Buffer.from(key.toString("hex"))]));
  // While it runs (with the write-ahead log) and after it has ended.
  await server.environment().trail.flush();
  const atWork = readAll(directory);
  await server.close();
  for (const bytes of [atWork, readAll(directory)]) {
    expect(bytes.includes("u19")).toBe(true);
    expect(hidden.filter((secret) => bytes.includes(secret)).map((secret) => secret.length)).toEqual([]);
  }
});

function readAll(directory: string): Buffer {
  return Buffer.concat(
    readdirSync(directory, { recursive: true })
      .map((name) => join(directory, String(name)))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path)),
  );
}
