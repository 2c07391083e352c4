/** AssumeRoleWithSAML: how many a second, what each costs and where, and what whoever calls beside them notices. */
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { readResponse } from "../../src/federation/saml/response.ts";
import { SignatureThread } from "../../src/federation/saml/signature-thread.ts";
import { readXml } from "../../src/federation/saml/xml-tree.ts";
import { IdentityProvider, roleAttributes, sent } from "../../test/harness/saml/identity-provider.ts";
import { median, percentile, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { Connection } from "./connection.ts";
import { closedLoop, Pool } from "./load.ts";
import { Measured } from "./process.ts";
import { finished, queryCall } from "./requests.ts";
import { makeWorld } from "./seed.ts";
import type { World } from "./seed.ts";

const name = "AssumeRoleWithSAML";
const connectionCount = 16;
const poolSize = 200;
const warmMs = 2000;
const roundMs = 4000;
const repeated = 100;

const idp = new IdentityProvider();

export async function runSaml(): Promise<Row[]> {
  const world = await makeWorld(10);
  const server = await Measured.server(world.place);
  try {
    const connections = await Connection.openAll(server.port, connectionCount);
    const pool = await assertions(world, server.port, connections[0]!);
    await closedLoop(connections, pool, warmMs);
    const before = await server.usage();
    const { requests, seconds } = await closedLoop(connections, pool, roundMs);
    const after = await server.usage();
    const rows = [
      stated(name, "throughput", requests / seconds, "requests/s"),
      stated(name, "CPU time, both threads", (after.cpu - before.cpu) / requests, "µs/request"),
      ...(await beside(world, server.port, connections, pool)),
    ];
    for (const connection of connections) connection.close();
    return [...rows, ...(await ofWhich())];
  } finally {
    await server.close();
    world.remove();
  }
}

/** Requests, each with an assertion of its own. */
async function assertions({ account, administrator }: World, port: number, connection: Connection): Promise<Pool> {
  const [role, provider] = [`arn:aws:iam::${account}:role/people`, `arn:aws:iam::${account}:saml-provider/idp`];
  const statement = { Effect: "Allow", Principal: { Federated: provider }, Action: "sts:AssumeRoleWithSAML" };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  const made = [
    { Action: "CreateSAMLProvider", Name: "idp", SAMLMetadataDocument: idp.metadata() },
    { Action: "CreateRole", RoleName: "people", AssumeRolePolicyDocument: policy },
  ];
  for (const parameters of made) await ask(connection, finished(queryCall("iam", administrator, parameters), port, 0));
  const nobody: SigningCredentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "ignored" };
  const requests = Array.from({ length: poolSize }, (_, index) => {
    const SAMLAssertion = idp.respond({ attributes: roleAttributes(role, provider) });
    const parameters = { Action: name, RoleArn: role, PrincipalArn: provider, SAMLAssertion };
    return finished(queryCall("sts", nobody, parameters), port, index);
  });
  await ask(connection, requests[0]!);
  return new Pool(requests);
}

async function ask(connection: Connection, request: Buffer): Promise<void> {
  const { status, body } = await connection.ask(request);
  if (status !== 200) throw new Error(`${status}: ${body}`);
}

/** Where the time goes: what is done on the thread that serves, and what on the other. */
async function ofWhich(): Promise<Row[]> {
  const xml = idp.response(idp.signed(idp.assertion({ attributes: roleAttributes("role", "provider") })));
  const thread = new SignatureThread();
  const certificates = [idp.certificate.cert];
  for (let warm = 0; warm < repeated; warm++) await thread.verify({ xml, place: "assertion", certificates });
  const verified = await costs(() => thread.verify({ xml, place: "assertion", certificates }));
  await thread.close();
  const read = await costs(async () => readResponse(readXml(xml)));
  return [
    stated(name, "of which the signature, on its thread", verified, "µs"),
    stated(name, "of which reading the response", read, "µs"),
    stated(name, "size of an assertion in Base64", sent(xml).length, "characters"),
  ];
}

/** Microseconds of this process. */
async function costs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let turn = 0; turn < repeated; turn++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / repeated;
}

/** GetCallerIdentity of somebody else, one after the other, while assertions come on all connections. */
async function beside(world: World, port: number, connections: readonly Connection[], pool: Pool): Promise<Row[]> {
  const neighbour = await Connection.open(port);
  const request = finished(queryCall("sts", world.administrator, { Action: "GetCallerIdentity" }), port, 0);
  const load = closedLoop(connections, pool, roundMs);
  const together = await latencies(neighbour, request, roundMs - 500);
  await load;
  const alone = await latencies(neighbour, request, roundMs / 4);
  neighbour.close();
  return [
    stated("GetCallerIdentity beside AssumeRoleWithSAML", "p50 (alone)", median(alone), "ms"),
    stated("GetCallerIdentity beside AssumeRoleWithSAML", "p50", median(together), "ms"),
    stated("GetCallerIdentity beside AssumeRoleWithSAML", "p99", percentile(together, 0.99), "ms"),
  ];
}

/** In their order of length. */
async function latencies(connection: Connection, request: Buffer, ms: number): Promise<number[]> {
  const found: number[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const began = performance.now();
    await ask(connection, request);
    found.push(performance.now() - began);
  }
  return found.toSorted((one, other) => one - other);
}
