/** What is done for a caller before he is authorized: as little as there must be, by whatever operation he comes. */
import { beforeAll, expect, test } from "vitest";
import { services } from "../../../src/services/services.ts";
import type { Service } from "../../../src/services/service.ts";
import { searchLimits } from "../../../src/operation/searches.ts";
import { notBuilt } from "../../../src/operation/operation.ts";
import type { Caller } from "../../harness/clients.ts";
import { form, rest, send } from "../../harness/http.ts";
import { starter } from "../../harness/places.ts";
import { allow, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";
import { Random } from "../../harness/random.ts";
import { structureOf } from "../../harness/hostile/inputs.ts";
import { flatten } from "../../harness/hostile/requests.ts";
import { workCounter } from "./counted-work.ts";
import type { Work } from "./counted-work.ts";
import { seed } from "../../harness/seed.ts";

const start = starter();
let world: World;
let powerless: Caller;
let workOf: (requests: () => Promise<unknown>) => Promise<Work>;

beforeAll(async () => {
  world = await startWorld(start);
  const { a } = world;
  powerless = await world.user(a, "powerless");
  for (const number of [1, 2, 3]) {
    await world.user(a, `user-${number}`);
    await a.iam.createGroup({ GroupName: `group-${number}` });
    await a.iam.createPolicy({ PolicyName: `policy-${number}`, PolicyDocument: policy });
  }
  workOf = workCounter(world.server);
});

const policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow("s3:*")] });

const operations = Object.values(services).flatMap((service) =>
  Object.entries(service.registry).flatMap(([name, operation]) =>
    operation === notBuilt || operation.declaration.authorize === "always" ? [] : [[service.name, name] as const],
  ),
);

async function call({ name, codec, signingName }: Service, operation: string, input: object): Promise<string> {
  if (codec.contract.protocol === "rest-json") {
    const contract = codec.operation(operation, undefined);
    const members = input as Readonly<Record<string, unknown>>;
    const { headers } = await rest(world.url, powerless.keys, contract, members, { service: signingName });
    return (headers["x-amzn-errortype"] as string | undefined) ?? "success";
  }
  if (codec.contract.protocol === "json-1.1") {
    const { body } = await powerless.rolecall(operation, input);
    return (body as { __type?: string }).__type ?? "success";
  }
  const pairs: [string, string][] = [["Action", operation]];
  flatten("", input, pairs);
  const { body } = await send(world.url, form(world.url, Object.fromEntries(pairs), powerless.keys, { service: name }));
  return /<Code>(\w+)/.exec(body)?.[1] ?? "success";
}

/** Members of which chance finds none that is good. */
const oneOfFew: Readonly<Record<string, object>> = {
  AssumeRoot: {
    TargetPrincipal: "444455556666",
    TaskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" },
  },
};

/** Statements that find the caller, his policies and one or two things that the call names; never a list of anything. */
const mostStatements = 12;

test.each(operations)("%s:%s", async (serviceName, name) => {
  const service = services[serviceName];
  const random = new Random(seed);
  const pools = { accessKeyIds: [powerless.keys.accessKeyId, "AKIAIOSFODNN7EXAMPLE"] };
  let denied = 0;
  for (let round = 0; round < 60 && denied < 3; round++) {
    const made = structureOf(service.codec.operation(name, service.codec.contract.apiVersion).input, random, pools, 0);
    const input = { ...made, ...oneOfFew[name] };
    let answer = "";
    const work = await workOf(async () => {
      answer = await call(service, name, input);
    });
    expect(answer).not.toBe("success");
    // Nobody's trail is looked into, no lock is taken, and what is read is bounded.
    expect({ answer, trail: work.trail, changes: work.changes }).toEqual({ answer, trail: [], changes: 0 });
    expect(work.statements.length, work.statements.join()).toBeLessThanOrEqual(mostStatements);
    // Whose proof is in the input is refused for that, before anything could be denied.
    if (/^(AccessDenied|InvalidIdentityToken)/.test(answer)) denied++;
  }
  expect(denied).toBeGreaterThan(0);
});

test("who may not search reads nothing and waits for nobody, however many come at once; who may takes turns", async () => {
  const searches = [
    ["LookupEvents", {}],
    ["LookupEvents", { AccountId: "*" }],
    ["ExplainRequest", { RequestId: "00000000-0000-4000-8000-000000000000" }],
  ] as const;
  const work = await workOf(() =>
    Promise.all(
      Array.from({ length: 45 }, async (_, index) => {
        const [operation, input] = searches[index % searches.length]!;
        expect((await powerless.rolecall(operation, input)).body).toMatchObject({ __type: "AccessDenied" });
      }),
    ),
  );
  expect(work.trail).toEqual([]);
  expect(world.server.environment().searches.running).toBe(0);

  // As many as a principal may have at once wait for the trail; the next is told to come again, another principal is not.
  const reader = await world.user(world.a, "reader", allow("rolecall:LookupEvents"));
  const { trail, searches: places } = world.server.environment();
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const flush = trail.flush.bind(trail);
  trail.flush = () => held;
  const waiting = Array.from({ length: searchLimits.principal }, () => reader.rolecall("LookupEvents"));
  while (places.running < searchLimits.principal) await new Promise(setImmediate);
  expect(await reader.rolecall("LookupEvents")).toMatchObject({
    status: 400,
    body: { __type: "ThrottlingException", message: "Rate exceeded" },
  });
  expect((await powerless.rolecall("LookupEvents")).body).toMatchObject({ __type: "AccessDenied" });
  const other = world.b.rolecall("LookupEvents");
  while (places.running <= searchLimits.principal) await new Promise(setImmediate);
  letGo();
  trail.flush = flush;
  for (const answer of await Promise.all([...waiting, other])) expect(answer.status).toBe(200);
  expect(places.running).toBe(0);
});
