/** What somebody might send over many connections so that others are not served. A new attack is a row. */
import { sign } from "../../src/sigv4/sign.ts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { Connection } from "../server/connection.ts";
import { finished, queryCall, sha256 } from "../server/requests.ts";
import type { Call } from "../server/requests.ts";
import { document, sessionIn, takeHat } from "./scene.ts";
import type { Scene } from "./scene.ts";

export interface Attack {
  readonly name: string;
  /** Requests that are sent on a connection before its first answer is there; 1 where nothing else is said. */
  readonly pipelined?: number;
  /** What is sent one after the other; made once for each attacking process. */
  readonly requests: (scene: Scene) => Promise<(index: number) => Buffer> | ((index: number) => Buffer);
}

const form = "application/x-www-form-urlencoded";
const json = "application/x-amz-json-1.1";
/** Characters: as much as a body may hold, a little less. */
const nearlyAll = 9_900_000;

function unsigned({ port }: Scene, body: string, contentType = form): Buffer {
  const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

function unsignedGet({ port }: Scene, query: string): Buffer {
  return Buffer.from(`GET /?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
}

/** Signs a fixed number of requests beforehand and sends them round and round. */
function pool({ port }: Scene, size: number, call: (index: number) => Call): (index: number) => Buffer {
  const made = Array.from({ length: size }, (_, index) => finished(call(index), port, index));
  return (index) => made[index % size]!;
}

function rolecall(credentials: SigningCredentials, operation: string, input: object): Call {
  const body = JSON.stringify(input);
  return { service: "rolecall", credentials, contentType: json, target: `Rolecall.${operation}`, body };
}

/** A service asks about a request of the attacker's. */
function authorize({ service, attacker }: Scene, asked: object): Call {
  const headers = ["Host", "objects.example.com"];
  const request = { method: "GET", path: "/key", query: "", headers, bodyHash: () => sha256("") };
  const added = sign(request, attacker, { region: "us-east-1", service: "objects" }, Date.now());
  const received = [["Host", headers[1]!], ...Object.entries(added)].map(([Name, Value]) => ({ Name, Value }));
  return rolecall(service, "Authorize", {
    Request: { Method: "GET", Url: "/key", Headers: received },
    Service: "objects",
    Action: "objects:GetObject",
    ...asked,
  });
}

const tags = Object.fromEntries(
  Array.from({ length: 50 }, (_, index) => [
    [`Tags.member.${index + 1}.Key`, `k${index}${"k".repeat(100)}`],
    [`Tags.member.${index + 1}.Value`, `${"v".repeat(250)}`],
  ]).flat(),
);

export const attacks: readonly Attack[] = [
  {
    name: "typed comparisons of a long header",
    requests: (scene) =>
      pool(scene, 100, () => ({
        ...queryCall("iam", scene.attacker, { Action: "ListUsers" }),
        userAgent: "1".repeat(30_000),
      })),
  },
  {
    name: "Authorize with a large resource policy",
    requests: (scene) => {
      const values = Array.from({ length: 3000 }, (_, index) => `10.${index % 250}.${index >> 8}.0/24`);
      const policy = document(
        ...["a", "b", "c", "d"].map((name) => ({
          Effect: "Allow",
          Principal: "*",
          Action: "objects:*",
          Resource: "*",
          Condition: { IpAddress: { [`objects:${name}`]: values }, DateLessThan: { [`objects:${name}`]: values } },
        })),
      );
      const context = ["a", "b", "c", "d"].map((name) => ({ Key: `objects:${name}`, Values: ["2".repeat(4000)] }));
      const resources = Array.from({ length: 10 }, (_, index) => `arn:aws:objects:::bucket/${index}`);
      return pool(scene, 20, () =>
        authorize(scene, { Resources: resources, ResourcePolicy: policy, Context: context }),
      );
    },
  },
  {
    name: "Authorize about a hundred resources with much context",
    requests: (scene) => {
      const resources = Array.from({ length: 100 }, (_, index) => `arn:aws:objects:::bucket/${index}`);
      const context = Array.from({ length: 100 }, (_, index) => ({
        Key: `objects:key${index}`,
        Values: Array.from({ length: 20 }, () => "x".repeat(4000)),
      }));
      return pool(scene, 4, () => authorize(scene, { Resources: resources, Context: context }));
    },
  },
  {
    name: "LookupEvents without permission",
    requests: (scene) => pool(scene, 500, () => rolecall(scene.attacker, "LookupEvents", {})),
  },
  {
    name: "LookupEvents with permission, for what is not there",
    requests: (scene) =>
      pool(scene, 500, (index) =>
        rolecall(scene.service, "LookupEvents", { AccountId: scene.account, EventName: `Nothing${index}` }),
      ),
  },
  {
    name: "ExplainRequest without permission",
    requests: (scene) =>
      pool(scene, 500, (index) =>
        rolecall(scene.attacker, "ExplainRequest", {
          RequestId: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
        }),
      ),
  },
  {
    name: "unsigned, an Action of 9.9 MB",
    requests: (scene) => {
      const request = unsigned(scene, `Action=${"A".repeat(nearlyAll)}&Version=2011-06-15`);
      return () => request;
    },
  },
  {
    name: "unsigned, small",
    requests: (scene) => (index) => unsigned(scene, `Action=ListUsers&Version=2010-05-08&Marker=${index}`),
  },
  {
    name: "unsigned GETs, 2,407 in a pipeline",
    pipelined: 2407,
    requests: (scene) => (index) => unsignedGet(scene, `Action=GetCallerIdentity&Version=2011-06-15&n=${index}`),
  },
  {
    name: "signed requests, 500 in a pipeline",
    pipelined: 500,
    requests: (scene) => pool(scene, 2000, () => queryCall("sts", scene.attacker, { Action: "GetCallerIdentity" })),
  },
  {
    name: "signed, a body of 9.9 MB that is refused",
    requests: (scene) =>
      pool(scene, 2, () => queryCall("iam", scene.attacker, { Action: "GetUser", UserName: "x".repeat(nearlyAll) })),
  },
  {
    name: "a wrong signature on 9.9 MB",
    requests: (scene) => {
      const forged = { ...scene.neighbour, secretAccessKey: "x".repeat(40) };
      return pool(scene, 2, () => queryCall("iam", forged, { Action: "GetUser", UserName: "x".repeat(nearlyAll) }));
    },
  },
  {
    name: "ever new sessions with fifty tags, each used once",
    async requests(scene) {
      const connection = await Connection.open(scene.port);
      const made: Buffer[] = [];
      for (let index = 0; index < 2000; index++) {
        const call = takeHat(scene, { ...tags, RoleSessionName: `s${index}` });
        const answer = await connection.ask(finished(call, scene.port, index));
        // Too large a token is refused: then the refusals are the attack.
        if (answer.status !== 200) made.push(finished(call, scene.port, index));
        else {
          const identity = queryCall("sts", sessionIn(answer), { Action: "GetCallerIdentity" });
          made.push(finished(identity, scene.port, index));
        }
      }
      connection.close();
      return (index) => made[index % made.length]!;
    },
  },
  {
    name: "ever new session policies, denied",
    async requests(scene) {
      const connection = await Connection.open(scene.port);
      const made: Buffer[] = [];
      for (let index = 0; index < 2000; index++) {
        const filler = Array.from({ length: 20 }, (_, at) => `arn:aws:s3:::bucket-${index}-${at}-${index * 7919}`);
        const Policy = document({ Effect: "Allow", Action: "s3:GetObject", Resource: filler });
        const answer = await connection.ask(finished(takeHat(scene, { Policy }), scene.port, index));
        if (answer.status !== 200) throw new Error(`AssumeRole: ${answer.status} ${answer.body}`);
        made.push(finished(queryCall("iam", sessionIn(answer), { Action: "ListUsers" }), scene.port, index));
      }
      connection.close();
      return (index) => made[index % made.length]!;
    },
  },
  {
    name: "roles and large policies that come and go",
    requests: (scene) => {
      const statements = Array.from({ length: 40 }, (_, at) => ({
        Effect: "Allow",
        Action: ["s3:Get*", "sqs:*"],
        Resource: [`arn:aws:s3:::bucket-${at}/*`, `arn:aws:sqs:*:*:queue-${at}`],
        Condition: { StringLike: { "aws:UserAgent": `*${at}*` } },
      }));
      const trust = document({ Effect: "Allow", Principal: { AWS: scene.account }, Action: "sts:AssumeRole" });
      const steps = ["CreateRole", "PutRolePolicy", "DeleteRolePolicy", "DeleteRole"] as const;
      return (index) => {
        const parameters = {
          Action: steps[(index >> 5) % steps.length]!,
          RoleName: `his-${index & 31}`,
          Path: "/his/",
          PolicyName: "p",
          PolicyDocument: document(...statements),
          AssumeRolePolicyDocument: trust,
        };
        return finished(queryCall("iam", scene.service, parameters), scene.port, index);
      };
    },
  },
  {
    name: "heads and bodies that come byte by byte and never end",
    requests: ({ port }) => {
      const request = Buffer.from(
        `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${form}\r\nContent-Length: 9000000\r\n\r\nAction=`,
      );
      return () => request;
    },
  },
];
