/** IAM Toolbox through the aws CLI, where it is installed: with our contract as its model, which older ones do not have. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contracts } from "../../../src/contracts/contracts.ts";
import type { MemberLocation, OperationContract, Shape } from "../../../src/contracts/model.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { accountA, arn, deny, startWorld } from "../../harness/world.ts";
import { awsCliVersion, awsCommand } from "./aws-cli.ts";

/** The model of a REST service in botocore's form. */
class Model {
  readonly shapes: Record<string, object> = { Text: { type: "string" } };

  operation({ name, errors, http, input, output }: OperationContract): object {
    for (const { code, status } of errors) {
      const members = { message: { shape: "Text" } };
      this.shapes[code] = { type: "structure", members, error: { httpStatusCode: status }, exception: true };
    }
    return {
      name,
      http: { method: http.method, requestUri: http.uri, responseCode: http.status },
      input: this.#add(input),
      output: this.#add(output),
      errors: errors.map(({ code }) => ({ shape: code })),
    };
  }

  #add(shape: Shape): { readonly shape: string } {
    const name = `Shape${Object.keys(this.shapes).length}`;
    this.shapes[name] = {};
    this.shapes[name] = this.#of(shape);
    return { shape: name };
  }

  #of(shape: Shape): object {
    switch (shape.type) {
      case "structure": {
        const members = Object.entries(shape.members);
        return {
          type: "structure",
          required: members.filter(([, { required }]) => required).map(([name]) => name),
          members: Object.fromEntries(
            members.map(([name, member]) => [name, { ...this.#add(member.shape), ...placeOf(member.location) }]),
          ),
        };
      }
      case "document":
        return { type: "structure", members: {}, document: true };
      case "list":
        return { type: "list", member: this.#add(shape.member) };
      case "map":
        return { type: "map", key: this.#add(shape.key), value: this.#add(shape.value) };
      default:
        return { type: shape.type };
    }
  }
}

function placeOf(location: MemberLocation | undefined): object {
  if (location === undefined || !("name" in location)) return {};
  return { location: location.in === "query" ? "querystring" : location.in, locationName: location.name };
}

function writeModel(directory: string): void {
  const { apiVersion, operations } = contracts["iam-toolbox"];
  const model = new Model();
  const metadata = {
    apiVersion,
    endpointPrefix: "iam-toolbox",
    protocol: "rest-json",
    serviceFullName: "IAM Toolbox",
    serviceId: "IAM Toolbox",
    signatureVersion: "v4",
    signingName: "iam",
  };
  const made = Object.fromEntries(Object.values(operations).map((one) => [one.name, model.operation(one)]));
  const place = join(directory, "iam-toolbox", apiVersion);
  mkdirSync(place, { recursive: true });
  const text = JSON.stringify({ version: "2.0", metadata, operations: made, shapes: model.shapes });
  writeFileSync(join(place, "service-2.json"), text);
}

const start = starter();

test.skipIf(awsCliVersion() === null)("the aws CLI reads what was evaluated, and a policy", async () => {
  const world = await startWorld(start, { wayToAsk: { console: "https://console.example.com/" } });
  const AWS_DATA_PATH = dataDirectory();
  writeModel(AWS_DATA_PATH);
  const bob = await world.user(world.a, "bob", deny("iam:*"));
  const { message } = await bob.iam.listUsers({}).then(
    () => expect.fail("it was not refused"),
    (error: unknown) => error as Error,
  );
  const id = /\/#\/authorization-details\/(\w+) for .* authorization id: \1$/.exec(message)![1]!;
  const toolbox = (operation: string, ...more: string[]) => {
    const command = ["iam-toolbox", `get-request-authorization-${operation}`, "--authorization-id", id, ...more];
    return awsCommand(world.url, world.a.keys, command, { AWS_DATA_PATH });
  };
  const details = await toolbox("details");
  expect({ ...details, out: JSON.parse(details.out) as unknown }).toMatchObject({
    code: 0,
    err: "",
    out: {
      requestContext: { "aws:username": "bob" },
      evaluations: [{ action: "iam:ListUsers", evaluatedEffect: "EXPLICIT_DENY" }],
      policies: [{ type: "IDENTITY_BASED_POLICY", inline: true, attachedTo: [{ arn: arn(accountA, "user/bob") }] }],
    },
  });
  const [policy] = (JSON.parse(details.out) as { policies: { uri: string }[] }).policies;
  const shown = await toolbox("policy", "--policy-uri", policy!.uri, "--query", "policyDocument.Statement[0].Action");
  expect(shown).toEqual({ code: 0, out: expect.stringContaining('"iam:*"') as string, err: "" });
});
