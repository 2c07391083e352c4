/** The operations of the hot path: who calls them, with what, and how fast they are to be. */
import { randomUUID, sign as signBytes } from "node:crypto";
import { sign } from "../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { Connection } from "./connection.ts";
import { Pool } from "./load.ts";
import { finished, queryCall, sha256 } from "./requests.ts";
import type { Call } from "./requests.ts";
import { externalId, federatedRole, readerRole, roleName, serviceRole } from "./seed.ts";
import type { World } from "./seed.ts";

export interface HotOperation {
  readonly name: string;
  /** Least share of the floor's requests a second. */
  readonly goal: number;
  calls(callers: Callers, world: World): (index: number) => Call;
}

/** Whoever calls; sessions are taken from the server that is measured. */
export interface Callers {
  readonly administrator: SigningCredentials;
  /** A session of the role with ten attached policies. */
  readonly reader: SigningCredentials;
  /** A session of the service that asks rolecall:Authorize. */
  readonly service: SigningCredentials;
  /** Sessions of the many roles. */
  readonly sessions: readonly SigningCredentials[];
}

const poolSize = 2000;
const sessionCount = 500;

export const hotOperations: readonly HotOperation[] = [
  {
    name: "GetCallerIdentity",
    goal: 0.6,
    calls:
      ({ sessions }) =>
      (index) =>
        queryCall("sts", sessions[index % sessions.length]!, { Action: "GetCallerIdentity" }),
  },
  {
    name: "GetRole",
    goal: 0.5,
    calls:
      ({ reader }, world) =>
      (index) =>
        queryCall("iam", reader, { Action: "GetRole", RoleName: roleName(spread(index, world.roles)) }),
  },
  {
    name: "AssumeRole",
    goal: 0.45,
    calls:
      ({ administrator }, world) =>
      (index) =>
        assumeRole(administrator, world, spread(index, world.roles), `job-${index}`),
  },
  { name: "Authorize", goal: 0.45, calls: authorizeCalls },
  { name: "AssumeRoleWithWebIdentity", goal: 0.25, calls: webIdentityCalls },
];

/** Signs a pool of the operation for a server. */
export function poolOf(operation: HotOperation, callers: Callers, world: World, port: number): Pool {
  const call = operation.calls(callers, world);
  return new Pool(Array.from({ length: poolSize }, (_, index) => finished(call(index), port, index)));
}

/** Takes the sessions that the operations need. */
export async function callersOf(world: World, port: number): Promise<Callers> {
  const { administrator, account } = world;
  const connection = await Connection.open(port);
  const take = async (call: Call): Promise<SigningCredentials> => {
    const answer = await connection.ask(finished(call, port, 0));
    if (answer.status !== 200) throw new Error(`AssumeRole answered ${answer.status}: ${answer.body}`);
    const element = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer.body)![1]!;
    return {
      accessKeyId: element("AccessKeyId"),
      secretAccessKey: element("SecretAccessKey"),
      sessionToken: element("SessionToken"),
    };
  };
  const named = (role: string): Call =>
    queryCall("sts", administrator, {
      Action: "AssumeRole",
      RoleArn: `arn:aws:iam::${account}:role/${role}`,
      RoleSessionName: "bench",
    });
  const reader = await take(named(readerRole));
  const service = await take(named(serviceRole));
  const sessions: SigningCredentials[] = [];
  for (let index = 0; index < Math.min(sessionCount, world.roles); index++) {
    sessions.push(await take(assumeRole(administrator, world, spread(index, world.roles), `session-${index}`)));
  }
  connection.close();
  return { administrator, reader, service, sessions };
}

/** Walks over all the roles there are, neighbours far apart. */
function spread(index: number, count: number): number {
  return (index * 7919) % count;
}

function assumeRole(caller: SigningCredentials, world: World, role: number, session: string): Call {
  return queryCall("sts", caller, {
    Action: "AssumeRole",
    RoleArn: `arn:aws:iam::${world.account}:role/${roleName(role)}`,
    RoleSessionName: session,
    ExternalId: externalId(role),
  });
}

/** Jobs of GitHub Actions, each with a token of its own; the issuer's keys are there. */
function webIdentityCalls(_: Callers, { account, issuer }: World): (index: number) => Call {
  const base64url = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  return (index) => {
    const repository = `octo-org/service-${index}`;
    const claims = {
      jti: randomUUID(),
      sub: `repo:${repository}:ref:refs/heads/main`,
      aud: "sts.amazonaws.com",
      ref: "refs/heads/main",
      sha: sha256(repository).slice(0, 40),
      repository,
      repository_owner: "octo-org",
      repository_owner_id: "65",
      repository_id: String(index),
      repository_visibility: "private",
      run_id: String(index),
      run_number: "10",
      run_attempt: "1",
      runner_environment: "github-hosted",
      actor: "octocat",
      actor_id: "12",
      workflow: "deploy",
      workflow_ref: `${repository}/.github/workflows/deploy.yml@refs/heads/main`,
      head_ref: "",
      base_ref: "",
      event_name: "push",
      ref_type: "branch",
      job_workflow_ref: `${repository}/.github/workflows/deploy.yml@refs/heads/main`,
      iss: issuer.url,
      nbf: now,
      exp: now + 3600,
      iat: now,
    };
    const signed = `${base64url({ typ: "JWT", alg: "RS256", kid: issuer.kid })}.${base64url(claims)}`;
    const signature = signBytes("sha256", Buffer.from(signed), issuer.privateKey).toString("base64url");
    return queryCall("sts", null, {
      Action: "AssumeRoleWithWebIdentity",
      RoleArn: `arn:aws:iam::${account}:role/${federatedRole}`,
      RoleSessionName: "GitHubActions",
      WebIdentityToken: `${signed}.${signature}`,
    });
  };
}

/** A service outside asks about a GET that a role session signed. */
function authorizeCalls({ service, reader }: Callers): (index: number) => Call {
  return (index) => {
    const path = `/team-${index % 9}/key-${index}`;
    const headers = ["Host", "objects.example.com", "User-Agent", "aws-cli/2.31.0"];
    const request = { method: "GET", path, query: "", headers, bodyHash: () => sha256("") };
    const added = sign(request, reader, { region: "us-east-1", service: "objects" }, Date.now() - (index % 240) * 1000);
    const received = [
      { Name: "Host", Value: headers[1] },
      { Name: "User-Agent", Value: headers[3] },
      ...Object.entries(added).map(([Name, Value]) => ({ Name, Value })),
    ];
    const body = JSON.stringify({
      Request: { Method: "GET", Url: path, Headers: received },
      Service: "objects",
      Action: "objects:GetObject",
      Resources: [`arn:aws:objects:::team-${index % 9}/key-${index}`],
      Context: [{ Key: "aws:SourceIp", Values: ["198.51.100.7"] }],
    });
    return {
      service: "rolecall",
      credentials: service,
      contentType: "application/x-amz-json-1.1",
      target: "Rolecall.Authorize",
      body,
    };
  };
}
