/**
 * A heap that is small on purpose, and a principal who wants it full: sessions with all the tags there may be, ever new
 * session policies made of the shortest patterns, ever new roles. The server answers all the while. `npm run soak` does
 * the same with 512 MB.
 */
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { compileProgram } from "../../harness/program.ts";
import { form } from "../../harness/http.ts";
import { dataDirectory } from "../../harness/places.ts";
import { exchange } from "./exchange.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

/** Of the old generation, MB. */
const heap = Number(process.env["ROLECALL_HEAP_MEGABYTES"] ?? 96);
const sessions = Number(process.env["ROLECALL_HEAP_SESSIONS"] ?? 600);
const lanes = 8;

const document = (...statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

describe("a small heap", () => {
  const program = compileProgram("test/long/memory/server.ts");
  afterAll(() => program.remove());

  test("stands whatever a principal makes it open, compile and remember", async () => {
    const served = await serve(program, [dataDirectory()], [`--max-old-space-size=${heap}`]);
    let ended: unknown = null;
    served.child.once("exit", (code, signal) => (ended = code ?? signal));
    await Promise.all(Array.from({ length: lanes }, (_, lane) => attack(served, lane, sessions / lanes)));
    const alive = await call(served, new Agent(), "sts", { Action: "GetCallerIdentity" }, served.administrator);
    expect(alive).toContain(served.account);
    expect(ended).toBeNull();
    // What is not V8's heap: the program itself, buffers, the database.
    expect(served.most / 1e6).toBeLessThan(heap + 220);
    served.child.kill();
  }, 7_200_000);
});

async function attack(served: Served, lane: number, rounds: number): Promise<void> {
  const { account, administrator } = served;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const RoleArn = `arn:aws:iam::${account}:role/`;
  const perRole = 25;
  const tags = await widestTags(async (candidate) => {
    const named = { Action: "GetFederationToken", Name: `lane-${lane}`, ...candidate };
    return exchange(served.url, agent, form(served.url, named, administrator));
  });
  for (let index = 0; index < rounds; index++) {
    const role = `role-${lane}-${Math.floor(index / perRole)}`;
    if (index % perRole === 0) await makeRole(served, agent, role);
    const heavy = index % 4 === 3 ? { Policy: document(all, none(`s${index}`)) } : tags;
    const asked = { Action: "AssumeRole", RoleArn: RoleArn + role, RoleSessionName: `s${index}`, ...heavy };
    const body = await call(served, agent, "sts", asked, administrator);
    await call(served, agent, "iam", { Action: "GetRole", RoleName: role }, credentialsIn(body));
  }
  agent.destroy();
}

async function makeRole(served: Served, agent: Agent, RoleName: string): Promise<void> {
  const { account, administrator } = served;
  const AssumeRolePolicyDocument = document({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: { StringLike: { "aws:username": ["a*", ...list(RoleName)] } },
  });
  const Description = "d".repeat(1000);
  const role = { Action: "CreateRole", RoleName, AssumeRolePolicyDocument, Description };
  await call(served, agent, "iam", role, administrator);
  const PolicyDocument = document(all, none(RoleName));
  const inline = { Action: "PutRolePolicy", RoleName, PolicyName: "p", PolicyDocument };
  await call(served, agent, "iam", inline, administrator);
}

/** Patterns of a few characters, which become a hundred times as large once they are compiled. */
function list(word: string): readonly string[] {
  return Array.from({ length: 100 }, (_, at) => `${at}*${word}`);
}

const all = { Effect: "Allow", Action: "*", Resource: "*" };

/** Denies nothing that anybody here does. */
function none(word: string): object {
  return { ...all, Effect: "Deny", Condition: { StringLike: { "aws:username": list(word) } } };
}

/** Fifty tags of the most memory that the server takes: of four bytes a character, or of one. */
async function widestTags(
  attempt: (tags: Record<string, string>) => Promise<{ readonly status: number; readonly body: string }>,
): Promise<Record<string, string>> {
  const wide = fiftyTags("\u{20000}");
  const { status, body } = await attempt(wide);
  if (status === 200) return wide;
  expect(body).toContain("PackedPolicyTooLarge");
  return fiftyTags("v");
}

function fiftyTags(character: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (let index = 1; index <= 50; index++) {
    parameters[`Tags.member.${index}.Key`] = `${index}`.padEnd(128, "k");
    parameters[`Tags.member.${index}.Value`] = character.repeat(256);
  }
  return parameters;
}

function credentialsIn(body: string): SigningCredentials {
  const read = (element: string): string => new RegExp(`<${element}>([^<]+)<`).exec(body)![1]!;
  return {
    accessKeyId: read("AccessKeyId"),
    secretAccessKey: read("SecretAccessKey"),
    sessionToken: read("SessionToken"),
  };
}

async function call(
  served: Served,
  agent: Agent,
  service: string,
  parameters: Record<string, string>,
  by: SigningCredentials,
): Promise<string> {
  const { url } = served;
  const { status, body } = await exchange(url, agent, form(url, parameters, by, { service }));
  if (status === 503 || body.includes("<Code>Throttling</Code>")) {
    // The disk is slower than the records of the attack: who attacks has to wait.
    await sleep(100);
    return call(served, agent, service, parameters, by);
  }
  if (status !== 200) throw new Error(`${parameters["Action"]} was refused: ${status} ${body}`);
  return body;
}
