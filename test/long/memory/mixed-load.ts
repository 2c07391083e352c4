/**
 * What a busy installation does all day, over a few connections: roles and policies come and go, roles are assumed,
 * most sessions are used once and some all the time, and a service asks rolecall:Authorize.
 */
import { createHash } from "node:crypto";
import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { sign } from "../../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { form, signed } from "../../harness/http.ts";
import type { Sent } from "../../harness/http.ts";
import { exchange } from "./exchange.ts";

export interface MixedLoadOptions {
  readonly url: string;
  readonly account: string;
  readonly administrator: SigningCredentials;
  readonly connections: number;
  /** Requests of all connections together. */
  readonly perSecond: number;
}

export interface MixedLoad {
  readonly requests: number;
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

export function startMixedLoad(options: MixedLoadOptions): MixedLoad {
  const load = { requests: 0, failures: [] as string[], stopping: false };
  const lanes = Array.from({ length: options.connections }, (_, lane) => new Lane(options, lane, load).run());
  const all = Promise.all(lanes);
  // Whoever stops the load is told, and whoever looks meanwhile.
  all.catch((error) => load.failures.push(String(error)));
  return Object.assign(load, {
    async stop() {
      load.stopping = true;
      await all;
    },
  });
}

const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

class Lane {
  readonly #options: MixedLoadOptions;
  readonly #lane: number;
  readonly #load: { requests: number; readonly failures: string[]; readonly stopping: boolean };
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #next = performance.now();

  constructor(
    options: MixedLoadOptions,
    lane: number,
    load: { requests: number; readonly failures: string[]; readonly stopping: boolean },
  ) {
    this.#options = options;
    this.#lane = lane;
    this.#load = load;
  }

  /** A role for each round, used and taken away again. */
  async run(): Promise<void> {
    const { administrator } = this.#options;
    for (let round = 0; !this.#load.stopping; round++) {
      const name = `lane-${this.#lane}-${round}`;
      await this.#makeRole(name);
      const lasting = await this.#assume(name, administrator, "lasting");
      for (let turn = 0; turn < 12 && !this.#load.stopping; turn++) {
        const passing = await this.#assume(name, administrator, `passing-${turn}`);
        await this.#query("sts", { Action: "GetCallerIdentity" }, passing);
        await this.#query("iam", { Action: "GetRole", RoleName: name }, lasting);
        await this.#authorize(passing, `${name}/${turn}`);
      }
      await this.#removeRole(name);
    }
    this.#agent.destroy();
  }

  async #makeRole(name: string): Promise<void> {
    const { account, administrator } = this.#options;
    const trusted = {
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    };
    const trust = policy({ Effect: "Allow", ...trusted });
    const inline = policy({ Effect: "Allow", Action: ["iam:Get*", `objects:Get${name}`], Resource: "*" });
    const managed = policy({ Effect: "Allow", Action: "objects:Get*", Resource: `arn:aws:objects:::${name}/*` });
    const as = (parameters: Record<string, string>) => this.#query("iam", parameters, administrator);
    await as({ Action: "CreateRole", RoleName: name, AssumeRolePolicyDocument: trust });
    await as({ Action: "PutRolePolicy", RoleName: name, PolicyName: "inline", PolicyDocument: inline });
    await as({ Action: "CreatePolicy", PolicyName: name, PolicyDocument: managed });
    await as({ Action: "AttachRolePolicy", RoleName: name, PolicyArn: this.#policyArn(name) });
  }

  async #removeRole(name: string): Promise<void> {
    const as = (parameters: Record<string, string>) => this.#query("iam", parameters, this.#options.administrator);
    await as({ Action: "DetachRolePolicy", RoleName: name, PolicyArn: this.#policyArn(name) });
    await as({ Action: "DeletePolicy", PolicyArn: this.#policyArn(name) });
    await as({ Action: "DeleteRolePolicy", RoleName: name, PolicyName: "inline" });
    await as({ Action: "DeleteRole", RoleName: name });
  }

  async #assume(role: string, by: SigningCredentials, session: string): Promise<SigningCredentials> {
    const { account } = this.#options;
    const body = await this.#query(
      "sts",
      {
        Action: "AssumeRole",
        RoleArn: `arn:aws:iam::${account}:role/${role}`,
        RoleSessionName: session,
        "Tags.member.1.Key": "job",
        "Tags.member.1.Value": session,
      },
      by,
    );
    const read = (element: string): string => new RegExp(`<${element}>([^<]+)<`).exec(body)?.[1] ?? "";
    return {
      accessKeyId: read("AccessKeyId"),
      secretAccessKey: read("SecretAccessKey"),
      sessionToken: read("SessionToken"),
    };
  }

  /** A service received a request that a session signed. */
  #authorize(session: SigningCredentials, object: string): Promise<string> {
    const { url, administrator } = this.#options;
    const headers = ["Host", "objects.example.com"];
    const received = { method: "GET", path: `/${object}`, query: "", headers, bodyHash: () => sha256("") };
    const added = sign(received, session, { region: "us-east-1", service: "objects" }, Date.now());
    const body = JSON.stringify({
      Request: {
        Method: "GET",
        Url: `/${object}`,
        Headers: [["Host", headers[1]], ...Object.entries(added)].map(([Name, Value]) => ({ Name, Value })),
      },
      Service: "objects",
      Action: "objects:GetObject",
      Resources: [`arn:aws:objects:::${object}`],
    });
    const asked = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Rolecall.Authorize" };
    return this.#send(signed(url, { headers: asked, body }, administrator, { service: "rolecall" }));
  }

  #query(service: string, parameters: Record<string, string>, by: SigningCredentials): Promise<string> {
    return this.#send(form(this.#options.url, parameters, by, { service }));
  }

  async #send(sent: Sent): Promise<string> {
    await this.#turn();
    const { status, body } = await exchange(this.#options.url, this.#agent, sent);
    this.#load.requests++;
    if (status === 200) return body;
    this.#load.failures.push(`${status} ${body}`);
    throw new Error(`the load was refused: ${status} ${body}`);
  }

  /** Waits until this lane's next request is due; one that is late catches up. */
  async #turn(): Promise<void> {
    const { connections, perSecond } = this.#options;
    this.#next = Math.max(this.#next + (1000 * connections) / perSecond, performance.now() - 1000);
    const early = this.#next - performance.now();
    if (early > 1) await sleep(early);
  }

  #policyArn(name: string): string {
    return `arn:aws:iam::${this.#options.account}:policy/${name}`;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
