import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as clientIam from "@aws-sdk/client-iam";
import * as clientSts from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { services } from "../../../src/services/services.ts";
import { Fault } from "../../../src/contracts/fault.ts";
import type { OperationContract, ServiceContract } from "../../../src/contracts/model.ts";
import { compileQueryInput } from "../../../src/wire/query-decode.ts";
import { scanQuery } from "../../../src/wire/query-scan.ts";
import { Sampler } from "../../wire/sample.ts";

/**
 * Every operation of IAM and STS with every member filled, through the real client in both directions: what the client
 * writes is decoded to the same input, what is encoded is read by the client as the same output.
 */

interface Client {
  send(command: unknown): Promise<Record<string, unknown>>;
}
interface Clients {
  readonly client: Client;
  readonly commands: Readonly<Record<string, new (input: unknown) => unknown>>;
}

let server: Server;
/** What the server answers next, and what it last got. */
let answer: { status: number; headers: Readonly<Record<string, string>>; body: string };
let received = "";
const clients: Record<string, Clients> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received = Buffer.concat(chunks).toString("utf8");
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const configuration = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
  };
  const iamClient = new clientIam.IAMClient(configuration);
  const stsClient = new clientSts.STSClient(configuration);
  clients["iam"] = { client: iamClient as unknown as Client, commands: clientIam as unknown as Clients["commands"] };
  clients["sts"] = { client: stsClient as unknown as Client, commands: clientSts as unknown as Clients["commands"] };
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function call(contract: ServiceContract, name: string, input: unknown): Promise<Record<string, unknown>> {
  const { client, commands } = clients[contract.service]!;
  const Command = commands[`${name}Command`]!;
  return client.send(new Command(input));
}

/** IAM's clients get policy documents percent-encoded and leave it to the caller to decode them. */
function decodeDocuments(value: unknown, name = ""): unknown {
  if (typeof value === "string" && /^(?:AssumeRolePolicyDocument|PolicyDocument|Document)$/.test(name))
    return decodeURIComponent(value);
  if (Array.isArray(value)) return value.map((item) => decodeDocuments(item));
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decodeDocuments(item, key)]));
}

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (fault) {
    return fault as Fault;
  }
  throw new Error("no fault");
}

function operationsOf(contract: ServiceContract): OperationContract[] {
  return Object.values(contract.operations);
}

describe.each([services.iam, services.sts])("$name through the AWS SDK", ({ codec }) => {
  const { contract } = codec;

  test("every operation, every member, both ways", async () => {
    for (const operation of operationsOf(contract)) {
      const sampler = new Sampler();
      const input = sampler.structure(operation.input);
      const output = sampler.structure(operation.output);
      answer = codec.encode(operation, output, "request-1");
      const { $metadata, ...got } = await call(contract, operation.name, input);
      expect({ [operation.name]: compileQueryInput(operation.input)(scanQuery(received)) }).toEqual({
        [operation.name]: input,
      });
      expect({ [operation.name]: contract.service === "iam" ? decodeDocuments(got) : got }).toEqual({
        [operation.name]: output,
      });
      expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: "request-1" });
    }
  });

  test("only required members, empty lists", async () => {
    for (const operation of operationsOf(contract)) {
      const output: Record<string, unknown> = {};
      for (const [name, { shape, required }] of Object.entries(operation.output.members)) {
        if (shape.type === "list") output[name] = [];
        else if (required) output[name] = new Sampler().value(shape);
      }
      answer = codec.encode(operation, output, "request-2");
      const { $metadata: _, ...got } = await call(contract, operation.name, new Sampler().structure(operation.input));
      expect({ [operation.name]: contract.service === "iam" ? decodeDocuments(got) : got }).toEqual({
        [operation.name]: output,
      });
    }
  });

  test("every declared error arrives as the client's class of it", async () => {
    const seen = new Set<string>();
    for (const operation of operationsOf(contract)) {
      for (const { code, status } of operation.errors) {
        if (seen.has(code)) continue;
        seen.add(code);
        answer = codec.renderFault(new Fault(code, status, `it's "wrong" <&>`), "request-3");
        const error: unknown = await call(contract, operation.name, new Sampler().structure(operation.input)).catch(
          (thrown: unknown) => thrown,
        );
        // A code that the client has no class for would keep its own name, without the ending.
        expect((error as Error).name).toMatch(/Exception$/);
        expect(error).toMatchObject({ message: `it's "wrong" <&>`, $metadata: { httpStatusCode: status } });
      }
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  test("faults that the contract does not name", async () => {
    const operation = operationsOf(contract)[0]!;
    const input = new Sampler().structure(operation.input);
    for (const [code, status] of [
      ["AccessDenied", 403],
      ["ValidationError", 400],
      ["InternalFailure", 500],
    ] as const) {
      answer = codec.renderFault(new Fault(code, status, "why"), "request-4");
      await expect(call(contract, operation.name, input)).rejects.toMatchObject({ name: code, message: "why" });
    }
    answer = codec.renderFault(new Fault("MalformedInput", 400), "request-5");
    await expect(call(contract, operation.name, input)).rejects.toMatchObject({ name: "MalformedInput" });
    const find = () => codec.operation("NoSuchOperation", contract.apiVersion);
    answer = codec.renderFault(faultOf(find), "request-6");
    await expect(call(contract, operation.name, input)).rejects.toMatchObject({
      name: "InvalidAction",
      message: `Could not find operation NoSuchOperation for version ${contract.apiVersion}`,
    });
  });
});
